"""The verbs for collections of skills: check, fix, explain, repair, partners, pack, lock, graph.

They import nothing heavy, so that a hook that runs before each commit starts at once. `paths` are always a folder of
skills or a SKILL.md, or several of them. Nothing is written unless `apply` is true or a file is named to be written.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ffcolor.doors.verbs.arguments import PathLike, Plain
from ffcolor.doors.verbs.skills_known import edits_of, held_back
from ffcolor.errors import FfcolorError, FfcolorWarning
from ffcolor.settings import Choice, Whole

if TYPE_CHECKING:
    from ffcolor.skills.catalog import Problem
    from ffcolor.skills.model import Collection

Paths = PathLike | Sequence[PathLike]
Codes = str | Sequence[str] | None

GRAPHS = ("dot", "svg", "html")
"""The formats of `skills_graph`."""

_TRUST = Choice("author", "generated") | None


# ---- checking and fixing -------------------------------------------------------------------------------------------


def skills_check(
    paths: Paths = (".",),
    select: Codes = None,
    ignore: Codes = None,
    against: str | None = None,
    new_since: str | None = None,
    baseline: PathLike | None = None,
    write_baseline: bool = False,
    format: str | None = None,
    color: bool = False,
    all_markdown: bool = False,
    show: str = "some",
    columns: int | None = None,
) -> Plain:
    """Check collections of skills: ``problems`` as dicts, and how many there are of each severity.

    Args:
        paths: what to check.
        select: the only checks to apply, as codes or their beginnings such as ``"GF3"``.
        ignore: checks to leave out.
        against: a revision of git to compare with, for GF208.
        new_since: a revision of git whose own problems to hold back; ``suppressed`` says how many they are.
        baseline: a file of problems to hold back; ``suppressed`` and ``gone`` say how many it held and holds in vain.
        write_baseline: write today's problems to that file instead; ``written`` says how many.
        format: text, json, sarif, github or edn, to have the ``report``, too, and its sum as ``total``.
        color: whether a report in text has the colours of a terminal.
        all_markdown: whether to check the triads of all other Markdown files in the folders, too.
        show: how much a report in text shows: "some" (a screen), "all" or "statistics"; others are complete.
        columns: the width to wrap a report in text to; None leaves each finding in one line.
    """
    from ffcolor.skills.catalog import chosen
    from ffcolor.skills.fix import changes, marks
    from ffcolor.skills.reading.revision import base
    from ffcolor.skills.tell import baseline as held
    from ffcolor.skills.tell import report, text
    from ffcolor.skills.tell.render import render

    if format is not None:
        Choice(*report.FORMATS).check("format", format)
    Choice(*text.SHOWN).check("show", show)
    if write_baseline and baseline is None:
        raise FfcolorError("write_baseline needs the argument 'baseline': the file to write", code="missing-argument")
    codes = chosen(select, ignore)
    collection = _read(paths, all_markdown=all_markdown)
    found = _problems(collection, codes, None if against is None else base(collection, against))
    planned = changes.plan(collection, found, codes)
    problems: Sequence[Problem] = marks.marked(found, planned)
    more: Plain = {}
    if write_baseline and baseline is not None:
        more["written"] = held.write(baseline, problems)
        baseline = new_since = None
    problems, suppressed, where, gone = held_back(collection, problems, codes, baseline, new_since)
    files = report.files(collection)
    if baseline is not None:
        more["gone"] = gone
    if format is not None:
        fixes = edits_of(planned) if format == "sarif" else {}
        more["total"] = report.total(problems, files, suppressed, where)
        more["report"] = render(format, collection, problems, suppressed, color, where, show, fixes, columns)
    return report.as_plain(problems, files, suppressed) | more


def skills_fix(
    paths: Paths = (".",),
    select: Codes = None,
    ignore: Codes = None,
    trust: str | None = None,
    apply: bool = False,
) -> Plain:
    """Fix collections of skills, or show how: ``files`` with what is fixed in each, what is left, and the diff.

    Args:
        paths: what to fix.
        select: the only checks whose findings to fix, as codes or their beginnings.
        ignore: checks to leave out, in the same way.
        trust: ``"author"`` or ``"generated"``: whom to believe where a file declares two trits.
        apply: whether to write; otherwise nothing is changed.
    """
    from ffcolor.skills.catalog import chosen
    from ffcolor.skills.fix import changes

    _TRUST.check("trust", trust)
    codes = chosen(select, ignore)
    collection = _read(paths)
    planned = changes.plan(collection, _problems(collection, codes), codes, trust)
    return changes.as_plain(list(changes.apply(planned)) if apply else planned, applied=apply)


def skills_explain(codes: Codes = None) -> Plain:
    """Explain checks: what each finds, and with codes its ``page``: why that is bad, an example, what to write instead.

    Args:
        codes: such as ``"GF304"``, one or several; None lists all checks, without their pages.
    """
    from ffcolor.skills.catalog import CHECKS
    from ffcolor.skills.tell.pages import page

    wanted = [codes] if isinstance(codes, str) else list(codes or ())
    pages = {code.strip().upper(): page(code) for code in wanted}
    return {
        "checks": [
            {
                "code": check.code,
                "severity": check.severity,
                "title": check.title,
                "fixable": check.fixable,
                "on": check.on,
                **({"page": pages[check.code]} if pages else {}),
            }
            for check in ([CHECKS[code.strip().upper()] for code in wanted] or CHECKS.values())
        ]
    }


# ---- what a collection could be ------------------------------------------------------------------------------------


def skills_repair(paths: Paths = (".",), drop: float = 2.0, apply: bool = False, replace: bool = False) -> Plain:
    """Find the cheapest changes that make trits and triads agree: ``changes``, triads ``dropped``, the ``cost``.

    Args:
        paths: what to repair.
        drop: what dropping a triad costs; changing a trit costs 1, or 0.5 where only a generated block declares it.
        apply: whether to carry the plan out; ``done`` and ``left`` then say what was edited and what was not, and
            ``locks`` which lock files were written anew.
        replace: with `apply`, whether a triad that cannot be kept becomes its ``offer``, where it has one.
    """
    from ffcolor.skills.solve import apply as carry
    from ffcolor.skills.solve import repair

    plan = repair.plan(_read(paths, warn=False), drop)
    return repair.as_plain(plan) | (carry.as_plain(carry.apply(plan, replace)) if apply else {})


def skills_partners(names: str | Sequence[str], paths: Paths = (".",), top: int = 10) -> Plain:
    """Rank the skills that would balance one or two given ones, the most fitting first.

    Args:
        names: one skill, for pairs; or two, for the third.
        paths: where the skills are.
        top: how many to return.
    """
    from ffcolor.skills.solve import partners

    given = [names] if isinstance(names, str) else list(names)
    most = Whole(1).check("top", top)
    found = partners.of(_read(paths, warn=False)).find(*given, top=most)
    rows = [{**each._asdict(), "names": list(each.names), "trits": list(each.trits)} for each in found]
    return {"given": given, "partners": rows}


def skills_pack(paths: Paths = (".",), one_of_each: bool = False) -> Plain:
    """Make as many balanced triads as can be, each skill in at most one.

    Args:
        paths: where the skills are.
        one_of_each: take no three alike: only -1, 0 and +1 together.
    """
    from ffcolor.skills.gf3 import TRITS, format_trit
    from ffcolor.skills.solve.pack import pack

    collection = _read(paths, warn=False)
    trits = {skill.name: skill.trit for skill in collection.skills if skill.trit is not None and not skill.context}
    stated = [[member.name for member in triad.members] for skill in collection.skills for triad in skill.triads]
    found = pack(trits, stated, one_of_each)
    return {
        "counts": {format_trit(trit): list(trits.values()).count(trit) for trit in TRITS},
        "triads": [[list(member) for member in triad] for triad in found.triads],
        "stated": found.stated,
        "left": [list(member) for member in found.left],
    }


# ---- lock files and pictures ---------------------------------------------------------------------------------------


def skills_lock(
    path: PathLike = ".", output: PathLike | None = None, check: bool = False, apply: bool = False
) -> Plain:
    """Write a collection's skills.lock.edn, which Clojure reads without any dependency, or check it.

    Args:
        path: a folder of skills.
        output: the lock file; None is ``skills.lock.edn`` in that folder.
        check: say in ``stale`` what the file says otherwise than the skills do; nothing is written.
        apply: whether to write the file; its ``text`` is returned in any case.
    """
    from ffcolor.skills import lock

    folder = os.fspath(path)
    target = os.path.join(folder, lock.NAME) if output is None else os.fspath(output)
    collection = _read(folder, warn=False)
    if check:
        return {"lock": target, "stale": lock.stale(collection, folder, target)}
    built = lock.build(collection, folder)
    if apply:
        lock.write(collection, folder, target)
    return {"lock": target, "skills": len(built["skills"]), "text": lock.dumps(built)}


def skills_graph(paths: Paths = (".",), format: str = "dot", title: str | None = None) -> Plain:
    """Draw skills and triads as ``text`` in Graphviz's language, as SVG or as a page: what fails is seen at a glance.

    Args:
        paths: where the skills are.
        format: dot, svg or html.
        title: the title in the picture; None is the name of the first folder.
    """
    from ffcolor.skills.tell import graph, picture

    Choice(*GRAPHS).check("format", format)
    given = _given(paths) or ["."]
    drawn = graph.build(_read(given, warn=False))
    shown = title or os.path.basename(os.path.abspath(given[0])) or "skills"
    text = (
        graph.as_dot(drawn)
        if format == "dot"
        else picture.as_svg(drawn, shown)
        if format == "svg"
        else picture.as_html(drawn, shown)
    )
    counts: Mapping[str, int] = {state: drawn.count(state) for state in graph.STATES}
    return {"format": format, "skills": len(drawn.nodes), "triads": counts, "title": shown, "text": text}


# ---- arguments -----------------------------------------------------------------------------------------------------


def _given(paths: Any) -> list[PathLike]:
    if isinstance(paths, (str, os.PathLike)):
        return [paths]
    if not isinstance(paths, Iterable):
        message = f"paths is {paths!r}; it must be a folder of skills or a SKILL.md, or a list of them"
        raise FfcolorError(message, code="invalid-setting", value=paths, setting="paths")
    return list(paths)


def _read(paths: Paths, *, warn: bool = True, all_markdown: bool = False) -> Collection:
    from ffcolor.skills.reading.collection import read

    collection = read(*_given(paths), all_markdown=all_markdown)
    if warn and not collection.skills and not collection.problems:
        message = f"there is no SKILL.md below {' '.join(collection.roots)}"
        warnings.warn(message, FfcolorWarning, stacklevel=4)
    return collection


def _problems(collection: Collection, codes: frozenset[str], base: Collection | None = None) -> list[Problem]:
    from ffcolor.skills.checks.run import check_collection

    return check_collection(collection, codes, base)
