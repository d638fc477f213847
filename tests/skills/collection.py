"""A generator of collections of skills as people write them, with every legacy form and every fault planted.

Each line is written together with the codes that a checker has to find in it, so that the answer is known exactly:
`build` returns the list of (code, path, line), and a checker is right when it reports these and nothing else.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

FIRST = re.findall(
    r"\w+",
    "sheaf laplacian kolmogorov persistent curiosity narya bisimulation ramanujan lambda spectral colour duck moebius "
    "ordered open triad glass structured cognitive entropy crystal harbour lattice market orbit paper quantum river "
    "signal tensor topos unison vertex winter yield zebra amber bridge cipher delta",
)
SECOND = re.findall(
    r"\w+",
    "cohomology coordination compression homology driven proofs game expander walk methods stream timetravel inversion "
    "locale hopping interleave bead decomp surrogate sequencer parser mirror garden engine ledger notes",
)
SIGNS = {-1: "-1", 0: "0", 1: "+1"}
WORDS = {-1: "MINUS", 0: "ERGODIC", 1: "PLUS"}
ROLES = {-1: "VALIDATOR", 0: "COORDINATOR", 1: "GENERATOR"}
OTHERS = {-1: "SLAVE", 0: "MASTER", 1: "GAY"}
COLORS = {-1: ("#2626D8", "Blue"), 0: ("#26D826", "Green"), 1: ("#D82626", "Red")}

Expected = tuple[str, str, int]


@dataclass
class Draft:
    """A file under way: lines, and the codes expected in each."""

    name: str
    trit: int
    lines: list[str] = field(default_factory=list)
    codes: list[tuple[str, int]] = field(default_factory=list)
    end: str = "\n"
    bom: bool = False
    file: str = "SKILL.md"
    folder: str = ""
    front_end: int = 0

    def add(self, line: str = "", *codes: str) -> Draft:
        self.lines.append(line)
        self.codes += [(code, len(self.lines)) for code in codes]
        return self

    def all(self, *lines: str) -> Draft:
        for line in lines:
            self.add(line)
        return self

    def at(self, line: int, *codes: str) -> Draft:
        self.codes += [(code, line) for code in codes]
        return self

    def front(self, *extra: tuple[str, ...], description: str = "Use it when it fits: never before.") -> Draft:
        self.add("---").add(f"name: {self.name}").add(f'description: "{description}"')
        for line, *codes in extra:
            self.add(line, *codes)
        return self.add("---").add()

    @property
    def folder_name(self) -> str:
        return self.folder or self.name

    def save(self, root: Path) -> list[Expected]:
        path = root / self.folder_name / self.file
        path.parent.mkdir(parents=True, exist_ok=True)
        text = self.end.join(self.lines) + self.end
        if self.bom:
            self.at(1, "GF111")
        path.write_bytes((b"\xef\xbb\xbf" if self.bom else b"") + text.encode())
        return [(code, path.as_posix(), line) for code, line in self.codes]


def chain(members: list[Draft], *, gap: str = " ", sign: str = "⊗", minus: str = "-", tail: str = " = 0 ✓") -> str:
    written = (f"{m.name}{gap}({SIGNS[m.trit].replace('-', minus)})" for m in members)
    return f" {sign} ".join(written) + tail


# ---- forms of declaring a trit that are read -------------------------------------------------------------------------


def canonical(d: Draft, triads: list[list[Draft]]) -> None:
    """What ffcolor writes: nothing to report."""
    color = COLORS[d.trit][0]
    rows = [(f'  gf3-trit: "{SIGNS[d.trit]}"',), (f'  gf3-color: "{color}"',)]
    if triads:
        rows.append(("  gf3-triads: |",))
        rows += [("    " + " ".join(f"{m.name}:{SIGNS[m.trit]}" for m in triad),) for triad in triads]
    d.front(("license: MIT",), ("metadata:",), ('  version: "0.1.0"',), *rows)
    d.all(
        f"# {d.name}",
        "",
        "<!-- gf3:begin -->",
        f"**Trit**: {SIGNS[d.trit]} ({WORDS[d.trit]})",
        f"**Color**: {color}",
        "",
    )
    d.all(*(chain(triad) for triad in triads), "<!-- gf3:end -->", "")


def metadata_quoted(d: Draft) -> None:
    d.front(("metadata:",), (f"  trit: '{SIGNS[d.trit]}'",), (f"  color: '{COLORS[d.trit][0]}'",))
    d.all(f"# {d.name}", "")


def metadata_flow(d: Draft) -> None:
    d.front((f'metadata: {{trit: "{SIGNS[d.trit]}", color: "{COLORS[d.trit][0]}"}}',))
    d.all(f"# {d.name}", "")


def metadata_int(d: Draft) -> None:
    d.front(("metadata:",), (f"  trit: {SIGNS[d.trit]}", "GF108"))
    d.all(f"# {d.name}", "")


def top_level(d: Draft) -> None:
    d.front((f"trit: {SIGNS[d.trit]}", "GF106"), (f'color: "{COLORS[d.trit][0]}"', "GF106"))
    d.all(f"# {d.name}", "")


def role_word(d: Draft) -> None:
    d.front(("metadata:",), (f"  role: {ROLES[d.trit].lower()}",))
    d.all(f"# {d.name}", "")


def polarity_word(d: Draft) -> None:
    d.front((f"polarity: {WORDS[d.trit]}", "GF106"))
    d.all(f"# {d.name}", "")


def bold(d: Draft) -> None:
    color, name = COLORS[d.trit]
    d.front().all(f"# {d.name}", "", "**Status**: ✅ Production Ready")
    d.add(f"**Trit**: {SIGNS[d.trit]} ({WORDS[d.trit]} - {ROLES[d.trit].lower()})  ", "GF206")
    d.all(f"**Color**: {name} ({color})", "**Principle**: Local constraints → Global correctness", "")


def bold_word(d: Draft) -> None:
    d.front().add(f"# {d.name}").add().add(f"**Trit**: {WORDS[d.trit]} ({SIGNS[d.trit]})", "GF206").add()


def bold_assignment(d: Draft) -> None:
    d.front().add(f"# {d.name}").add()
    d.add(f"**Trit Assignment**: {SIGNS[d.trit]} ({ROLES[d.trit].title()} - Ensures consistency)", "GF206").add()


def bold_inside(d: Draft) -> None:
    d.front().add(f"# {d.name}").add().add(f"- **Trit:** {SIGNS[d.trit]}", "GF206").add()


def quoted(d: Draft) -> None:
    d.front().add(f"# {d.name}").add().add(
        f"> **Trit**: {SIGNS[d.trit]} ({WORDS[d.trit]}) - Coordinates", "GF206"
    ).add()


def minus_sign(d: Draft) -> None:
    d.front().add(f"# {d.name}").add().add(f"**Trit**: {SIGNS[d.trit].replace('-', '−')}", "GF206").add()


def heading(d: Draft) -> None:
    d.front().add(f"# {d.name}").add()
    d.add(f"## GF(3) Trit: {SIGNS[d.trit]} ({ROLES[d.trit].title()})", "GF206").add("Why it is so.").add()


def title(d: Draft) -> None:
    d.front().add(f"# The {d.name} Skill ({WORDS[d.trit]} {SIGNS[d.trit]})", "GF206").add()


def title_role(d: Draft) -> None:
    d.front().add(f"# The {d.name} Skill - {OTHERS[d.trit]} ({SIGNS[d.trit]})", "GF206").add()


def table(d: Draft) -> None:
    d.front().all(f"# {d.name}", "", "| Aspect | Value |", "|--------|-------|")
    d.add(f"| Trit | {SIGNS[d.trit]} ({WORDS[d.trit]}) |", "GF206").all(f"| Role | {ROLES[d.trit]} |", "")


def table_role(d: Draft) -> None:
    d.front().all(f"# {d.name}", "", "| Property | Value |", "|---|---|", f"| **Color** | `{COLORS[d.trit][0]}` |")
    d.add(f"| **Role** | {OTHERS[d.trit]} ({SIGNS[d.trit]}) |", "GF206").add()


def table_bare(d: Draft) -> None:
    d.front().all(f"# {d.name}", "", "Property | Value", "--- | ---", "Domain | walks")
    d.add(f"Trit | {SIGNS[d.trit]}", "GF206").add()


def generated(d: Draft) -> None:
    d.front().all(f"# {d.name}", "", "## Cat# Integration", "", "This skill maps to **Cat# = Comod(P)**:", "", "```")
    d.add(f"Trit: {SIGNS[d.trit]} ({WORDS[d.trit]})", "GF205")
    d.all("Home: Prof", "Poly Op: ⊗", "Kan Role: Adj", f"Color: {COLORS[d.trit][0]}", "```", "")
    d.all("### GF(3) Naturality", "", "```", "(-1) + (0) + (+1) ≡ 0 (mod 3)", "```", "")


def displaced_fence(d: Draft) -> None:
    d.front().all(f"# {d.name}", "", "```yaml").add("---", "GF107").all(
        f"name: {d.name}", "description: again", f"trit: {SIGNS[d.trit]}", "---", "```", ""
    )


def displaced_block(d: Draft) -> None:
    d.front().all(f"# {d.name}", "").add("---", "GF107")
    d.all(f"name: {d.name}", f"trit: {SIGNS[d.trit]}", f"color: '{COLORS[d.trit][0]}'", "---", "")


FORMS = (
    metadata_quoted, metadata_flow, metadata_int, top_level, role_word, polarity_word, bold, bold_word, bold_assignment,
    bold_inside, quoted, minus_sign, heading, title, title_role, table, table_role, table_bare, generated,
    displaced_fence, displaced_block,
)  # fmt: skip
"""The legacy forms; every one of them declares the draft's trit."""


# ---- forms of triads ---------------------------------------------------------------------------------------------


def fenced_triads(d: Draft, triads: list[list[Draft]]) -> None:
    d.all("## GF(3) Triads", "", "```", "# Core", *(chain(triad) for triad in triads), "```", "")


def prose_triads(d: Draft, triads: list[list[Draft]]) -> None:
    for triad in triads:
        d.all(f"This one belongs to the triad {chain(triad, tail=' = 0')}, which is balanced.", "")


def quoted_triads(d: Draft, triads: list[list[Draft]]) -> None:
    for triad in triads:
        d.add(f"**GF(3) Triad**: `{chain(triad, gap='', tail=' = 0')}`").add()


def tagged_triads(d: Draft, triads: list[list[Draft]]) -> None:
    d.all(
        "**Canonical Triads**:",
        "```",
        *(chain(t, minus="−", tail=" = 0 ✓  [Number Theory]") for t in triads),
        "```",
        "",
    )


def marked_triads(d: Draft, triads: list[list[Draft]]) -> None:
    for triad in triads:
        d.add("- " + " ⊗ ".join(f"`{m.name}` ({SIGNS[m.trit]})" for m in triad) + " ≡ 0 (mod 3) ✓")
    d.add()


def linked_triads(d: Draft, triads: list[list[Draft]]) -> None:
    for triad in triads:
        d.add("* " + " ⊗ ".join(f"[{m.name}](../{m.name}/SKILL.md) ({SIGNS[m.trit]})" for m in triad) + " → 0")
    d.add()


def wrapped_triads(d: Draft, triads: list[list[Draft]]) -> None:
    for triad in triads:
        a, b, c = (f"{m.name} ({SIGNS[m.trit]})" for m in triad)
        d.all("Together they are", f"{a} ⊗ {b}", f"⊗ {c} = 0 ✓", "")


def summed_triads(d: Draft, triads: list[list[Draft]]) -> None:
    for triad in triads:
        d.all(f"Conserved: {chain(triad, sign='+', gap='')}", "")


def tabled_triads(d: Draft, triads: list[list[Draft]]) -> None:
    for triad in triads:
        d.all("| Trit | Skill | Role |", "|------|-------|------|")
        d.all(*(f"| {SIGNS[m.trit]} | {f'**{m.name}**' if m is d else m.name} | Does it |" for m in triad))
        d.all("", "**Conservation**: (-1) + (0) + (+1) = 0 ✓", "")


def skill_first_triads(d: Draft, triads: list[list[Draft]]) -> None:
    for triad in triads:
        d.all("| Skill | Trit | Interface |", "|---|---|---|")
        d.all(*(f"| **{m.name}** | {SIGNS[m.trit]} | Does it |" for m in triad), "| **Sum** | **0 (mod 3)** | ✓ |", "")


TRIADS = (
    fenced_triads, prose_triads, quoted_triads, tagged_triads, marked_triads, linked_triads, wrapped_triads,
    summed_triads, tabled_triads, skill_first_triads,
)  # fmt: skip
"""The forms of triads in a body."""


# ---- what must not be taken for anything -----------------------------------------------------------------------------

TRAPS = (
    ["<!-- Propagated to codex | Trit: 0 | Source: .ruler/skills/x -->", ""],
    ["<!--", "**Trit**: 0", "nobody-there (-1) ⊗ not-here (0) ⊗ gone-too (0) = 0 ✓", "-->", ""],
    ["Skills by trit: 5(+1), 4(-1), 12(0); 3(+1) + 2(-1) + 7(0) = 1.", ""],
    ["```python", "# Trit: 0", "trit = f(1) + g(0) + h(-1)", "Z(0) ⊗ X(1)", "```", ""],
    ["---", "", "Text after a rule.", "", "***", ""],
    ["````markdown", "```", "Trit: -1", "```", "````", "", "~~~", "Trit: +1", "```", "~~~", ""],
    [
        "| Trit | Role | Semantics |",
        "|---|---|---|",
        "| **+1** (PLUS) | Generator | Create |",
        "| 0 | Bridge | Keep |",
        "",
    ],
    ["The verbs read (-1) ⊗ modify (0) ⊗ create (+1) = 0 ✓ and Generator (+1) ⊗ Validator (-1) ⊗ Bridge (0) = 0.", ""],
    ["| Color | Element | Meaning |", "|-------|---------|---------|", "| Green | Hypotheses | Facts |", ""],
    [
        "**Trit assignment**:",
        "  - `0° - 120°` → +1 (PLUS)",
        "",
        "- **Trit Assignment**: MINUS (-1), ERGODIC (0), PLUS (+1)",
        "",
    ],
    ["### other-skill-entirely (0)", "", "**Trit**: -1", "", "## Back", ""],
    ["    **Trit**: -1", "", "Not `**Trit**: -1` either, nor **Trits**: -1, nor **Role**: Validator.", ""],
    ["**GF(3)**: (-1) + (0) + (+1) = 0 ✓", "", "$H_k(0) ⊗ H_{n-k}(0)$ acts on V(1) ⊗ W(0).", ""],
    ["Symbols such as `<!-- gf3:begin -->` are shown, not meant; `<!--` is code.", ""],
    ["```yaml", "---", "name: my-new-skill", "description: an example", "trit: 2", "---", "```", ""],
    ["| **Role** | Slave (receives commands) |", "|---|---|", "| **Mode** | 0 / 1 |", ""],
    ["Name | Trit | -1 | 0 | +1", "--- | --- | --- | --- | ---", "x | y | 1 | 2 | 3", ""],
    ["\tTrit: -1 in a tab-indented line, and a colour #12 or an anchor [x](#overview).", ""],
    ["1. 3-valued logic: **Trit**: {-1, 0, +1}", "", "Issue #123 says so.", ""],
)
"""Text that speaks of trits and declares none."""

FILLER = (
    ["## Overview", "", "It does one thing well, and says so in as many words as that takes. " * 3, ""],
    [
        "```python",
        "def step(state):",
        *(f"    state[{i}] = fold(state[{i}], {i % 3 - 1})" for i in range(24)),
        "```",
        "",
    ],
    ["```clojure", "(defn walk [seed n]", *(f"  (step {i} (mix seed {i}))" for i in range(18)), "```", ""],
    ["| Metric | Target | Description |", "|---|---|---|", *(f"| m{i} | >0.{i}5 | Something |" for i in range(8)), ""],
    [
        "## See Also",
        "",
        *(f"- `thing-{i}` (used for the other half) - see https://example.org/{i}" for i in range(9)),
        "",
    ],
    ["```bash", *(f"just run --seed {i} --trit {i % 3}" for i in range(12)), "```", ""],
)


def fill(d: Draft, chance: random.Random, sections: int, traps: Sequence[list[str]] = TRAPS) -> None:
    for block in chance.sample(traps, 3) + chance.choices(FILLER, k=sections):
        d.all(*block)


# ---- faults --------------------------------------------------------------------------------------------------------


class Fault:
    """Makes one skill with one fault; `pick(trit)` gives another, sound, skill with a trit that nobody else names."""

    def __init__(self, root: Path, name: str, pick: dict[int, list[Draft]], chance: random.Random):
        self.root, self.name, self.spare, self.chance = root, name, pick, chance

    def sound(self, trit: int = 1, **options: str) -> Draft:
        return Draft(self.name, trit, **options)

    def front(self, trit: int = 1) -> Draft:
        d = Draft(self.name, trit)
        d.front(("metadata:",), (f'  gf3-trit: "{SIGNS[trit]}"',))
        return d

    def pick(self, trit: int) -> Draft:
        return self.spare[trit].pop()

    def triad(self, d: Draft) -> list[Draft]:
        rest = [trit for trit in (-1, 0, 1) if trit != d.trit]
        return [d, self.pick(rest[0]), self.pick(rest[1])]

    def gf100_binary(self) -> Draft:
        return self.sound().add("\0\1\2", "GF100")

    def gf101(self) -> Draft:
        return self.sound().add(f"# {self.name}", "GF101").add().add("**Trit**: +1", "GF206")

    def gf101_rule(self) -> Draft:
        return self.sound().add("---", "GF101", "GF201").all("", "Prose over a rule.", "", "---", "", "More.")

    def gf102_colon(self) -> Draft:
        d = self.sound().all("---", f"name: {self.name}").add("description: Foo: bar", "GF102")
        return d.all("metadata:", '  gf3-trit: "+1"', "---", f"# {self.name}")

    def gf102_tab(self) -> Draft:
        d = self.sound().all("---", f"name: {self.name}", "description: d", "metadata:").add("\tgf3-trit: '0'", "GF102")
        return d.all("---", "# x", "**Role**: none").at(1)

    def gf102_unclosed(self) -> Draft:
        return self.sound().add("---", "GF102").all(f"name: {self.name}", "description: d", 'license: "MIT"', "", "# x")

    def gf102_tight(self) -> Draft:
        d = self.sound().add("---").add(f"name:{self.name}", "GF102").all("description:d", "metadata:", "  trit:'0'")
        return d.all("---")

    def gf102_twice(self) -> Draft:
        d = self.sound().all("---", f"name: {self.name}", "description: d").add("description: e", "GF102")
        return d.all("metadata:", "  trit: '0'", "---")

    def gf102_tag(self) -> Draft:
        d = self.sound().all("---", f"name: {self.name}", "description: d", "metadata:", "  trit: '0'")
        return d.add('license: !!python/object/apply:os.system ["touch pwned"]', "GF102").add("---")

    def gf103(self) -> Draft:
        d = self.front()
        d.file = "skill.md"
        return d.at(1, "GF103")

    def gf104_folder(self) -> Draft:
        d = self.sound().add("---").add(f"name: {self.name}x", "GF104")
        return d.all("description: d", "metadata:", "  trit: '0'", "---")

    def gf104_case(self) -> Draft:
        d = self.sound(folder=self.name.upper()).add("---").add(f"name: {self.name.upper()}", "GF104")
        return d.all("description: d", "metadata:", "  trit: '0'", "---")

    def gf104_letters(self) -> Draft:
        name = f"{self.name}-Ж"
        d = self.sound(folder=name).add("---").add(f"name: {name}", "GF104")
        return d.all("description: d", "metadata:", "  trit: '0'", "---")

    def decomposed(self) -> Draft:
        """Letters of any script are legal, and names are compared after composing them: nothing is to be reported."""
        name = f"mö-{self.name}"
        d = self.sound(folder=unicodedata.normalize("NFD", name)).add("---")
        d.add(f"name: {unicodedata.normalize('NFC', name)}").all("description: d", "metadata:", "  trit: '+1'", "---")
        others = [self.pick(-1), self.pick(0)]
        nfd = Draft(unicodedata.normalize("NFD", name), 1)
        return d.add(chain([nfd, *others]))

    def gf104_none(self) -> Draft:
        return self.sound().add("---", "GF104").all("description: d", "metadata:", "  trit: '0'", "---")

    def gf105_missing(self) -> Draft:
        return self.sound().add("---", "GF105").all(f"name: {self.name}", "metadata:", "  trit: '0'", "---")

    def gf105_empty(self) -> Draft:
        return (
            self.sound()
            .all("---", f"name: {self.name}")
            .add("description:", "GF105")
            .all("metadata:", "  trit: '0'", "---")
        )

    def gf106(self) -> Draft:
        return self.sound().front(
            ("version: 1.0.0", "GF106"), ("metadata:",), ("  trit: '0'",), ("tools: [Read]", "GF106")
        )

    def gf107_top(self) -> Draft:
        d = self.sound().add(f"# {self.name}", "GF101").add().add("---", "GF107")
        return d.all(f"name: {self.name}", "description: d", "metadata:", "  trit: '-1'", "---", "text")

    def gf108(self) -> Draft:
        return self.sound().front(
            ("metadata:",),
            ("  trit: '0'",),
            ("  stars: 512", "GF108"),
            ("  ready: true", "GF108"),
            ("  tags: [a, b]", "GF108"),
            ("  on: 2024-01-01", "GF108"),
            ("  ratio: 0.5", "GF108"),
            ("  empty:", "GF108"),
            ("  fine: some text",),
        )

    def gf109(self) -> Draft:
        Draft(self.name, 1, folder=f"{self.name}/skills/{self.name}").front(("metadata:",), ("  trit: '0'",)).save(
            self.root
        )
        d = (
            self.sound(folder=f"{self.name}/skills/{self.name}-z")
            .add("---")
            .add(f"name: {self.name}", "GF104", "GF109")
        )
        return d.all("description: d", "metadata:", "  trit: '0'", "---")

    def gf110(self) -> Draft:
        rows = (("license: [MIT]", "GF110"), (f"compatibility: {'x' * 501}", "GF110"), ("allowed-tools: 3", "GF110"))
        return self.sound().front(*rows, ("metadata:",), ("  trit: '0'",))

    def gf111(self) -> Draft:
        d = self.front()
        d.bom = True
        return d

    def gf112(self) -> Draft:
        d = self.sound().add("---\t", "GF112").all(f"name: {self.name}", "description: d", "metadata:", "  trit: '0'")
        return d.add("---  ", "GF112")

    def gf113(self) -> Draft:
        d = self.sound().all("---", f"name: {self.name}", "description: d", "metadata:", "  trit: '0'")
        return d.add("...", "GF113")

    def gf114(self) -> Draft:
        d = self.sound().all("---", f"name: {self.name}").add("description: Notes for the #releases channel.", "GF114")
        return d.all("metadata:", "  trit: '0'  # a comment", "  about: one two # three", "---")

    def gf201(self) -> Draft:
        return self.sound().front().at(1, "GF201").all("# x", "", "```", "Trit: 0", "```", "```", "Trit: 1", "```")

    def gf202_block(self) -> Draft:
        return self.front().all("# x", "", "```").add("Trit: 0 (ERGODIC)", "GF202").all("Home: Prof", "```")

    def gf202_author(self) -> Draft:
        d = self.sound().front().add("# x (PLUS +1)", "GF206").add()
        return d.add("**Trit**: -1 (MINUS - validator)", "GF202")

    def gf202_generated_after(self) -> Draft:
        d = self.sound().front().all("# x", "", "```").add("Trit: 0 (ERGODIC)", "GF202").all("```", "")
        return d.add("**Trit**: +1", "GF206")

    def gf203_front(self) -> Draft:
        return self.sound().front(("metadata:",), ("  gf3-trit: '2'", "GF203"))

    def gf203_word(self) -> Draft:
        return self.sound().front(("metadata:",), ("  trit: ERGODIK", "GF203"))

    def gf203_body(self) -> Draft:
        return self.sound().front().add("# x").add("**Trit**: +2 (PLUS)", "GF203")

    def gf203_sign(self) -> Draft:
        return self.sound().front().add("# x").add("**Trit**: ±1", "GF203")

    def gf203_float(self) -> Draft:
        return self.sound().front(("trit: 0.5", "GF203", "GF106"))

    def gf203_triad(self) -> Draft:
        d = self.front()
        a, b = self.pick(-1), self.pick(0)
        return d.add(f"{a.name} (-1) ⊗ {b.name} (0) ⊗ {d.name} (+2) = 0 ✓", "GF203")

    def gf203_pair(self) -> Draft:
        a, b = self.pick(-1), self.pick(0)
        triad = f"    {a.name}:-1 {b.name}:0 {self.name}:+1 loose"
        rows = (("metadata:",), ("  gf3-trit: '+1'",), ("  gf3-triads: |",), (triad, "GF203"))
        return self.sound().front(*rows)

    def gf204(self) -> Draft:
        return self.sound().front().add("# x").add("**Trit**: +1 (MINUS - validator)", "GF204", "GF206")

    def gf204_front(self) -> Draft:
        return self.sound().front(("metadata:",), ("  trit: '-1'", "GF204"), ("  role: generator",))

    def gf204_title(self) -> Draft:
        return self.sound().front().add("# x (ERGODIC +1)", "GF204", "GF206")

    def gf301(self) -> Draft:
        d = self.front()
        return d.add("```").add(chain([d, self.pick(1), self.pick(0)]), "GF301").add("```")

    def gf301_front(self) -> Draft:
        a, b = self.pick(1), self.pick(0)
        triad = f"{self.name} (+1) ⊗ {a.name} (+1) ⊗ {b.name} (0)"
        return self.sound().front((f'gf3_triad: "{triad}"', "GF106", "GF301"), ("metadata:",), ("  trit: '+1'",))

    def gf301_words(self) -> Draft:
        return self.front().add("The verbs read (+1) ⊗ modify (+1) ⊗ create (0) = 0 ✓.", "GF301")

    def gf302(self) -> Draft:
        d = self.front()
        return d.add(chain(self.triad(d), tail=" = 1"), "GF302")

    def gf302_cross(self) -> Draft:
        d = self.front()
        return d.add(chain(self.triad(d), tail=" = 0 ✗"), "GF302")

    def gf303(self) -> Draft:
        d = self.front()
        a, b = self.pick(-1), self.pick(0)
        b = Draft(b.name[:-2] + b.name[-1] + b.name[-2] + "q", 0)
        return d.add("Text before it.").add(chain([a, b, d]), "GF303")

    def gf303_sum(self) -> Draft:
        d = self.front()
        a, b = self.pick(-1), self.pick(0)
        b = Draft(b.name + "s", 0)
        return d.add("so " + chain([a, b, d], sign="+"), "GF303")

    def gf303_table(self) -> Draft:
        d = self.front().all("Trit | Skill", "--- | ---", f"-1 | {self.pick(-1).name}")
        return d.add("0 | no-such-thing", "GF303").all(f"+1 | {self.name}", "", "**GF(3)**: (-1) + (0) + (+1) = 0 ✓")

    def gf304(self) -> Draft:
        d = self.front()
        wrong = Draft(self.pick(1).name, 0)
        return d.add(chain([self.pick(-1), wrong, d]), "GF304")

    def gf305(self) -> Draft:
        d = self.front()
        mute = Draft(f"{self.name}-mute", 0).front().at(1, "GF201")
        self.extra = mute.save(self.root)
        return d.add(chain([self.pick(-1), mute, d]), "GF305")

    def gf306(self) -> Draft:
        d = self.front()
        return d.add(chain([*self.triad(d), self.pick(0)], tail="") + " = 0 ✓", "GF306")

    def gf306_plus(self) -> Draft:
        d = self.front()
        return d.add(f"{chain(self.triad(d), tail='')} + {self.pick(0).name} (0) = 0 ✓", "GF306")

    def gf307(self) -> Draft:
        d = self.front()
        triad = self.triad(d)
        return d.add(chain(triad)).add().add("Again: " + chain(triad[::-1]), "GF307")

    def gf308(self) -> Draft:
        d = self.front()
        return d.add(chain([self.pick(-1), self.pick(0), self.pick(1)]), "GF308")

    def gf309(self) -> Draft:
        d = self.front(1)
        me = Draft(self.name, 0)
        return d.add(chain([self.pick(-1), me, self.pick(1)]), "GF309")

    def gf310(self) -> Draft:
        d = self.front(0)
        return d.add(chain([self.pick(0), d, self.pick(0)]), "GF310")

    def gf311(self) -> Draft:
        d = self.front()
        ghost = f"{self.name}-ghost"
        d.add(chain([Draft(ghost, 0), self.pick(-1), d]), "GF303")
        return d.add(chain([Draft(ghost, 1), d, Draft(self.pick(1).name, 1)]), "GF303", "GF310", "GF311")

    def gf312(self) -> Draft:
        d = self.front()
        return d.add(chain([d, self.pick(1), self.pick(0)], tail=" = 2 ✗"), "GF312")

    def gf314(self) -> Draft:
        d, a, b = self.front(), self.pick(1), self.pick(-1)
        d.add(f"Goes with `{a.name}` (0), and with **{b.name}** (-1).", "GF314").add()
        return d.add(f"### With {b.name} (0)", "GF314").add(f"- {a.name} (trit -1)", "GF314")

    def gf401(self) -> Draft:
        return self.sound().front(("metadata:",), ("  trit: '+1'",), ("  color: '#2626D8'", "GF401"))

    def gf402_comment(self) -> Draft:
        return self.sound().front(("metadata:",), ("  trit: '+1'",), ("  gf3-color: #D82626", "GF402"))

    def gf402_short(self) -> Draft:
        return self.front().add("**Color**: Red (#D8262)", "GF402")

    def gf402_hash(self) -> Draft:
        return self.sound().front(("metadata:",), ("  trit: '+1'",), ("  gf3-color: 'D82626'", "GF402"))

    def gf403(self) -> Draft:
        return self.front(-1).add("**Color**: #2626D8 (Coral Red)", "GF403")

    def gf404(self) -> Draft:
        d = self.sound().front(("metadata:",), ("  trit: '0'",), ("  color: '#26D826'",))
        return d.all("# x", "```", "Trit: 0").add("Color: #26D827", "GF404").add("```")

    def gf405(self) -> Draft:
        return self.sound().front(("metadata:",), ("  trit: '0'",), ("  color: '#FFFF00'", "GF405"))

    def gf406(self) -> Draft:
        return self.sound().front(("metadata:",), ("  trit: '0'",), ("  color: '#808080'", "GF406"))

    extra: list[Expected]

    def ignored(self) -> Draft:
        """Faults that the author answers for: nothing is to be reported."""
        d = self.front()
        d.add(chain([self.pick(-1), Draft("far-away", 0), d]) + " <!-- gf3: ignore GF303 -->")
        d.all(
            "",
            "<!-- gf3: ignore GF304, GF308 -->",
            "```",
            chain([self.pick(-1), Draft(self.pick(1).name, 0), self.pick(1)]),
            "```",
        )
        return d.all("", "<!-- gf3: ignore-file GF202 -->", "", "```", "Trit: 0", "```")


FAULTS = tuple(name for name in vars(Fault) if name.startswith("gf") or name in ("ignored", "decomposed"))
"""Every fault that can be planted, by the name of its method."""


def build(root: Path, skills: int = 555, seed: int = 0, sections: int = 6) -> list[Expected]:
    """Write a collection and return what a checker has to find.

    Args:
        root: an empty folder.
        skills: about how many, faults included.
        seed: of all choices.
        sections: how much text a file has besides; 6 makes about 5 KB.
    """
    chance = random.Random(seed)
    names = [f"{a}-{b}" for a in FIRST for b in SECOND]
    chance.shuffle(names)
    expected: list[Expected] = []
    spare: dict[int, list[Draft]] = {-1: [], 0: [], 1: []}
    for index in range(3 * 2 * len(FAULTS)):
        d = Draft(f"spare-{names.pop()}", index % 3 - 1)
        canonical(d, [])
        fill(d, chance, sections)
        expected += d.save(root)
        spare[d.trit].append(d)
    for fault in FAULTS:
        maker = Fault(root, names.pop(), spare, chance)
        maker.extra = []
        expected += _finish(getattr(maker, fault)(), fault, chance).save(root) + maker.extra
    drafts = [Draft(names.pop(), index % 3 - 1) for index in range(max(6, skills - 7 * len(FAULTS)))]
    by_trit = {trit: [d for d in drafts if d.trit == trit] for trit in (-1, 0, 1)}
    for index, d in enumerate(drafts):
        triads = _triads(d, by_trit, chance)
        if index % (len(FORMS) + 1) == 0:
            canonical(d, triads)
        else:
            FORMS[index % (len(FORMS) + 1) - 1](d)
            TRIADS[index % len(TRIADS)](d, triads)
        fill(d, chance, sections, TRAPS if FORMS[index % (len(FORMS) + 1) - 1] is not generated else TRAPS[:5])
        d.end, d.bom = ("\r\n" if index % 7 == 0 else "\n"), index % 11 == 0
        expected += d.save(root)
    return sorted(expected, key=lambda found: (found[1], found[2], found[0]))


def _finish(d: Draft, fault: str, chance: random.Random) -> Draft:
    if fault not in ("gf100_binary", "gf102_unclosed"):
        d.add().all(*chance.choice(FILLER))
    return d


def _triads(d: Draft, by_trit: dict[int, list[Draft]], chance: random.Random) -> list[list[Draft]]:
    rest = [trit for trit in (-1, 0, 1) if trit != d.trit]
    found = [[chance.choice(by_trit[rest[0]]), d, chance.choice(by_trit[rest[1]])] for _ in range(chance.randint(1, 3))]
    return list({frozenset(m.name for m in triad): triad for triad in found}.values())
