"""`ffcolor-java`: a java command that carries the engine.

It takes java's own command line and runs the program in this process with the engine inside. What only the real java
can do, and every mistake in the command line, is passed on to the real java.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from ffcolor.errors import FfcolorError
from ffcolor_bridge import host, jdk
from ffcolor_bridge.classes import CannotCompile
from ffcolor_bridge.command_line import only_java, parse


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run java's command line; the process ends with the program, or with 1 if there is nothing to run it with.

    Args:
        arguments: by default, those of this process.
    """
    if jdk.PROBE in os.environ:
        sys.exit(1)  # somebody looks for the real java
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        host.usual_signals()
        launch = parse(words, os.environ)
        if launch is None:
            if word := only_java(words, os.environ):
                print(f"ffcolor-java: {word} is for the real java: there is no ffcolor engine in it", file=sys.stderr)
                sys.stderr.flush()
            jdk.replace_by_java(words, os.environ)
        host.run(launch)
    except (FfcolorError, CannotCompile) as error:
        sys.exit(f"ffcolor-java: {error}")
