"""The verbs for Clojure people: `repl`, `nrepl` and `java-cmd`. Imports nothing heavy until one of them runs."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from typing import Any

TOOLS = ("lein", "deps", "calva", "cider", "path")
LOOPBACK = "127.0.0.1"
_CLOJURE_OPTIONS = ("--eval", "--init", "--main", "--repl", "--report")  # of clojure.main, beside its short ones
_WRAPPED = "FFCOLOR_RLWRAP"

_EPILOG = """
Clojure is looked for in the project (project.clj, deps.edn), in ~/.m2, among Debian's packages and
with Leiningen. Options of the Java machine go into JDK_JAVA_OPTIONS."""


def grammar(add: Any) -> None:
    """Add the verbs to the command's parser."""
    repl = add(
        "repl",
        "open a Clojure REPL with the engine inside",
        "ffcolor repl\n"
        'ffcolor repl -e \'(score (load-model "soft.safetensors") "#ffd1dc")\'\n'
        "ffcolor repl -m my.app.main 1 2      # a namespace's -main, with its arguments\n"
        "ffcolor repl script.clj\n"
        "echo '(rank [:red :pink])' | ffcolor repl",
    )
    repl.usage = "ffcolor repl [--classpath PATH] [-e EXPR | -i FILE | -m NAMESPACE | FILE] …"
    repl.epilog += (
        "\n\nAfter its own options, all arguments are those of clojure.main; ffcolor.core is loaded before.\n"
        "Ctrl-C interrupts what is being evaluated." + _EPILOG
    )
    _classpath(repl)
    nrepl = add(
        "nrepl",
        "start an nREPL server with the engine inside, for editors",
        "ffcolor nrepl                       # then connect from the editor: the port is in .nrepl-port\n"
        "ffcolor nrepl --port 7888\n"
        "ffcolor nrepl --middleware cider.nrepl/cider-middleware --classpath cider-nrepl.jar",
    )
    nrepl.epilog += "\n" + _EPILOG
    _classpath(nrepl)
    nrepl.add_argument(
        "--port", type=_port, default=0, metavar="N", help="the port; 0 is any that is free (default: 0)"
    )
    nrepl.add_argument(
        "--bind", default=LOOPBACK, metavar="ADDRESS", help=f"who may connect (default: {LOOPBACK}, this machine only)"
    )
    nrepl.add_argument(
        "--middleware", nargs="+", action="extend", default=[], metavar="VAR", help="nREPL middleware on the classpath"
    )
    java = add(
        "java-cmd",
        "print what makes lein, clojure or an editor start with the engine",
        "ffcolor java-cmd                    # for all tools\n"
        "ffcolor java-cmd lein\n"
        "ffcolor java-cmd path               # as in JAVA_CMD=$(ffcolor java-cmd path) lein repl",
    )
    java.add_argument("tool", nargs="?", choices=TOOLS, metavar="TOOL", help=f"{', '.join(TOOLS)} (default: all tools)")


def _classpath(verb: Any) -> None:
    verb.add_argument(
        "--classpath", "-cp", metavar="PATH", help="jars and folders as java takes them, instead of the project's"
    )


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"'{text}' is not a port: write a whole number from 0 to 65535")
    return int(text)


def cut(given: Sequence[str]) -> tuple[list[str], list[str]]:
    """Part a command line into what ffcolor reads itself and what `repl` hands on to clojure.main."""
    words = list(given)
    if words[:1] != ["repl"]:
        return words, []
    place = 1
    while place < len(words):
        word = words[place]
        if word in ("--classpath", "-cp"):
            place += 2
        elif word == "-h" or (word.startswith("--") and len(word) > 2 and word not in _CLOJURE_OPTIONS):
            place += 1
        else:
            break
    own, rest = words[:place], words[place:]
    return own, rest[1:] if rest[:1] == ["--"] else rest


# ---- running -----------------------------------------------------------------------------------------------------


def repl(options: argparse.Namespace) -> None:
    """Open a REPL, or run an expression, a script or a namespace."""
    if not options.passed and _at_terminal():
        _wrap()
    if options.passed:
        main = "((requiring-resolve 'ffcolor.repl/refer-everything))"
        load = [] if options.passed[0] in ("-m", "--main") else ["-e", main]
        _start(options, [*load, *options.passed])
    else:
        _start(options, ["-m", "ffcolor.repl", "{}" if _at_terminal() else "{:quiet true}"])


def nrepl(options: argparse.Namespace) -> None:
    """Start an nREPL server."""
    for each in options.middleware:
        if "/" not in each.strip("/") or not all(sign.isalnum() or sign in "./-_*+!?<>=$" for sign in each):
            options.parser.error(f"'{each}' is not the name of a var: write namespace/name")
    middleware = " ".join(options.middleware)
    _start(
        options,
        ["-m", "ffcolor.repl", f"{{:nrepl {{:port {options.port} :bind {json.dumps(options.bind)} "
         f":middleware [{middleware}]}}}}"],
        nrepl=True,
    )  # fmt: skip


def _start(options: argparse.Namespace, arguments: list[str], *, nrepl: bool = False) -> None:
    """Become Java, as `ffcolor-java` does: the virtual machine ends the process."""
    from ffcolor_bridge import classpath, host, jdk
    from ffcolor_bridge.classes import CannotCompile
    from ffcolor_bridge.command_line import parse

    from ffcolor import __version__
    from ffcolor.errors import FfcolorError

    jdk.find_java(os.environ)  # what is missing first is said first
    wanted = (classpath.CLOJURE, classpath.NREPL) if nrepl else (classpath.CLOJURE,)
    found = classpath.find(
        options.classpath, wanted=wanted, say=lambda line: print(f"ffcolor: {line}", file=sys.stderr)
    )
    line = [f"-Dffcolor.version={__version__}", "-cp", os.pathsep.join(found.entries), "clojure.main", *arguments]
    sys.stdout.flush()
    host.usual_signals()
    launch = parse(line, os.environ)
    if launch is None:  # JDK_JAVA_OPTIONS asks for what only the real java can do
        jdk.replace_by_java(line, os.environ)
    try:
        host.run(launch)
    except CannotCompile as error:
        raise FfcolorError(str(error), code="java") from error


def _at_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _wrap() -> None:
    """Give the terminal line editing and a history, if rlwrap is there: start again inside it."""
    tool = shutil.which("rlwrap")
    capable = os.environ.get("TERM", "dumb") != "dumb" and os.get_terminal_size().columns > 0
    if tool and capable and _WRAPPED not in os.environ:
        os.environ[_WRAPPED] = "1"
        brackets = '(){}[],^%#@"";:\''
        options = ["-r", "-m", "-q", '"', "-C", "ffcolor", "-b", brackets]
        os.execv(tool, [tool, *options, sys.executable, "-m", "ffcolor", *sys.argv[1:]])


# ---- lines to paste ----------------------------------------------------------------------------------------------


def java_cmd(options: argparse.Namespace) -> None:
    """Print how each tool is told to start its Java through ffcolor-java."""
    path = command()
    lines = pasted(path)
    chosen = {options.tool: lines[options.tool]} if options.tool else {key: lines[key] for key in TOOLS[:-1]}
    if options.json:
        from ffcolor.doors.cli.stdio import print_json

        told = {key: text for key, (_, text) in chosen.items() if key != "path"}
        print_json({"path": path, **told}, indented=True)
    elif options.tool:
        print(lines[options.tool][1])
    else:
        print("\n\n".join(f";; {title}\n{text}" for title, text in chosen.values()))


def command() -> str:
    """The path of `ffcolor-java`: beside this Python, or on the PATH.

    Raises:
        FfcolorError: ``java-cmd``, if it is in neither place.
    """
    import sysconfig

    from ffcolor.errors import FfcolorError

    beside = os.path.join(sysconfig.get_path("scripts"), "ffcolor-java" + (".exe" if os.name == "nt" else ""))
    found = beside if os.access(beside, os.X_OK) else shutil.which("ffcolor-java")
    if not found:
        raise FfcolorError(
            f"ffcolor-java is not installed: it is neither {beside} nor on the PATH; install ffcolor with pip",
            code="java-cmd",
            value=beside,
        )
    return found


def pasted(path: str) -> dict[str, tuple[str, str]]:
    """For each tool a title and the lines to paste, with the path of ffcolor-java in them."""
    quoted = json.dumps(path)
    shell = path if path.replace("/", "").replace("-", "").replace(".", "").replace("_", "").isalnum() else f"'{path}'"
    return {
        "lein": (
            "Leiningen: once, in the shell; or for good, in project.clj or ~/.lein/profiles.clj",
            f"JAVA_CMD={shell} lein repl\n:java-cmd {quoted}\n{{:user {{:java-cmd {quoted}}}}}",
        ),
        "deps": (
            "the Clojure CLI, with any deps.edn: once; or for the whole shell, in ~/.profile",
            f"JAVA_CMD={shell} clj\nexport JAVA_CMD={shell}",
        ),
        "calva": (
            "Calva: in .vscode/settings.json, then jack in as usual",
            f'"calva.jackInEnv": {{"JAVA_CMD": {quoted}}}',
        ),
        "cider": (
            "CIDER: in the project's .dir-locals.el, then jack in as usual",
            f'((nil . ((eval . (setenv "JAVA_CMD" {quoted})))))',
        ),
        "path": ("the command that takes java's place", path),
    }


COMMANDS: dict[str, Callable[[argparse.Namespace], None]] = {"repl": repl, "nrepl": nrepl, "java-cmd": java_cmd}
"""The verbs of this file."""
