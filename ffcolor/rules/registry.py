"""The table of rules: where each lives, what it is in a line, and whose idea it was.

Rules of installed packages stand in it, too: those that a package names in its entry points, in the group
``ffcolor.rules``. They are looked for only when the table is asked for a name that ffcolor has not, or listed; and
imported only when they are loaded.
"""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from ffcolor.errors import FfcolorError, FfcolorWarning, did_you_mean
from ffcolor.lazy import bring

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "ffcolor.rules"
"""The group of entry points that rules of other packages are named in."""
_NEEDED = ("fit", "partial_fit", "predict", "accuracy", "state_dict", "load_state_dict")


class Entry(NamedTuple):
    """A row of the table of rules.

    Attributes:
        home: the module that holds the class; one that begins with a dot is in ffcolor.rules.
        name: of the class.
        about: what the rule is, in a line.
        source: whose idea it was; for another package's rule, the package.
        page: its page in docs/rules, if it has one.
        package: the package that brings it; None for ffcolor itself.
    """

    home: str
    name: str
    about: str
    source: str
    page: str = ""
    package: str | None = None

    def load(self) -> Any:
        """The class itself.

        Raises:
            FfcolorError: `code` is ``"broken-rule"``: another package's rule cannot be imported, or is not a rule.
        """
        if self.package is None:
            return getattr(bring(self.home, __package__, self.name), self.name)
        try:
            found = attrgetter(self.name)(importlib.import_module(self.home))
        except (Exception, SystemExit) as error:  # whatever a module from elsewhere may raise
            raise self._broken(f"cannot be imported ({type(error).__name__}: {error})") from error
        lacking = [name for name in _NEEDED if not hasattr(found, name)]
        if lacking:
            raise self._broken(f"is not a rule: it has no {', '.join(lacking)}")
        return found

    def _broken(self, what: str) -> FfcolorError:
        where = f"{self.home}:{self.name}"
        return FfcolorError(f"{where} of the package {self.package} {what}", code="broken-rule", value=where)


OWN: dict[str, Entry] = {
    "forward-forward": Entry(
        ".ff",
        "ForwardForward",
        "each layer by its own goodness, positive against negative inputs; the label is part of the input",
        "Hinton 2022, arXiv 2212.13345",
        page="forward-forward.md",
    ),
    "forward-forward-unsupervised": Entry(
        ".unsupervised",
        "UnsupervisedForwardForward",
        "each layer tells images from hybrids of two images; labels only train a linear read-out",
        "Hinton 2022, arXiv 2212.13345, section 3.2",
        page="forward-forward.md",
    ),
    "cwcomp": Entry(
        ".cwcomp",
        "CwComp",
        "convolutions whose channels compete for the classes, by the mean square of each class's channels",
        "Papachristodoulou et al. 2024, arXiv 2312.12668",
        page="cwcomp.md",
    ),
    "deeper-forward": Entry(
        ".deeper",
        "DeeperForward",
        "as cwcomp, by the mean, which a norm then takes away; detached shortcuts, layers selected by data",
        "Sun et al. 2025, ICLR",
        page="deeper-forward.md",
    ),
    "vff-net": Entry(
        ".vff",
        "VFFNet",
        "labels as noise laid over the input, a contrast of cosines, one loss for a group of layers",
        "Lee, Shin and Kim 2025, doi 10.1016/j.neunet.2025.107697",
        page="vff-net.md",
    ),
    "mono-forward": Entry(
        ".mono",
        "MonoForward",
        "each layer with a projection of its own to the classes, by its own cross-entropy: a strong plain baseline",
        "Gong, Li and Abdulla 2025, arXiv 2501.09238",
        page="mono-forward.md",
    ),
    "self-contrastive": Entry(
        ".scff",
        "SelfContrastiveFF",
        "an input paired with itself against one paired with another of the batch; labels train a linear read-out",
        "Chen et al. 2025, Nature Communications 16, 5978",
        page="self-contrastive.md",
    ),
    "distance-forward": Entry(
        ".distance",
        "DistanceForward",
        "distances to the centres of the classes, by a margin loss of all wrong ones; layers may work together",
        "Wu et al. 2024, arXiv 2408.14925",
        page="distance-forward.md",
    ),
    "recurrent": Entry(
        ".recurrent",
        "RecurrentForwardForward",
        "layers look up, down and at themselves over time, and should be less active with a right label",
        "Hinton 2022, arXiv 2212.13345, section 4",
        page="recurrent.md",
    ),
    "graph-forward-forward": Entry(
        ".graph.forward",
        "GraphForwardForward",
        "nodes of a graph with their labels against the same with wrong ones: appended, or as added label nodes",
        "Park et al. 2024, arXiv 2403.11004, section 3.1",
        page="graph.md",
    ),
    "graph-single-forward": Entry(
        ".graph.single",
        "SingleForward",
        "nodes agree with the others of their label, in every layer; one pass, no negatives, layers hear from above",
        "Park et al. 2024, arXiv 2403.11004, sections 3.2 and 3.3",
        page="graph.md",
    ),
    "graph-links": Entry(
        ".graph.links",
        "LinkForward",
        "pairs of nodes that are joined against pairs that are not, in every layer",
        "Park et al. 2024, arXiv 2403.11004, section 3",
        page="graph.md",
    ),
    "backprop": Entry(
        ".backprop",
        "Backprop",
        "the twin to measure by: the same architecture, taught end to end by the chain rule",
        "Rumelhart, Hinton and Williams 1986",
    ),
}
"""The rules of ffcolor itself, by name."""


class _Rules(Mapping[str, Entry]):
    """ffcolor's own rules, then those of installed packages."""

    def __getitem__(self, name: str) -> Entry:
        return OWN[name] if name in OWN else _installed()[name]

    def __iter__(self) -> Iterator[str]:
        yield from OWN
        yield from _installed()

    def __len__(self) -> int:
        return len(OWN) + len(_installed())

    def __repr__(self) -> str:
        return f"<rules: {', '.join(self)}>"


RULES: Mapping[str, Entry] = _Rules()
"""Every rule by name."""


def known_rule(name: str) -> Entry:
    """The row of a rule.

    Raises:
        FfcolorError: `code` is ``"unknown-rule"``; the message names the rule that was probably meant, or all.
    """
    try:
        return RULES[name]
    except KeyError:
        message = f"{name!r} is not a rule: {did_you_mean(name, RULES)}"
        raise FfcolorError(message, code="unknown-rule", value=name) from None


def _points() -> Iterable[EntryPoint]:
    """The entry points of the group; where one package's list cannot be read, those of the others."""
    from importlib.metadata import distributions, entry_points

    try:
        return entry_points(group=GROUP)
    except Exception as error:  # a package whose list cannot be read
        found, unread, why = {}, [], error
        for each in distributions():
            try:
                points = each.entry_points.select(group=GROUP)
                found.update({point.name: point for point in points if point.name not in found})
            except Exception as reason:
                why = reason
                unread.append(str(getattr(each, "_path", each)))
        where = f" of {', '.join(unread)}" if unread else ""
        _warn(f"rules of installed packages cannot be listed: {why}{where}")
        return found.values()


@cache
def _warn(message: str) -> None:
    """Warn, of each thing once."""
    warnings.warn(message, FfcolorWarning, stacklevel=4)


def _installed() -> dict[str, Entry]:
    """The rules that installed packages name, none of them imported."""
    found: dict[str, Entry] = {}
    for point in _points():
        package = "unknown" if point.dist is None else f"{point.dist.name} {point.dist.version}"
        about = "" if point.dist is None else point.dist.metadata["Summary"] or ""
        home, _, name = point.value.partition(":")
        entry = Entry(home.strip(), name.strip(), about, package, package=package)
        if point.name in OWN or found.get(point.name, entry) != entry:
            rival = "ffcolor" if point.name in OWN else found[point.name].package
            message = f"the rule {point.name!r} of the package {package} is left out: {rival} has one of that name"
            warnings.warn(message, FfcolorWarning, stacklevel=2)
            continue
        found[point.name] = entry
    return found
