import itertools
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.sat.python import cp_model

from benchmarks.tables.skills_repair import generated
from ffcolor import FfcolorError
from ffcolor.skills.gf3 import TRITS, is_balanced
from ffcolor.skills.model import Collection, Member, Place, Skill, Triad, TritClaim
from ffcolor.skills.solve import repair
from ffcolor.skills.solve.solver import Claim, agree, lower_bound, total

NAMES = "abcde"
members = st.tuples(st.sampled_from(NAMES), st.sampled_from(TRITS))
small_triads = st.lists(st.lists(members, min_size=3, max_size=3), max_size=7)
small_declared = st.dictionaries(st.sampled_from(NAMES), st.none() | st.sampled_from(TRITS))
prices = st.sampled_from([0.5, 1, 1.5, 2, 3])


def cost_of(declared, triads, drop, trits):
    changed = sum(trit is not None and trits[name] != trit for name, trit in declared.items())
    lost = sum(not is_kept(triad, trits) for triad in triads)
    return changed + drop * lost


def is_kept(triad, trits):
    return is_balanced(trit for _, trit in triad) and all(trits[name] == trit for name, trit in triad)


def optimum(declared, triads, drop):
    """The least cost as OR-Tools' CP-SAT finds it."""
    model = cp_model.CpModel()
    names = sorted({name for triad in triads for name, _ in triad} | set(declared))
    has = {(name, trit): model.new_bool_var(f"{name} {trit}") for name in names for trit in TRITS}
    for name in names:
        model.add_exactly_one(has[name, trit] for trit in TRITS)
    keep = [model.new_bool_var(f"triad {i}") for i in range(len(triads))]
    for kept, triad in zip(keep, triads, strict=True):
        for name, trit in triad:
            model.add_implication(kept, has[name, trit])
        if not is_balanced(trit for _, trit in triad):
            model.add(kept == 0)
    changed = [1 - has[name, trit] for name, trit in declared.items() if trit is not None]
    model.minimize(2 * sum(changed) + round(2 * drop) * sum(1 - kept for kept in keep))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    assert solver.solve(model) == cp_model.OPTIMAL
    return solver.objective_value / 2


@pytest.mark.parametrize("drop", [0.5, 1, 2, 3])
@pytest.mark.parametrize("wrong", [0.0, 0.02, 0.05, 0.1, 0.15])
def test_repair_costs_what_cp_sat_says(wrong, drop):
    for seed in range(2):
        declared, triads = generated(seed, wrong)
        found = repair.solve(declared, triads, drop)
        assert found.is_proved
        assert found.cost == pytest.approx(optimum(declared, triads, drop))
        filled = {name: 0 if trit is None else trit for name, trit in found.trits.items()}
        assert cost_of(declared, triads, drop, filled) == found.cost
        assert list(found.kept) == [is_kept(triad, filled) for triad in triads]


@pytest.mark.parametrize("seed", range(6))
def test_repair_of_a_tangle_costs_what_cp_sat_says(seed):
    declared, triads = generated(seed, 0.6, skills=45, triads=60)
    drop = (1, 2, 3)[seed % 3]
    found = repair.solve(declared, triads, drop)
    assert (found.cost, found.is_proved) == (pytest.approx(optimum(declared, triads, drop)), True)


@given(small_declared, small_triads, prices)
@settings(max_examples=150, deadline=None)
def test_repair_is_the_best_of_all_choices(declared, triads, drop):
    names = sorted({name for triad in triads for name, _ in triad} | set(declared))
    choices = (dict(zip(names, trits, strict=True)) for trits in itertools.product(TRITS, repeat=len(names)))
    least = min(cost_of(declared, triads, drop, trits) for trits in choices)
    found = repair.solve(declared, triads, drop)
    assert found.cost == least
    assert found.is_proved


@given(small_declared, small_triads, prices)
@settings(deadline=None)
def test_a_repaired_collection_needs_no_repair(declared, triads, drop):
    found = repair.solve(declared, triads, drop)
    rest = [triad for triad, kept in zip(triads, found.kept, strict=True) if kept]
    again = repair.solve(found.trits, rest, drop)
    assert again.cost == 0
    assert again.trits == found.trits
    assert all(again.kept)


costs = st.dictionaries(
    st.sampled_from(NAMES), st.dictionaries(st.sampled_from(TRITS), st.integers(0, 9), min_size=1), min_size=1
)


@given(costs, st.data())
@settings(max_examples=150, deadline=None)
def test_agree_finds_the_least_cost_and_its_bound_is_one(table, data):
    values = st.dictionaries(st.sampled_from(sorted(table)), st.sampled_from(TRITS), min_size=1, max_size=4)
    claims = data.draw(st.lists(st.builds(Claim, st.integers(0, 9), values), max_size=8))
    choices = (dict(zip(table, choice, strict=True)) for choice in itertools.product(*table.values()))
    least = min(total(table, claims, choice) for choice in choices)
    found = agree(table, claims)
    assert (found.cost, found.is_proved) == (least, True)
    assert total(table, claims, found.values) == least
    assert lower_bound(table, claims)[0] <= least


def test_a_search_that_runs_out_says_so():
    declared, triads = generated(1, 0.6)
    names = {name for triad in triads for name, _ in triad}
    table = {name: {trit: int(trit != declared[name]) for trit in TRITS} for name in names}
    found = agree(table, [Claim(2, dict(triad)) for triad in triads], patience=1)
    assert not found.is_proved
    assert set(found.values) == names
    assert found.cost == total(table, [Claim(2, dict(triad)) for triad in triads], found.values)


def test_order_does_not_matter():
    declared, triads = generated(3, 0.1)
    found = repair.solve(declared, triads)
    order = list(range(len(triads)))
    random.Random(0).shuffle(order)
    again = repair.solve(dict(reversed(declared.items())), [triads[i] for i in order])
    assert again.cost == found.cost


@pytest.mark.parametrize("drop", [0, -1, float("nan"), float("inf"), "2"])
def test_a_price_that_is_none_is_refused(drop):
    with pytest.raises(FfcolorError, match=r"drop is .*; it must be a number above 0, at most 1,000,000") as caught:
        repair.solve({}, [], drop)
    assert caught.value.code == "invalid-setting"


# ---- plans -------------------------------------------------------------------------------------------------------


def skill(name, trit, *triads, root="r"):
    claims = () if trit is None else (TritClaim(trit, str(trit), "author", "bold", Place(5, 11)),)
    return Skill(f"{root}/{name}/SKILL.md", root, name, name, trits=claims, triads=tuple(triads))


def triad(text, line=9, claim=None, result=None):
    members = [each.rsplit(":", 1) for each in text.split()]
    listed = tuple(Member(name, int(trit), Place(line, 1)) for name, trit in members)
    return Triad(listed, text, "tensor", Place(line, 1), result=result, claim=claim)


def test_the_file_that_three_triads_contradict_changes():
    stated = [triad("a:1 b:0 c:-1"), triad("a:1 d:0 e:-1"), triad("a:1 f:0 g:-1")]
    others = {"b": 0, "c": -1, "d": 0, "e": -1, "f": 0, "g": -1}
    skills = [skill("a", 0, *stated), *(skill(name, trit) for name, trit in others.items())]
    plan = repair.plan(Collection(("r",), tuple(skills)))
    assert [str(change) for change in plan.changes] == ["a: 0 -> +1"]
    assert (plan.changes[0].triads, plan.dropped, plan.kept, plan.cost) == (3, (), 3, 1.0)


def test_the_triad_that_the_others_contradict_is_dropped():
    good = [triad("a:1 b:0 c:-1"), triad("a:1 d:0 e:-1")]
    bad = triad("a:-1 b:1 c:0", line=30)
    others = {"a": 1, "b": 0, "c": -1, "d": 0, "e": -1}
    skills = [skill(name, trit, *([*good, bad] if name == "a" else [bad])) for name, trit in others.items()]
    plan = repair.plan(Collection(("r",), tuple(skills)))
    assert plan.changes == ()
    assert [str(dropped) for dropped in plan.dropped] == ["a (-1) ⊗ b (+1) ⊗ c (0)"]
    assert len(plan.dropped[0].statements) == 5
    assert "the file of a says +1" in plan.dropped[0].reason
    assert plan.cost == 2.0


def test_what_declares_nothing_takes_what_triads_say_for_nothing():
    skills = [skill("a", 1, triad("a:1 b:0 elsewhere:-1")), skill("b", None), skill("z", None)]
    plan = repair.plan(Collection(("r",), tuple(skills)))
    assert [str(change) for change in plan.changes] == ["b: none -> 0"]
    assert plan.cost == 0


def test_unbalanced_triads_are_dropped_unless_they_say_so():
    skills = [
        skill("a", 1, triad("a:1 b:1 c:0"), triad("a:1 b:0 c:0", claim=False), triad("a:1 b:1 d:0", result=2)),
        *(skill(name, None) for name in "bcd"),
    ]
    plan = repair.plan(Collection(("r",), tuple(skills)))
    assert [each.reason for each in plan.dropped] == ["its trits sum to +2"]
    assert not plan.changes


def test_copies_in_two_roots_change_together():
    stated = triad("a:1 b:0 c:-1")
    skills = [skill("a", 0, stated), skill("a", 0, root="s"), skill("b", 0, stated, stated), skill("c", -1)]
    plan = repair.plan(Collection(("r", "s"), tuple(skills)), drop=3)
    assert [change.skill.path for change in plan.changes] == ["r/a/SKILL.md", "s/a/SKILL.md"]
    assert plan.cost == 2.0


def test_a_file_read_for_its_name_only_stays_as_it_is():
    stated = [triad("a:1 b:0 c:-1"), triad("a:1 b:0 d:-1")]
    skills = [skill("a", 1, *stated), replace(skill("b", 1, triad("b:1 x:1 y:1")), context=True), skill("c", -1)]
    plan = repair.plan(Collection(("r",), tuple(skills)))
    assert plan.changes == ()
    assert [str(each) for each in plan.dropped] == ["a (+1) ⊗ b (0) ⊗ c (-1)", "a (+1) ⊗ b (0) ⊗ d (-1)"]


def test_a_collection_in_order_needs_nothing():
    skills = [skill("a", 1, triad("a:1 b:0 c:-1")), skill("b", 0), skill("c", -1)]
    plan = repair.plan(Collection(("r",), tuple(skills)))
    assert not plan
    assert plan.kept == 1
