"""What all tests share: signals as a terminal has them, and no deadlines: machines are shared."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings

settings.register_profile("shared", deadline=None)
settings.load_profile("shared")


@pytest.fixture(scope="session", autouse=True)
def signals_of_a_terminal() -> Iterator[None]:
    """A shell in the background, or nohup, ignores some signals, and so would every program that a test starts."""
    usual = {"SIGINT": signal.default_int_handler, "SIGHUP": _hung_up}
    ignored = [
        name for name in usual if hasattr(signal, name) and signal.getsignal(signal.Signals[name]) == signal.SIG_IGN
    ]
    for name in ignored:
        signal.signal(signal.Signals[name], usual[name])
    yield
    for name in ignored:
        signal.signal(signal.Signals[name], signal.SIG_IGN)


def _hung_up(number: int, frame: object) -> None:
    """Go on, as under nohup; a program that is started gets the system's own handler."""
