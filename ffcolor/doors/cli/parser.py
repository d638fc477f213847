"""The grammar of the `ffcolor` command: every verb, its options and its help. Imports nothing heavy."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from ffcolor.doors.cli import bench, grammar, jvm, skills_grammar
from ffcolor.errors import did_you_mean, hint
from ffcolor.files import visible


class Parser(argparse.ArgumentParser):
    """An argument parser that says what was probably meant."""

    def __init__(self, **kwargs: Any):
        super().__init__(**{"formatter_class": _Formatter, "allow_abbrev": False, **kwargs})

    def error(self, message: str) -> NoReturn:
        """Print one line and leave with exit code 2."""
        self.exit(2, f"{self.prog}: {visible(message)} (see {self.prog} --help)\n")

    def _print_message(self, message: str, file: Any = None) -> None:
        if file is sys.stdout:
            file.write(message)  # argparse would keep quiet about an output that takes nothing
        else:
            super()._print_message(message, file)

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            is_verb = action.dest in ("verb", "skill_verb")
            what = "a verb" if is_verb else "a choice"
            name = "" if is_verb else f" for {'/'.join(action.option_strings) or action.dest}"
            known = [str(choice) for choice in action.choices]
            self.error(f"'{value}' is not {what}{name}: {did_you_mean(value, known)}")

    def knows(self, word: str) -> bool:
        """Whether an option is one of this parser's."""
        return word.partition("=")[0] in self._option_string_actions

    def refuse_unknown(self, words: Sequence[str]) -> NoReturn:
        """Complain of words that no option took, with the nearest option."""
        word = next((each for each in words if each.startswith("-")), words[0])
        if not word.startswith("-"):
            self.error(f"'{word}' is one argument too many")
        name = word.partition("=")[0]
        bare = {option.lstrip("-"): option for option in self._option_string_actions}  # dashes are alike in all
        close = hint(name.lstrip("-"), bare)
        self.error(f"there is no option {name}" + (f": did you mean {bare[close]}?" if close else ""))


class _Formatter(argparse.RawDescriptionHelpFormatter):
    def __init__(self, prog: str):
        super().__init__(prog, max_help_position=30, width=100)


_GROUPS = {
    "teach": ("learn", "update"),
    "ask": ("score", "rank", "explain", "info"),
    "make": ("palette", "image", "stream"),
    "look and convert": ("show", "convert"),
    "collections of skills": ("skills",),
    "see it all": ("demo", "bench"),
    "from Clojure": ("repl", "nrepl", "java-cmd"),
}


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line; usage errors leave with exit code 2 after one line."""
    parser, verbs = build()
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given:
        parser.print_help()
        parser.exit(2)
    given, passed = jvm.cut(given)
    name = " ".join(given[:2]) if " ".join(given[:2]) in verbs else given[0]
    for word in given[1:]:  # before anything else, as what is misspelt is missing too
        if name in verbs and word.startswith("--") and not verbs[name].knows(word):
            verbs[name].refuse_unknown([word])
    options, rest = parser.parse_known_args(given)
    for many in ("sources", "paths"):  # argparse closes a list that may be empty before an option that comes first
        if rest and getattr(options, many, None) == [] and all(word == "-" or word[:1] != "-" for word in rest):
            setattr(options, many, rest)
            rest = []
    if rest:
        verbs.get(name, parser).refuse_unknown(rest)
    if not options.verb:
        parser.error("a verb is missing")
    options.parser, options.passed = verbs[name], passed
    return options


def build() -> tuple[Parser, dict[str, Parser]]:
    """The whole parser, and the parser of each verb by name."""
    from ffcolor import __version__

    about: dict[str, str] = {}
    parser = Parser(
        prog="ffcolor",
        usage="ffcolor VERB …",
        description="Teach a computer a taste in colour, in milliseconds, and get palettes out of it.",
        add_help=False,
    )
    flags = parser.add_argument_group("options")
    flags.add_argument("-h", "--help", action="help", help="show this help; ffcolor VERB --help shows a verb's")
    flags.add_argument("--version", action="version", version=f"ffcolor {__version__}")
    sub = parser.add_subparsers(
        dest="verb", prog="ffcolor", metavar="VERB", help=argparse.SUPPRESS, parser_class=Parser
    )
    verbs: dict[str, Parser] = {}

    def add(name: str, line: str, examples: str, *, sources: bool = False) -> Parser:
        about[name] = line
        epilog = "examples\n" + "\n".join(f"  {each}" for each in examples.strip().splitlines())
        verbs[name] = sub.add_parser(
            name,
            description=line[0].upper() + line[1:] + ".",
            epilog=epilog + ("\n\n" + grammar.SOURCES if sources else ""),
            help=line,
        )
        return verbs[name]

    for part in (*grammar.PARTS, bench.grammar, jvm.grammar):
        part(add)
    skills = add("skills", skills_grammar.ABOUT, "ffcolor skills check skills\nffcolor skills fix skills --diff")
    verbs |= skills_grammar.add_verbs(skills, Parser)
    for name, verb in verbs.items():
        if name not in ("repl", "nrepl"):
            grammar.common(verb)
    listing = "\n".join(
        f"{title}:\n" + "\n".join(f"  {name:<9} {about[name]}" for name in names) for title, names in _GROUPS.items()
    )
    parser.epilog = f"""{listing}

a first taste
  ffcolor learn --like ffd1dc c1e1c1 aec6cf --dislike 8b0000 003300 black -o soft.safetensors
  ffcolor palette soft.safetensors -n 5
  ffcolor palette soft.safetensors -n 8 -o soft.css

exit codes: 0 done, 1 bad data or a bad file, 2 bad usage, 130 interrupted.
FFCOLOR_DEBUG=1 shows the whole traceback of an error."""
    return parser, verbs
