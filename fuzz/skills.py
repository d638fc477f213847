"""Fuzzing the skill linter with atheris: any bytes may be a SKILL.md; no crash, no hang, places that exist.

`make fuzz` runs this for a minute. By hand: ``python fuzz/skills.py -max_total_time=60 folder-of-findings``.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["ffcolor", "yaml"]):
    from ffcolor.skills.catalog import RULES
    from ffcolor.skills.checks.run import check_collection
    from ffcolor.skills.model import Skill
    from ffcolor.skills.reading.collection import assemble
    from ffcolor.skills.reading.skill_file import read_skill

PIECES = (
    "---\n", "name: me\n", "description: d\n", "metadata:\n", "  gf3-trit: '+1'\n", "  trit: 0\n", "trit: -1\n",
    "color: #D82626\n", "  gf3-triads: |\n", "    a-b:-1 me:+1 c:0\n",
    "gf3_triad: 'a-b (-1) ⊗ c (0) ⊗ me (+1)'\n", "role: plus\n", "```\n", "````\n", "~~~\n", "```yaml\n",
    "**Trit**: ", "**Color**: ", "+1 (PLUS)", "ERGODIC (0)", "−1", "Red (#D82626)", "#12G", "# T (ERGODIC 0)\n",
    "## GF(3) Trit: 2\n", "| Trit | ", "| Skill |\n", "|---|---|\n", "| -1 | a-b |\n", "| 0 | c |\n",
    "| Role | SLAVE (-1) |\n", "Trit: 0\n", "Color: #26D826\n", "<!--", "-->", "<!-- gf3:begin -->\n",
    "<!-- gf3:end -->\n", "<!-- gf3: ignore GF303 -->\n", "a-b (-1)", " ⊗ ", " + ", "c(0)", "me (+1)", "x (7)",
    " = 0 ✓\n", " = 1 ✗\n", " ≠ 0", " [tag]", "\n", "\r\n", "\t", "> ", "- ", "    ", "&a ", "*a",
    "!!python/name:x ", "[", "{", "]", "}", ": ", "'", '"', "\\", "|", "e\u0301", "\u2028", "\ufeff",
    "# gf3: ignore GF1\n",
)  # fmt: skip
READ = (
    read_skill(f"---\nname: {name}\ntrit: 0\n---\n".encode(), f"{name}/SKILL.md", ".", name) for name in ("a-b", "c")
)
OTHERS = tuple(skill for skill in READ if isinstance(skill, Skill))
EVERY = frozenset(RULES)


def text_of(data: bytes) -> bytes:
    """The bytes themselves, or, after a 1, pieces of real files that they number, with single characters between."""
    if data[:1] != b"\1":
        return data
    return "".join(PIECES[byte % len(PIECES)] if byte < 224 else chr(byte - 192) for byte in data[1:]).encode()


def one(data: bytes) -> None:
    """Read and check one file; what is wrong with it may be reported, and nothing else may happen."""
    skill = read_skill(text_of(data), "me/SKILL.md", "nowhere", "me")
    if not isinstance(skill, Skill):
        return
    for problem in check_collection(assemble(("nowhere",), (*OTHERS, skill)), EVERY):
        if problem.path == skill.path:
            assert 1 <= problem.line <= len(skill.lines), problem
            assert 1 <= problem.column <= len(skill.lines[problem.line - 1]) + 1, problem


def seeds() -> list[bytes]:
    """Where to begin: all pieces in order, in both ways of writing them, whole and in parts."""
    numbers = bytes(range(len(PIECES)))
    parts = [numbers, numbers[:12] + b"\0", b"\0\1\2\3\4\x08\x09\0" + numbers[12:], numbers[38:] + numbers[12:38]]
    return [form for part in parts for form in (b"\1" + part, text_of(b"\1" + part))]


if __name__ == "__main__":
    for seed in seeds():
        one(seed)
    for folder in (Path(argument) for argument in sys.argv[1:] if not argument.startswith("-")):
        folder.mkdir(parents=True, exist_ok=True)
        for number, seed in enumerate(seeds()):
            (folder / f"seed-{number}").write_bytes(seed)
    atheris.Setup([*sys.argv, "-timeout=20", "-max_len=4000"], one)
    atheris.Fuzz()
