"""A generator of collections with several roots: copies, every form of a trit, mentions, tables, other files, faults.

As in `collection`, each line is written together with the codes that are due in it. Which copy a name means is worked
out here by three plain rules, not by paths: the own root's, else that of the other plugin, else the first root's.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.skills.collection import FIRST, ROLES, SECOND, SIGNS, WORDS, Draft, Expected

ROOTS = (".claude/skills", "plugins/alpha/skills", "plugins/beta/skills", "skills")
"""In order of path: the order in which roots that are equally near are asked."""

TRITS = (-1, 0, 1)


def _lines(*lines: str) -> Callable[[Draft], None]:
    """A form that declares the draft's trit in its first line with a ``{}``: its sign, word and role are filled in."""

    def write(d: Draft) -> None:
        for line in lines:
            filled = line.format(SIGNS[d.trit], word=WORDS[d.trit], role=ROLES[d.trit].title())
            filled = filled.replace("-1", "−1") if "−" in line else filled.replace("−", "")
            d.add(filled, *(["GF206"] if "{" in line else []))
        d.add()

    return write


FORMS = tuple(
    _lines(*lines)
    for lines in (
        ("**Trit: {} ({word} - {role})**",),
        ("**GF(3) Trit: {} ({role})** — does it",),
        ("- Trit: {} ({word})",),
        ("* Trit: {}−",),
        ("1. Trit: {}",),
        ("> Trit: {}",),
        ("## Trit Value", "", "{}"),
        ("## Trit", "", "", "**{}** ({word})"),
        ("### GF(3) Trit Assignment", "- {} ({role})"),
        ("Trit: {} ({word})",),
        ("Trit: {}−",),
        ("- **Trit** {}",),
        ("__Trit__: {}",),
        ("*Trit*: {}",),
        ("**Trit** — {}",),
        ("**Version**: 1 | **Trit**: {}",),
        ("## GF(3) Trit ({})",),
        ("| Aspect | Value |", "|---|---|", "| GF(3) Trit | {} ({word}) |"),
        ("**Trit**: {}",),
    )
)
"""Each writes the draft's trit into the body, where programs do not look for it: a GF206."""

MENTIONS = (
    "Goes well with `{name}` ({trit}).",
    "**{name}** ({trit}) does the rest.",
    "- {name} (trit {trit})",
    "- [{name}](../{name}/SKILL.md) ({trit}): more",
    "### With {name} ({trit})",
    "- {name}    ({trit}, {word})",
    "* `{name}`: {trit}",
    "The {name} has trit {trit}.",
    "| {name} ({trit}) | as well |",
    "see __{name}__ ({word} {trit})",
)

TRAPS = (
    ("Counts: 5(+1), 4(-1), 12(0).", ""),
    ("Trit: -1 → checks", "Trit: 0 → joins", "Trit: +1 → makes", ""),
    ("- `nobody-there` (0) and **something** (-1)", ""),
    ("```python", "f(0)  # Trit: 0", "walk(-1)", "```", ""),
    ("<!-- Trit: 0 -->", ""),
    ("- **some-other-skill**", "  - Trit: 0", ""),
    ("## Trit Values", "", "- -1: less", "- +1: more", ""),
    ("X ⊗ Y ⊗ Z = 0 ✓ holds for spaces.", ""),
    ("| Trit | Skill |", "|---|---|", "| ? | unclear-one |", "| 0 | nobody-there |", ""),
)


@dataclass
class Place:
    """One root under way: its skills by name."""

    root: str
    skills: dict[str, Draft] = field(default_factory=dict)


class Builder:
    """Writes one collection; `expected` is what a checker has to find in it."""

    def __init__(self, folder: Path, seed: int):
        self.folder, self.chance = folder, random.Random(seed)
        names = [f"{a}-{b}" for a in FIRST for b in SECOND]
        self.chance.shuffle(names)
        self.names = iter(names)
        self.places = {root: Place(root) for root in ROOTS}
        self.expected: list[Expected] = []
        self.used: set[str] = set()

    # ---- skills --------------------------------------------------------------------------------------------------

    def skill(self, root: str, trit: int, name: str | None = None, *, mute: bool = False) -> Draft:
        """A new sound skill of a root, its trit in the front matter or in one of the forms; or declaring none."""
        d = Draft(name or next(self.names), trit)
        self.places[root].skills[d.name] = d
        if mute:
            d.front().at(1, "GF201").add(f"# {d.name}").add()
        elif name is not None or self.chance.random() < 0.4:
            d.front(("metadata:",), (f'  gf3-trit: "{SIGNS[trit]}"',)).add(f"# {d.name}").add()
        else:
            d.front().add(f"# {d.name}").add()
            self.chance.choice(FORMS)(d)
        return d

    def meant(self, name: str, root: str) -> Draft:
        """The copy that a name means in a root."""
        plugins = [other for other in ROOTS if other.startswith("plugins") and root.startswith("plugins")]
        return next(self.places[at].skills[name] for at in (root, *plugins, *ROOTS) if name in self.places[at].skills)

    def copies(self) -> None:
        """Skills in two roots or three: alike, different (a GF207), or with one that declares no trit."""
        for index in range(12):
            roots = sorted(self.chance.sample(ROOTS, 2 + index % 2), key=ROOTS.index)
            name, trit = next(self.names), self.chance.choice(TRITS)
            self.skill(roots[0], trit, name, mute=index % 4 == 3)
            for root in roots[1:]:
                is_other = index % 4 == 1
                d = self.skill(root, (trit + 2) % 3 - 1 if is_other else trit, name)
                if is_other:
                    d.at(5, "GF207")

    # ---- what they say of each other -----------------------------------------------------------------------------

    def partner(self, root: str, trit: int) -> Draft:
        """A skill that no triad names yet, in this root or for once only in another one."""
        home = root if self.chance.random() < 0.8 else self.chance.choice(ROOTS)
        return self.skill(home, trit)

    def mention(self, d: Draft, root: str, *, wrong: bool) -> None:
        name = self.chance.choice([name for place in self.places.values() for name in place.skills if name != d.name])
        other = self.meant(name, root)
        is_mute = "GF201" in {code for code, _ in other.codes}
        given = self.chance.choice([trit for trit in TRITS if (trit != other.trit) == wrong or is_mute])
        form = self.chance.choice(MENTIONS)
        line = form.format(name=name, trit=SIGNS[given], word=WORDS[given])
        d.add(line.replace("(-1)", "(−1)") if self.chance.random() < 0.3 else line)
        if wrong and not is_mute:
            d.at(len(d.lines), "GF314")
        d.add()

    def triad(self, d: Draft, root: str, kind: str) -> None:
        rest = [trit for trit in TRITS if trit != d.trit]
        a, b = self.partner(root, rest[0]), self.partner(root, rest[1])
        gap = " " * self.chance.choice((0, 1, 1, 30))
        if kind == "sum":
            b = self.partner(root, rest[0])  # not one of each
        trits = {d.name: d.trit, a.name: a.trit, b.name: b.trit}
        if kind == "member":
            trits[a.name], trits[b.name] = b.trit, a.trit
        names = list(trits)
        if kind == "name":
            names[1] += "-gone"
            trits[names[1]] = a.trit
        codes = {"sum": ["GF301"], "member": ["GF304", "GF304"], "name": ["GF303"], "numbers": ["GF301"]}.get(kind, [])
        if kind in ("named", "numbers"):
            names = [d.name, a.name, self.partner(root, rest[0]).name if kind == "numbers" else b.name]
            d.add(f" {gap}⊗ ".join(f"`{name}`" for name in names) + f" {gap}= 0 ✓", *codes).add()
            return
        chain = f"{gap} ⊗ ".join(f"{name}{gap} ({SIGNS[trits[name]]})" for name in names)
        d.add(f"{chain}{gap} = 0 ✓", *codes).add()

    def table(self, d: Draft, root: str, *, wrong: bool) -> None:
        d.all("## Related Skills", "", "| Skill | Trit | Why |", "|---|---|---|")
        for index, trit in enumerate(self.chance.choices(TRITS, k=self.chance.choice((3, 5)))):
            is_wrong = wrong and index == 1
            other = self.partner(root, trit)
            given = (trit + 2) % 3 - 1 if is_wrong else trit
            d.add(f"| **{other.name}** | {SIGNS[given]} | related |", *(["GF314"] if is_wrong else []))
        d.all("", "(-1) + (0) + (+1) = 0 ✓", "", "## More", "")

    def mute_member(self, d: Draft, root: str) -> None:
        rest = [trit for trit in TRITS if trit != d.trit]
        a, b = self.skill(root, rest[0], mute=True), self.partner(root, rest[1])
        d.add(f"{d.name} ⊗ {a.name} ⊗ {b.name} = 0 ✓", "GF305").add()

    def contradiction(self, d: Draft) -> None:
        """A second declaration with another trit, below the first."""
        other = (d.trit + 2) % 3 - 1
        d.add(self.chance.choice(("- **Trit** {}", "__Trit__: {}", "**Trit: {}**")).format(SIGNS[other]), "GF202").add()

    def sign(self, d: Draft) -> None:
        d.add("- **Trit**: ±1", "GF203").add()

    # ---- other files ---------------------------------------------------------------------------------------------

    def page(self, root: str) -> None:
        """A Markdown file beside the skills of a root, with triads that hold and one that does not."""
        page = Draft("", 0, file="README.md", folder=f"{root}")
        page.add("# Triads").add()
        for kind in ("", "sum", "named", "numbers"):
            first = self.partner(root, self.chance.choice(TRITS))
            while first.name not in self.places[root].skills:
                first = self.partner(root, first.trit)
            page_like = Draft(first.name, first.trit, lines=page.lines, codes=page.codes)
            self.triad(page_like, root, kind)
        self.expected += page.save(self.folder)

    def index(self, root: str) -> None:
        """A `skills.json` in a root: every other entry that has a trit says another one."""
        rows, codes = ["{", ' "skills": ['], []
        skills = [d for d in self.places[root].skills.values() if "GF201" not in {code for code, _ in d.codes}][:8]
        for number, d in enumerate(skills):
            given = (d.trit + 2) % 3 - 1 if number % 2 else d.trit
            written = self.chance.choice((given, SIGNS[given], WORDS[given]))
            rows.append(f"  {json.dumps({'name': d.name, 'trit': written})}{',' * (number < len(skills) - 1)}")
            codes += [("GF502", len(rows))] if number % 2 else []
        path = self.folder / root / "skills.json"
        path.write_text("\n".join([*rows, " ]", "}", ""]), encoding="utf-8")
        self.expected += [(code, path.as_posix(), line) for code, line in codes]

    # ---- all of it -----------------------------------------------------------------------------------------------

    def build(self) -> list[Expected]:
        self.copies()
        for root in ROOTS:
            for number in range(9):
                self.speaker(root, number)
            self.page(root)
        for root, place in self.places.items():
            for d in place.skills.values():
                d.folder = f"{root}/{d.name}"
                self.expected += d.save(self.folder)
        for root in (ROOTS[0], ROOTS[3]):
            self.index(root)
        return sorted(self.expected, key=lambda found: (found[1], found[2], found[0]))

    def speaker(self, root: str, number: int) -> None:
        """A skill that says something of others: half of what it says is right."""
        d = self.skill(root, self.chance.choice(TRITS))
        for trap in self.chance.sample(TRAPS, 2):
            d.all(*trap)
        self.triad(d, root, ("", "sum", "member", "name", "named", "numbers")[number % 6])
        for wrong in (False, number % 2 == 0):
            self.mention(d, root, wrong=wrong)
        if number % 3 == 0:
            self.table(d, root, wrong=number % 2 == 0)
        if number in (4, 7):
            self.mute_member(d, root)
        if number in (2, 5):
            self.contradiction(d)
        if number == 8:
            self.sign(d)


def build(folder: Path, seed: int = 0) -> list[Expected]:
    """Write a collection into a folder and return what a checker has to find, other Markdown files read as well."""
    for root in ROOTS:
        (folder / root).mkdir(parents=True)
    return Builder(folder, seed).build()
