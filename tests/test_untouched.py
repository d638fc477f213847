"""What belongs to the whole process stays as it was, even when many threads come first at once."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import random, sys, threading, warnings
import numpy as np

def state():
    options = np.get_printoptions()
    return [list(warnings.filters), options, np.geterr(), random.getstate(), repr(np.random.get_state()),
            warnings.showwarning, warnings.formatwarning]

before, start, problems, inside = state(), threading.Barrier(16), [], []
printing = np.get_printoptions()

def first(place):
    try:
        start.wait()
        import ffcolor
        from ffcolor.doors.verbs import call
        ffcolor.read_colors(sys.argv[1 + place % (len(sys.argv) - 1)])
        ffcolor.ColorPreference().fit(["red", "#fdfd96"], ["black"]).palette(3)
        call("show", colors=["red"])
        if np.get_printoptions() != printing:
            inside.append(place)
    except BaseException as problem:
        problems.append(repr(problem))

threads = [threading.Thread(target=first, args=(place,)) for place in range(16)]
for thread in threads: thread.start()
for thread in threads: thread.join()
names = "filters printing errors random numpy.random showwarning formatwarning".split()
print([name for name, was, now in zip(names, before, state()) if was != now], inside, problems)
"""


def after(*colors: str) -> str:
    done = subprocess.run([sys.executable, "-c", PROGRAM, *colors], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def test_sixteen_threads_at_once_leave_the_process_as_it_was() -> None:
    assert after("red", "oklch(0.7 0.1 20)", "#fdfd96") == "[] [] []\n"


@pytest.mark.needs("colour")
def test_so_do_the_notations_of_a_library_that_changes_them() -> None:
    assert after("5R 4/14", "xyz(0.3 0.3 0.3)", "luv(50 10 10)") == "[] [] []\n"
