"""Python hosts the Java virtual machine: its start, its signals and its end.

Java ends the process, as under the java command. So nothing of Python is torn down at the end: its main thread waits
outside Java without holding Python's lock, JPype's own work at exit is switched off, and the C library leaves without
running the destructors of the libraries that are loaded.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from ffcolor.errors import FfcolorError
from ffcolor_bridge import classes, jdk
from ffcolor_bridge.arguments import Launch


def run(launch: Launch) -> NoReturn:
    """Run a Java program to its end, which is this process's end.

    Raises:
        FfcolorError: there is no Java, or it is too old (code "java").
    """
    for note in launch.notes:
        os.write(2, f"{note}\n".encode("utf-8", "surrogateescape"))
    command = " ".join([launch.what, *launch.arguments])
    options = [*launch.options, f"-Dsun.java.command={command}", "-Dsun.java.launcher=SUN_STANDARD"]
    start_jvm(launch.classpath, options)
    import jpype

    from ffcolor_bridge import engine

    engine.start()
    strings = jpype.JArray(jpype.JString)([_text(argument) for argument in launch.arguments])
    jpype.JClass("ffcolor.Main").start(launch.mode, _text(launch.what), strings)
    jpype.JClass("java.lang.Thread").detach()
    wait_for_ever()


def start_jvm(classpath: Sequence[str], options: Sequence[str] = ()) -> None:
    """Start the virtual machine in this process, ready for the engine and for a clean exit.

    Args:
        classpath: the program's entries; the bridge's classes and the Clojure sources are put behind them.
        options: for the virtual machine.

    Raises:
        FfcolorError: there is no Java, or it is too old (code "java").
    """
    java = jdk.find_java(os.environ)
    number = jdk.version(java)
    if number is not None and number < jdk.OLDEST:
        message = f"the Java in {java.home} is version {number}; ffcolor needs {jdk.OLDEST} or newer"
        raise FfcolorError(message, code="java", value=number)
    jpype, _jpype = _import_jpype()
    opened = [
        f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in ("java.lang", "sun.launcher", "jdk.internal.misc")
    ]
    native = ["--enable-native-access=ALL-UNNAMED"] if (number or 0) >= 22 else []
    entries = [*classpath, classes.folder([java.home]), classes.clojure()]
    try:
        _start(
            jpype, _jpype, java.library, [*map(_text, options), *opened, *native], [_text(entry) for entry in entries]
        )
    except RuntimeError as error:
        if "Unable to start JVM" not in str(error):
            raise
        os.write(2, b"Error: Could not create the Java Virtual Machine.\n")
        os.write(2, b"Error: A fatal exception has occurred. Program will exit.\n")
        os._exit(1)
    jpype.config.onexit = False
    jpype.config.free_resources = False
    _jpype.JPypeContext.freeResources = False
    jpype.JClass("ffcolor.Main").removeShutdownHooks("org.jpype.")
    leave_at_once()


def _import_jpype() -> tuple[Any, Any]:
    """Import JPype without numpy, which it would import only to know the names of its number types."""
    hidden = "numpy" not in sys.modules
    if hidden:
        sys.modules["numpy"] = None  # type: ignore[assignment]
    try:
        import _jpype
        import jpype
        import jpype.config
    finally:
        if hidden:
            del sys.modules["numpy"]
    return jpype, _jpype


def _start(jpype: Any, _jpype: Any, library: str, options: list[str], classpath: list[str]) -> None:
    """Start the virtual machine with a class path of any letters.

    JPype would replace the system's class loader and switch class data sharing off where a path is not ASCII.
    """
    start = _jpype.startup
    support = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(jpype.__file__))), "org.jpype.jar")
    path = f"-Djava.class.path={os.pathsep.join([*classpath, support])}"

    def startup(jvm: str, _arguments: tuple[str, ...], *rest: Any) -> None:
        start(jvm, (*options, path), *rest)

    _jpype.startup = startup
    try:
        jpype.startJVM(jvmpath=library, classpath=[], convertStrings=False, interrupt=True)
    finally:
        _jpype.startup = start


def leave_at_once() -> None:
    """Let exit(3) end the process before any destructor of a loaded library runs.

    What is registered last runs first, so this is called again after a large library has been loaded. Only Linux has
    the function it needs; elsewhere it does nothing.
    """
    if sys.platform == "linux":
        import ctypes

        libc = ctypes.CDLL(None)
        libc.on_exit(libc._exit, None)


def usual_signals() -> None:
    """Undo what Python did to signals, for Java (or its child processes) to find them as under the java command."""
    import signal

    for name in ("SIGPIPE", "SIGXFSZ"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)


def wait_for_ever() -> NoReturn:
    """Keep this thread out of the way until the process ends."""
    import _thread

    lock = _thread.allocate_lock()
    lock.acquire()
    while True:
        lock.acquire()


def _text(text: str) -> str:
    """A word of the command line with what is not UTF-8 in it replaced: Java's strings cannot hold it."""
    return text if text.isascii() else os.fsencode(text).decode("utf-8", "replace")
