"""Partners of a name that nobody has: only a name that is near is suggested."""

import pytest

from ffcolor import FfcolorError
from ffcolor.skills.solve.partners import Partners

NAMES = (
    "sheaf-cohomology",
    "gay-mcp",
    "acsets",
    "unworld",
    "bisimulation-game",
    "duck-time-travel",
    "ash",
    "crystal-family",
)


def said(name, names=NAMES):
    with pytest.raises(FfcolorError) as caught:
        Partners(dict.fromkeys(names, 0), []).find(name)
    assert caught.value.code == "skill"
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("sheaf-cohomolgy", "sheaf-cohomology"),
        ("Gay_MCP", "gay-mcp"),
        ("acset", "acsets"),
        ("asch", "ash"),
        ("bisimulation", "bisimulation-game"),
        ("unworlds", "unworld"),
    ],
)
def test_a_near_name_is_suggested(name, near):
    assert said(name) == f"there is no skill {name!r}: did you mean {near!r}?"


@pytest.mark.parametrize("name", ["sheaf-laplacian", "underworld-game", "family", "crystal", "x", "acme-mcp"])
def test_a_far_name_is_not(name):
    told = said(name)
    if "did you mean" in told:
        assert name in told.split("did you mean")[1], "only a longer form of the same name"
    else:
        assert told == f"there is no skill {name!r}: no name is near it among the 8 skills here"


def test_how_many_there_are():
    assert said("x", ("ash",)).endswith("among the 1 skill here")
    assert said("x", ()) == "there is no skill 'x': no name is near it among the skills here: there are none"
