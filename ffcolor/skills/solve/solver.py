"""The exact solver behind repair: values for variables so that as much as possible of what is claimed of them holds.

A *claim* gives some variables a value each, and holds when all of them have it; one that fails costs its weight. Each
value of each variable has a cost of its own, too. The least total is found by branch and bound: reductions that never
lose the optimum shrink the problem, what falls apart is solved part by part, and a bound from the duality of linear
programs prunes the rest. On collections as people write them the reductions alone leave nearly nothing; in general the
problem is as hard as finding independent sets, so the search has a limit, and says whether it was reached.

Source: soft arc consistency as in Cooper et al. (2010), doi:10.1016/j.artint.2010.02.001, on claims as cost functions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

Costs = dict[str, dict[int, int]]
"""Variable -> value -> cost: whole numbers."""

_PASSES = 4  # over all claims, raising the lower bound
_DEEPEST = 250  # branches within each other: far below Python's own limit


class Claim(NamedTuple):
    """Values for some variables, and what it costs when they do not all have them."""

    weight: int
    values: dict[str, int]


class Agreement(NamedTuple):
    """What the solver found."""

    values: dict[str, int]
    """Variable -> value."""
    cost: int
    """The total of it."""
    is_proved: bool
    """Whether no other values cost less; False when the search came to its limit."""


class _Search:
    """Branch and bound, as long as there is patience: the number of claims that may still be looked at."""

    def __init__(self, patience: int):
        self.patience = patience

    def least(self, costs: Costs, claims: list[Claim], depth: int = 0) -> dict[str, int]:
        """The best values for variables that may hang together or not."""
        core = _Core(costs, claims)
        values: dict[str, int] = {}
        for part_costs, part_claims in core.parts():
            values.update(self._branch(part_costs, part_claims, depth))
        return core.completed(values)

    def _branch(self, costs: Costs, claims: list[Claim], depth: int) -> dict[str, int]:
        """The best values for variables that do hang together: tries each value of the busiest one."""
        best = descend(costs, claims)
        least = total(costs, claims, best)
        bound, marginals = lower_bound(costs, claims)
        if bound >= least:
            return best
        busy = dict.fromkeys(costs, 0)
        for claim in claims:
            for name in claim.values:
                busy[name] += claim.weight
        chosen = max(sorted(busy), key=lambda name: (busy[name], -len(costs[name])))
        for value in sorted(costs[chosen], key=lambda value: marginals[chosen][value]):
            if self.patience <= 0 or depth > _DEEPEST:
                self.patience = 0
                break
            self.patience -= len(claims)
            fixed = {**costs, chosen: {value: costs[chosen][value]}}
            if lower_bound(fixed, claims)[0] >= least:
                continue
            found = self.least(fixed, claims, depth + 1)
            if (cost := total(costs, claims, found)) < least:
                best, least = found, cost
        return best


def agree(costs: Mapping[str, Mapping[int, int]], claims: Iterable[Claim], patience: int = 25_000) -> Agreement:
    """Choose a value for every variable at the least cost.

    Args:
        costs: variable -> value -> what this value costs, whole numbers not below 0; a variable takes only these.
        claims: what is said of several variables at once; a value that its variable cannot take makes it fail.
        patience: how many claims the branches of the search may look at, all of them together; 25,000 are some seconds.

    >>> agree({"a": {0: 0, 1: 2}, "b": {0: 0}}, [Claim(3, {"a": 1, "b": 0})])
    Agreement(values={'a': 1, 'b': 0}, cost=2, is_proved=True)
    """
    table = {name: dict(values) for name, values in costs.items()}
    listed = list(claims)
    search = _Search(patience)
    values = search.least(table, listed)
    return Agreement(values, total(table, listed, values), search.patience > 0)


def total(costs: Costs, claims: Iterable[Claim], values: Mapping[str, int]) -> int:
    """What these values cost, claims that fail included."""
    lost = sum(claim.weight for claim in claims if any(values[name] != v for name, v in claim.values.items()))
    return lost + sum(table[values[name]] for name, table in costs.items())


class _Core:
    """What is left of a problem when everything that can be decided at once is decided."""

    def __init__(self, costs: Costs, claims: Iterable[Claim]):
        self.costs = {name: dict(values) for name, values in costs.items()}
        self.claims: dict[int, Claim] = {}
        self.at: dict[str, set[int]] = {name: set() for name in costs}
        self.decided: dict[str, int] = {}
        self.later: list[tuple[str, int, int, dict[str, int]]] = []
        self.same: dict[tuple[tuple[str, int], ...], int] = {}
        self.ready = dict.fromkeys(costs)
        for claim in claims:
            self._put(claim)
        while self.ready:
            name = next(iter(self.ready))
            del self.ready[name]
            if name in self.costs:
                self._reduce(name)

    def _put(self, claim: Claim) -> None:
        values = {}
        for name, value in claim.values.items():
            table = self.costs.get(name)
            if table is None:
                if self.decided[name] != value:
                    return
            elif value not in table:
                return
            else:
                values[name] = value
        if claim.weight <= 0 or not values:
            return
        if len(values) == 1:
            ((name, value),) = values.items()
            for other in self.costs[name]:
                if other != value:
                    self.costs[name][other] += claim.weight
            self.ready[name] = None
            return
        key = tuple(sorted(values.items()))
        number = self.same.setdefault(key, len(self.same))
        weight = claim.weight + (self.claims[number].weight if number in self.claims else 0)
        self.claims[number] = Claim(weight, values)
        for name in values:
            self.at[name].add(number)
            self.ready[name] = None

    def _take(self, number: int) -> Claim:
        claim = self.claims.pop(number)
        for name in claim.values:
            self.at[name].discard(number)
            self.ready[name] = None
        return claim

    def _reduce(self, name: str) -> None:
        """Decide a variable, or take away values of it that another value beats whatever the others have."""
        table = self.costs[name]
        support = dict.fromkeys(table, 0)
        for number in self.at[name]:
            support[self.claims[number].values[name]] += self.claims[number].weight
        by_cost = sorted(table, key=lambda value: (table[value], -support[value], value))
        gone = set()
        for value in reversed(by_cost):
            # with `other` in its place, at worst the claims on `value` are lost
            if any(
                support[value] + table[other] <= table[value]
                for other in by_cost
                if other != value and other not in gone
            ):
                gone.add(value)
        if gone:
            self.costs[name] = {value: cost for value, cost in table.items() if value not in gone}
            for number in sorted(self.at[name]):
                if self.claims[number].values[name] in gone:
                    self._take(number)
        if len(self.costs[name]) == 1:
            self._decide(name, next(iter(self.costs[name])))
        elif len(self.at[name]) == 1:
            self._hang(name, next(iter(self.at[name])))

    def _decide(self, name: str, value: int) -> None:
        claims = [self._take(number) for number in sorted(self.at[name])]
        del self.costs[name]
        self.decided[name] = value
        for claim in claims:
            self._put(claim)

    def _hang(self, name: str, number: int) -> None:
        """Leave out a variable that only one claim is about: the claim's weight says what it would have said."""
        claim = self._take(number)
        table = self.costs.pop(name)
        value = claim.values[name]
        otherwise = min(sorted(table), key=lambda other: table[other])
        rest = {other: v for other, v in claim.values.items() if other != name}
        weight = claim.weight + table[otherwise] - table[value]
        self.later.append((name, value if weight > 0 else otherwise, otherwise, rest))
        self.decided[name] = value  # for what is put below; `completed` knows better
        self._put(Claim(weight, rest))

    def parts(self) -> Iterable[tuple[Costs, list[Claim]]]:
        """The rest, one connected part after the other."""
        seen: set[str] = set()
        for start in self.costs:
            if start in seen:
                continue
            seen.add(start)
            names, numbers = [start], set[int]()
            for name in names:
                for number in self.at[name] - numbers:
                    numbers.add(number)
                    for other in self.claims[number].values:
                        if other not in seen:
                            seen.add(other)
                            names.append(other)
            yield {name: self.costs[name] for name in sorted(names)}, [self.claims[n] for n in sorted(numbers)]

    def completed(self, values: dict[str, int]) -> dict[str, int]:
        """Values for all variables, given those of the rest."""
        known = {**self.decided, **values}
        for name, kept, otherwise, rest in reversed(self.later):
            known[name] = kept if all(known[other] == value for other, value in rest.items()) else otherwise
        return known


def descend(costs: Costs, claims: list[Claim]) -> dict[str, int]:
    """Coordinate descent: every variable takes its best value, the others held, until none wants to change."""
    at: dict[str, list[Claim]] = {name: [] for name in costs}
    for claim in claims:
        for name in claim.values:
            at[name].append(claim)
    values = {name: min(sorted(table), key=lambda value: table[value]) for name, table in costs.items()}
    moved = True
    while moved:
        moved = False
        for name, table in costs.items():
            gain = dict.fromkeys(table, 0)
            for claim in at[name]:
                if all(values[other] == value for other, value in claim.values.items() if other != name):
                    gain[claim.values[name]] = gain.get(claim.values[name], 0) + claim.weight
            best = min(table, key=lambda value: table[value] - gain[value])
            if table[best] - gain[best] < table[values[name]] - gain[values[name]]:
                values[name], moved = best, True
    return values


def lower_bound(costs: Costs, claims: list[Claim]) -> tuple[int, Costs]:
    """A cost that no choice goes below, and the costs of each value with the claims' weights spread over them.

    A claim's weight is split among its variables; a variable with another value than the claimed one pays its share.
    Whoever breaks a claim pays at most its weight, so the sum of each variable's least cost is a lower bound. Shares
    move, claim by claim, to where they raise it.
    """
    spread = {name: dict(table) for name, table in costs.items()}
    shares = [dict.fromkeys(claim.values, 0) for claim in claims]
    for turn in range(_PASSES):
        raised = False
        for claim, share in zip(claims, shares, strict=True):
            left, gaps = claim.weight, {}
            for name, value in claim.values.items():
                table = spread[name]
                for other in table:
                    if other != value:
                        table[other] -= share[name]
                if value in table:
                    least = min((cost for other, cost in table.items() if other != value), default=None)
                    gaps[name] = claim.weight if least is None else max(0, table[value] - least)
                    if least is None:
                        gaps[name] = 0
                else:
                    gaps[name] = claim.weight
            before = dict(share)
            for name in claim.values:
                share[name] = min(left, gaps[name])
                left -= share[name]
            if left:  # nobody has a use for it yet: who is left free to change shares it
                free = [name for name in claim.values if len(spread[name]) > 1]
                for number, name in enumerate(free, 1):
                    part = left if number == len(free) else left // (len(free) - number + 1)
                    share[name] += part
                    left -= part
            for name, value in claim.values.items():
                for other in spread[name]:
                    if other != value:
                        spread[name][other] += share[name]
            raised = raised or share != before
        if turn and not raised:
            break
    return sum(min(table.values()) for table in spread.values()), spread
