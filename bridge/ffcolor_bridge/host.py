"""Python hosts the Java virtual machine: its start, its signals and its end.

Java ends the process, as under the java command. So nothing of Python is torn down at the end: its main thread waits
outside Java without holding Python's lock, JPype's own work at exit is switched off, and the C library leaves without
running the destructors of the libraries that are loaded.
"""

from __future__ import annotations

import _thread
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from ffcolor.errors import FfcolorError
from ffcolor_bridge import classes, jdk
from ffcolor_bridge.command_line import Launch
from ffcolor_bridge.jni import Env
from ffcolor_bridge.leaving import leave_at_once

_IDLE_MS = 3000  # from the program's start until the engine gets ready without having been called


def run(launch: Launch) -> NoReturn:
    """Run a Java program; this process ends with it.

    The program starts as soon as the virtual machine runs. The engine gets ready at its first call, or after a few
    seconds if the program is still running then, as a REPL is.

    Raises:
        FfcolorError: there is no Java, or it is too old (code "java").
        CannotCompile: the bridge's Java classes are missing.
    """
    for note in launch.notes:
        os.write(2, f"{note}\n".encode("utf-8", "surrogateescape"))
    command = " ".join([launch.what, *launch.arguments])
    options = [*launch.options, f"-Dsun.java.command={command}", "-Dsun.java.launcher=SUN_STANDARD"]

    def start(env: Env) -> None:
        what, strings = env.string(_text(launch.what)), env.strings([_text(word) for word in launch.arguments])
        signature = "(ILjava/lang/String;[Ljava/lang/String;)V"
        main = env.find_class("ffcolor/Main")
        env.call_static(main, "start", signature, launch.mode, what, strings)
        env.call_static(main, "awaitNeed", "(J)V", _IDLE_MS)

    try:
        start_jvm(launch.classpath, options, start)
        _thread.start_new_thread(_watch_end, ())
        import jpype

        from ffcolor_bridge import threads

        threads.start()
        jpype.JClass("java.lang.Thread").detach()
    except (FfcolorError, classes.CannotCompile):
        raise
    except BaseException:
        import traceback

        traceback.print_exc()
        os._exit(1)
    wait_for_ever()


def start_jvm(
    classpath: Sequence[str], options: Sequence[str] = (), start: Callable[[Env], None] | None = None
) -> None:
    """Start the virtual machine in this process, ready for the engine and for a clean exit.

    Args:
        classpath: the program's entries; the bridge's classes and the Clojure sources are put behind them.
        options: for the virtual machine.
        start: what to do as soon as Java runs, before JPype is ready.

    Raises:
        FfcolorError: there is no Java, or it is too old (code "java").
    """
    java = jdk.find_java(os.environ)
    number = jdk.version(java)
    if number is not None and number < jdk.OLDEST:
        message = f"the Java in {java.home} is version {number}; ffcolor needs {jdk.OLDEST} or newer"
        raise FfcolorError(message, code="java", value=number)
    entries = [*classpath, classes.folder([java.home]), classes.clojure()]
    native = ["--enable-native-access=ALL-UNNAMED"] if (number or 0) >= 22 else []
    jpype, _jpype = _import_jpype()
    jpype.config.onexit = False
    jpype.config.free_resources = False
    support = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(jpype.__file__))), "org.jpype.jar")
    path = os.pathsep.join(_text(entry) for entry in [*entries, support])
    arguments = (*map(_text, options), *native, f"-Djava.class.path={path}")
    startup = _jpype.startup

    def starting(library: str, _arguments: tuple[str, ...], *rest: Any) -> None:
        """JPype's own step, with a class path of any characters.

        For one that is not ASCII, JPype would replace the system's class loader and switch class data sharing off.
        """
        startup(library, arguments, *rest)
        env = Env(library)
        _open(env)
        leave_at_once()
        if start is None:
            env.call_static(env.find_class("ffcolor/Main"), "prepare", "()V")
        else:
            start(env)

    _jpype.startup = starting
    try:
        jpype.startJVM(jvmpath=java.library, classpath=[], convertStrings=False, interrupt=True)
    except RuntimeError as error:
        if "Unable to start JVM" not in str(error):
            raise
        os.write(2, b"Error: Could not create the Java Virtual Machine.\n")
        os.write(2, b"Error: A fatal exception has occurred. Program will exit.\n")
        os._exit(1)
    finally:
        _jpype.startup = startup
    _jpype.JPypeContext.freeResources = False


def _open(env: Env) -> None:
    """Let `ffcolor.Main` use the JDK's launcher and see the shutdown hooks.

    As options, these would switch off what the JDK keeps ready of its modules, and be seen by the program.
    """
    base = env.call_object(env.find_class("java/lang/Object"), "getModule", "()Ljava/lang/Module;")
    modules = env.find_class("jdk/internal/module/Modules")
    for door, package in (("Opens", "java.lang"), ("Exports", "sun.launcher"), ("Exports", "jdk.internal.misc")):
        signature = "(Ljava/lang/Module;Ljava/lang/String;)V"
        env.call_static(modules, f"add{door}ToAllUnnamed", signature, base, env.string(package))


def _import_jpype() -> tuple[Any, Any]:
    """Import JPype without numpy, which it imports only to learn the names of its number types."""
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


def _watch_end() -> None:
    """Wait in Java until the process is about to end, and watch for libraries that have been loaded."""
    import jpype

    thread, main = jpype.JClass("java.lang.Thread"), jpype.JClass("ffcolor.Main")
    thread.attachAsDaemon()
    thread.currentThread().setName("ffcolor-host")
    known = 0
    while not main.awaitEnd(1000):
        if len(sys.modules) != known:
            known = len(sys.modules)
            leave_at_once()
    leave_at_once()
    main.readyToEnd()
    wait_for_ever()


def usual_signals() -> None:
    """Undo what Python did to signals, so that Java and its child processes find them as under the java command."""
    import signal

    for name in ("SIGPIPE", "SIGXFSZ"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    if signal.getsignal(signal.SIGINT) not in (signal.SIG_IGN, None):
        signal.signal(signal.SIGINT, signal.SIG_DFL)


def wait_for_ever() -> NoReturn:
    """Keep this thread out of the way until the process ends."""
    lock = _thread.allocate_lock()
    lock.acquire()
    while True:
        lock.acquire()


def _text(text: str) -> str:
    """A word of the command line, with a replacement for whatever is not UTF-8: Java's strings cannot hold that."""
    return text if text.isascii() else os.fsencode(text).decode("utf-8", "replace")
