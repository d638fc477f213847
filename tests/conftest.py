"""What all tests share: signals as a terminal has them, no deadlines (machines are shared), and skips with a reason."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests import optional

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


class Skipped(pytest.Module):
    """A test file that is not imported, because what it imports is not there."""

    def collect(self) -> list[pytest.Item]:
        """Say why."""
        pytest.skip(optional.why_not(set(optional.needs(self.path)[0])) or "", allow_module_level=True)


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> Iterator[None]:
    """Look for no examples in a file that cannot be imported."""
    found = yield
    if file_path.suffix == ".py" and optional.why_not(set(optional.needs(file_path)[0])):
        return [each for each in found if type(each) in (pytest.Module, Skipped)]
    return found


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> pytest.Module | None:
    """A file of tests, unless a package that it imports is missing."""
    if optional.why_not(set(optional.needs(module_path)[0])):
        return Skipped.from_parent(parent, path=module_path)
    return None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the tests whose own imports, or whose markers, name what is missing."""
    for item in items:
        if isinstance(item, pytest.Function):
            inside = optional.needs(item.path)[1]
            used = {item.originalname, *getattr(item, "fixturenames", ())}
            names = {name for function in used for name in inside.get(function, ())}
            names |= {name for marker in item.iter_markers("needs") for name in marker.args}
            if reason := optional.why_not(names):
                item.add_marker(pytest.mark.skip(reason=reason))
