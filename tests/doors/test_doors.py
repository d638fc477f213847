"""Every verb through every door: the library, the table of verbs, the shell and Clojure answer and complain alike.

A verb is a row of `CASES`, what it complains of a row of `ERRORS`. ``{model}`` and the like in a row are filled in from
`places`: the paths of a model, of an image, of a folder of skills and of a folder to write to.
"""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from ffcolor import ColorPreference, Palette, streams
from ffcolor.color import to_hex
from ffcolor.doors import verbs
from ffcolor.doors.cli import main
from ffcolor.doors.cli.exits import in_shell
from ffcolor.doors.columns import as_json
from tests.bridge.jvm import FFCOLOR_JAVA, environment, needs_jdk

LIKED = ["#ffd1dc", "#c1e1c1", "#aec6cf", "#fdfd96"]
DISLIKED = ["#8b0000", "#003300", "#000000", "#4b0082"]
ASKED = ["#ffc0cb", "#000000", "#88ccee", "#550000"]
SKILL = "---\nname: blue\ndescription: Paints blue.\ntrit: 7\n---\n# Blue\n"
TRIAD = """---
name: {name}
description: Does it.
metadata:
  gf3-trit: "{trit:+d}"
---
# {name}

ash (+1) ⊗ bay (+1) ⊗ elm (0) = 0 ✓
"""
EDN = {"liked": json.dumps(LIKED), "disliked": json.dumps(DISLIKED), "asked": json.dumps(ASKED)}

Plain = Any


class Case(NamedTuple):
    """One verb with the same input at every door."""

    verb: str
    arguments: dict[str, Plain]
    """For `call`."""
    shell: list[str]
    """The words behind ``ffcolor``; ``--json`` is added."""
    clojure: str
    """A form; `ff` is ffcolor.core, and `model` the model."""
    seen: Callable[[Plain], Plain] = lambda answer: answer
    """What Clojure's own function shows of the table's answer."""
    library: Callable[[ColorPreference], Plain] | None = None
    """The same in Python, from the model: compared with `seen`."""
    shell_code: int = 0
    unlike: tuple[str, ...] = ()
    """Fields that differ from door to door: times, and paths of files that each door writes for itself."""


def column(name: str) -> Callable[[Plain], Plain]:
    return lambda answer: [row[name] for row in answer["colors"]]


def learned(answer: Plain) -> Plain:
    return {"drawn": answer["drawn"]}


TIMES = ("milliseconds", "model", "output")
CASES = [
    Case(
        "learn",
        {"liked": LIKED, "disliked": DISLIKED, "output": "{out}/table.safetensors"},
        ["learn", "--like", *LIKED, "--dislike", *DISLIKED, "-o", "{out}/shell.safetensors"],
        '(ff/verb :learn {{:liked {liked} :disliked {disliked} :output "{out}/clojure.safetensors"}})',
        unlike=TIMES,
    ),
    Case(
        "learn",
        {"liked": LIKED, "seed": 3, "output": "{out}/table-3.safetensors"},
        ["learn", "--like", *LIKED, "--seed", "3", "-o", "{out}/shell-3.safetensors"],
        "(let [learned (ff/ff-color-learning {liked} nil {{:seed 3}})]"
        '  (ff/save! (:model learned) "{out}/clojure-3.safetensors")'
        "  (select-keys (ff/info (:model learned)) [:drawn]))",
        seen=learned,
        unlike=TIMES,
    ),
    Case(
        "update",
        {"model": "{out}/table.safetensors", "liked": ["pink"], "disliked": ["lime"]},
        ["update", "{out}/shell.safetensors", "--like", "pink", "--dislike", "lime"],
        '(-> (ff/load-model "{out}/clojure.safetensors") (ff/update-model [:pink] [:lime])'
        '    (ff/save! "{out}/clojure.safetensors") ff/info (select-keys [:drawn]))',
        seen=learned,
        unlike=TIMES,
    ),
    Case(
        "score",
        {"model": "{model}", "colors": ASKED},
        ["score", "{model}", *ASKED],
        "(ff/score model {asked})",
        seen=column("score"),
        library=lambda taste: taste.score(ASKED).tolist(),
    ),
    Case(
        "score",
        {"model": "{model}", "colors": ASKED},
        ["score", "{model}", *ASKED],
        "(ff/probability model {asked})",
        seen=column("probability"),
        library=lambda taste: taste.probability(ASKED).tolist(),
    ),
    Case(
        "rank",
        {"model": "{model}", "colors": ASKED, "top": 3},
        ["rank", "{model}", *ASKED, "--top", "3"],
        "(mapv #(-> % (dissoc :color :liked?) (assoc :liked (:liked? %))) (ff/rank model {asked} {{:top 3}}))",
        seen=lambda answer: answer["colors"],
    ),
    Case(
        "rank",
        {"model": "{model}", "colors": ASKED},
        ["rank", "{model}", *ASKED],
        "(mapv :index (ff/rank model {asked}))",
        seen=column("index"),
        library=lambda taste: taste.rank(ASKED).tolist(),
    ),
    Case(
        "explain",
        {"model": "{model}", "color": "crimson"},
        ["explain", "{model}", "crimson"],
        "(ff/explain model :crimson)",
        library=lambda taste: taste.explain("crimson"),
    ),
    Case(
        "palette",
        {"model": "{model}", "n": 6, "locked": ["#ffd1dc"], "background": "#102030", "contrast": 3.0, "title": "soft"},
        ["palette", "{model}", "-n", "6", "--lock", "#ffd1dc", "--background", "#102030", "--contrast", "3"],
        '(ff/palette model 6 {{:locked ["#ffd1dc"] :background "#102030" :contrast 3.0}})',
        seen=column("hex"),
        library=lambda taste: taste.palette(6, locked=["#ffd1dc"], background="#102030", contrast=3.0).hex,
    ),
    Case(
        "palette",
        {"model": "{model}", "n": 4, "title": "soft"},
        ["palette", "{model}", "-n", "4"],
        '(assoc (meta (ff/palette model 4)) :title "soft")',
    ),
    Case(
        "stream",
        {"name": "lch", "seed": 42, "start": 5, "count": 9},
        ["stream", "lch", "--seed", "42", "--start", "5", "--count", "9"],
        "(ff/verb :stream {{:name :lch :seed 42 :start 5 :count 9}})",
    ),
    Case(
        "stream",
        {"name": "genesis:1069:1-32"},
        ["stream", "genesis:1069:1-32"],
        '(let [rows (ff/stream "genesis:1069:1-32")] {{:colors (mapv :hex rows) :trits (mapv :trit rows)}})',
        seen=lambda answer: {"colors": answer["colors"], "trits": answer["trits"]},
        library=lambda taste: {
            "colors": to_hex(streams.parse("genesis:1069:1-32")),
            "trits": streams.trits("genesis", 1069, 1, 32).tolist(),
        },
    ),
    Case("show", {"colors": ASKED}, ["show", *ASKED], "(ff/show {asked})"),
    Case(
        "show",
        {"colors": ASKED},
        ["show", *ASKED],
        "(mapv :hex (:colors (ff/show {asked})))",
        seen=column("hex"),
        library=lambda taste: Palette(ASKED).hex,
    ),
    Case(
        "convert",
        {"colors": ASKED, "format": "css"},
        ["convert", *ASKED, "--format", "css"],
        "(ff/convert {asked} :css)",
        seen=lambda answer: answer["text"],
        library=lambda taste: Palette(ASKED).to("css"),
    ),
    Case(
        "convert",
        {"colors": ASKED, "format": "ase"},
        ["convert", *ASKED, "--format", "ase"],
        '(.encodeToString (java.util.Base64/getEncoder) (ff/convert {asked} :ase {{:title "palette"}}))',
        seen=lambda answer: answer["base64"],
    ),
    Case(
        "image",
        {"image": "{image}", "model": "{model}", "n": 4, "output": "{out}/table.png"},
        ["image", "{model}", "{image}", "-n", "4", "-o", "{out}/shell.png"],
        '(ff/verb :image {{:image "{image}" :model model :n 4 :output "{out}/clojure.png"}})',
        unlike=TIMES,
    ),
    Case("info", {"model": "{model}"}, ["info", "{model}"], "(ff/info model)"),
    Case("info", {}, ["info"], "(ff/info)"),
    Case(
        "skills_check",
        {"paths": ["{skills}"]},
        ["skills", "check", "{skills}"],
        '(let [found (ff/validate-skills "{skills}")] (assoc (meta found) :problems found))',
        shell_code=1,
    ),
    Case(
        "skills_fix",
        {"paths": ["{skills}"]},
        ["skills", "fix", "{skills}", "--diff"],
        '(ff/verb :skills-fix {{:paths ["{skills}"]}})',
        shell_code=1,
        unlike=("files",),  # the shell leaves two columns out, for scripts that know it as it was
    ),
    Case(
        "skills_explain",
        {"codes": ["GF105", "GF304"]},
        ["skills", "explain", "GF105", "GF304"],
        '(ff/verb :skills-explain {{:codes ["GF105" "GF304"]}})',
    ),
    Case(
        "skills_repair",
        {"paths": ["{triads}"]},
        ["skills", "repair", "{triads}"],
        '(ff/verb :skills-repair {{:paths ["{triads}"]}})',
        shell_code=1,
    ),
    Case(
        "skills_partners",
        {"names": ["ash"], "paths": ["{triads}"], "top": 3},
        ["skills", "partners", "ash", "--in", "{triads}", "--top", "3"],
        '(ff/verb :skills-partners {{:names ["ash"] :paths ["{triads}"] :top 3}})',
    ),
    Case(
        "skills_pack",
        {"paths": ["{triads}"]},
        ["skills", "pack", "{triads}"],
        '(ff/verb :skills-pack {{:paths ["{triads}"]}})',
    ),
    Case(
        "skills_lock",
        {"path": "{triads}"},
        ["skills", "lock", "{triads}"],
        '(ff/verb :skills-lock {{:path "{triads}"}})',
        unlike=("text",),  # which the shell writes to the file
    ),
    Case(
        "skills_graph",
        {"paths": ["{triads}"], "format": "dot"},
        ["skills", "graph", "{triads}", "--format", "dot"],
        '(ff/verb :skills-graph {{:paths ["{triads}"] :format "dot"}})',
    ),
]


class Error(NamedTuple):
    """One mistake, made at every door."""

    verb: str
    arguments: dict[str, Plain]
    shell: list[str] | None
    """None where the shell has no way to make this mistake."""
    clojure: str
    shell_code: int = 1
    shell_says: str | None = None
    """The shell's own wording, where an option is called something else there; None for the table's message."""
    clojure_says: str | None = None
    """The same for Clojure."""


ERRORS = [
    Error(
        "learn",
        {"liked": "bluw"},
        ["learn", "--like", "bluw", "-o", "{out}/no.safetensors"],
        '(ff/ff-color-learning "bluw" nil)',
    ),
    Error(
        "learn",
        {"liked": LIKED, "steps": 0},
        None,
        "(ff/ff-color-learning {liked} nil {{:steps 0}})",
    ),
    Error(
        "update",
        {"model": "{model}"},
        ["update", "{model}"],
        "(ff/update-model model nil nil)",
        shell_code=2,
        shell_says="give --like, --dislike, or both",
    ),
    Error(
        "score",
        {"model": "{out}/none.safetensors", "colors": "red"},
        ["score", "{out}/none.safetensors", "red"],
        '(ff/score (ff/load-model "{out}/none.safetensors") :red)',
    ),
    Error("score", {"model": "{model}", "colors": "12g"}, ["score", "{model}", "12g"], '(ff/score model "12g")'),
    Error(
        "rank",
        {"model": "{model}", "colors": "red", "top": 0},
        ["rank", "{model}", "red", "--top", "0"],
        "(ff/rank model :red {{:top 0}})",
        shell_code=2,
        shell_says="--top is 0; it must be at least 1",
        clojure_says=":top is 0; it must be a whole number, at least 1",
    ),
    Error(
        "explain",
        {"model": "{model}", "color": "red blue"},
        ["explain", "{model}", "red blue"],
        '(ff/explain model "red blue")',
    ),
    Error("palette", {"n": 300}, ["palette", "-n", "300"], "(ff/palette nil 300)"),
    Error(
        "palette",
        {"n": 200, "min_delta_e": 100},
        ["palette", "-n", "200", "--min-delta-e", "100"],
        "(ff/palette nil 200 {{:min-delta-e 100}})",
    ),
    Error(
        "stream",
        {"count": -1},
        ["stream", "genesis", "--count", "-1"],
        "(ff/verb :stream {{:count -1}})",
    ),
    Error("show", {"colors": "bluw"}, ["show", "bluw"], '(ff/show "bluw")'),
    Error(
        "convert",
        {"colors": "red", "format": "doc"},
        ["convert", "red", "--format", "doc"],
        "(ff/convert :red :doc)",
        shell_code=2,
        shell_says="'doc' is not a choice for -f/--format: there are",
    ),
    Error(
        "image",
        {"image": "{out}/none.png", "model": "{model}"},
        ["image", "{model}", "{out}/none.png"],
        '(ff/verb :image {{:image "{out}/none.png" :model model}})',
    ),
    Error(
        "image",
        {"image": "{image}", "model": "{model}", "output": "{out}/x.doc"},
        ["image", "{model}", "{image}", "-o", "{out}/x.doc"],
        '(ff/verb :image {{:image "{image}" :model model :output "{out}/x.doc"}})',
    ),
    Error(
        "info",
        {"model": "{out}/none.safetensors"},
        ["info", "{out}/none.safetensors"],
        '(ff/verb :info {{:model "{out}/none.safetensors"}})',
    ),
    Error(
        "skills_check",
        {"paths": ["{out}/none"]},
        ["skills", "check", "{out}/none"],
        '(ff/validate-skills "{out}/none")',
        shell_code=2,
    ),
    Error(
        "skills_check",
        {"paths": ["{skills}"], "select": ["XX9"]},
        ["skills", "check", "{skills}", "--select", "XX9"],
        '(ff/validate-skills "{skills}" {{:select ["XX9"]}})',
        shell_code=2,
    ),
    Error(
        "skills_fix",
        {"paths": ["{out}/none"]},
        ["skills", "fix", "{out}/none"],
        '(ff/verb :skills-fix {{:paths ["{out}/none"]}})',
        shell_code=2,
    ),
    Error(
        "skills_explain",
        {"codes": ["GF999"]},
        ["skills", "explain", "GF999"],
        '(ff/verb :skills-explain {{:codes ["GF999"]}})',
        shell_code=2,
    ),
    Error(
        "skills_repair",
        {"paths": ["{triads}"], "drop": 0},
        ["skills", "repair", "{triads}", "--drop", "0"],
        '(ff/verb :skills-repair {{:paths ["{triads}"] :drop 0}})',
        shell_code=2,
        shell_says="--drop is 0; it must be a number above 0",
    ),
    Error(
        "skills_partners",
        {"names": ["oak"], "paths": ["{triads}"]},
        ["skills", "partners", "oak", "--in", "{triads}"],
        '(ff/verb :skills-partners {{:names ["oak"] :paths ["{triads}"]}})',
        shell_code=2,
    ),
    Error(
        "skills_pack",
        {"paths": ["{out}/none"]},
        ["skills", "pack", "{out}/none"],
        '(ff/verb :skills-pack {{:paths ["{out}/none"]}})',
        shell_code=2,
    ),
    Error(
        "skills_lock",
        {"path": "{out}/none"},
        ["skills", "lock", "{out}/none"],
        '(ff/verb :skills-lock {{:path "{out}/none"}})',
        shell_code=2,
    ),
    Error(
        "skills_graph",
        {"paths": ["{out}/none"]},
        ["skills", "graph", "{out}/none"],
        '(ff/verb :skills-graph {{:paths ["{out}/none"]}})',
        shell_code=2,
    ),
    Error(
        "show",
        {"colors": ["#ff000080"]},
        ["show", "#ff000080"],
        '(ff/show ["#ff000080"])',
        clojure_says='color 0: "#ff000080" is translucent (alpha 0.502); drop its alpha',
        shell_says="'#ff000080' is translucent (alpha 0.502); drop its alpha",
    ),
    Error("show", {"colours": 1}, None, "(ff/verb :show {{:colours 1}})"),
    Error("shw", {}, None, "(ff/verb :shw)"),
]

PROGRAM = """
(require '[clojure.edn :as edn] '[ffcolor.core :as ff] '[ffcolor.header :as header])
(defn json [value] (first (header/write value)))
(def model (ff/load-model (second *command-line-args*)))
(doseq [form (edn/read-string (slurp (first *command-line-args*)))]
  (println (json (try {:answer ((load-string (str "(fn [] " form ")")))}
                      (catch Throwable e
                        {:code (:code (ex-data e)) :message (ex-message e)
                         :traceback (:traceback (ex-data e))})))))
(System/exit 0)
"""


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    from PIL import Image

    folder = tmp_path_factory.mktemp("doors")
    ColorPreference().fit(LIKED, DISLIKED).save(folder / "soft.safetensors")
    Image.linear_gradient("L").resize((24, 16)).convert("RGB").save(folder / "grey.png")
    skill = folder / "skills" / "blue" / "SKILL.md"
    skill.parent.mkdir(parents=True)
    skill.write_text(SKILL)
    for name, trit in (("ash", 1), ("bay", 1), ("elm", 0)):  # which do not balance
        each = folder / "triads" / name / "SKILL.md"
        each.parent.mkdir(parents=True)
        each.write_text(TRIAD.format(name=name, trit=trit), encoding="utf-8")
    named = {"model": "soft.safetensors", "image": "grey.png", "skills": "skills", "triads": "triads", "out": "."}
    return {name: str(folder / place) for name, place in named.items()}


@pytest.fixture(scope="module")
def model(places):
    return places["model"]


@pytest.fixture(scope="module")
def tabled(places):
    """What the table of verbs answers to each case."""
    return [json.loads(as_json(verbs.call(case.verb, **filled(case.arguments, places)))) for case in CASES]


@pytest.fixture(scope="module")
def spoken(places, tabled):
    """What Clojure prints for each case and each error: one process for all of them."""
    folder = places["out"]
    forms = [form.format(**EDN, **places) for form in [row.clojure for row in (*CASES, *ERRORS)]]
    paths = [os.path.join(folder, name) for name in ("doors.clj", "forms.edn")]
    for path, text in zip(paths, (PROGRAM, json.dumps(forms)), strict=True):
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    from ffcolor_bridge import classpath

    jars = os.pathsep.join(classpath.installed("org.clojure", "clojure"))
    command = [FFCOLOR_JAVA, "-XX:TieredStopAtLevel=1", "-cp", jars, "clojure.main", *paths, places["model"]]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, env=environment())
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(lines) == len(forms), done.stdout
    return lines


def filled(value, places):
    """A row's value with the places filled in."""
    if isinstance(value, str):
        return value.format(**places)
    if isinstance(value, dict):
        return {key: filled(each, places) for key, each in value.items()}
    return [filled(each, places) for each in value] if isinstance(value, list) else value


def same(one, other):
    """Whether two answers are alike: numbers to a millionth."""
    if isinstance(one, bool) or isinstance(other, bool) or not isinstance(one, (int, float, dict, list)):
        return one == other
    if isinstance(one, dict):
        return isinstance(other, dict) and one.keys() == other.keys() and all(same(one[k], other[k]) for k in one)
    if isinstance(one, list):
        return isinstance(other, list) and len(one) == len(other) and all(map(same, one, other))
    return isinstance(other, (int, float)) and abs(one - other) <= 1e-6


def underscored(value):
    """An answer with its keys as Clojure's printer writes them."""
    if isinstance(value, dict):
        return {re.sub(r"(?<=\w)-(?=\w)", "_", key): underscored(each) for key, each in value.items()}
    return [underscored(each) for each in value] if isinstance(value, list) else value


def without(answer, names):
    return {key: value for key, value in answer.items() if key not in names} if isinstance(answer, dict) else answer


@pytest.fixture
def shell(capfd, monkeypatch):
    def shell(*arguments, stdin="", code=0):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        capfd.readouterr()
        assert main([*map(str, arguments), "--json"]) == code
        return json.loads(capfd.readouterr().out)

    return shell


def numbered(rows):
    return [pytest.param(place, id=f"{row.verb}-{place}") for place, row in enumerate(rows)]


def test_every_verb_has_its_case_and_its_error():
    assert {case.verb for case in CASES} == set(verbs.VERBS)
    assert {error.verb for error in ERRORS} >= set(verbs.VERBS)


@pytest.mark.parametrize("place", numbered(CASES))
def test_the_shell_and_the_library_answer_as_the_table(place, places, tabled, shell):
    case, table = CASES[place], tabled[place]
    answer = shell(*filled(case.shell, places), code=case.shell_code)
    assert without(answer, case.unlike) == without(table, case.unlike)
    if case.library is not None:
        assert same(case.library(ColorPreference.load(places["model"])), case.seen(table))


@needs_jdk
@pytest.mark.parametrize("place", numbered(CASES))
def test_clojure_answers_as_the_table(place, tabled, spoken):
    case, printed = CASES[place], spoken[place]
    assert "answer" in printed, printed
    expected = underscored(without(case.seen(tabled[place]), case.unlike))
    assert same(without(printed["answer"], case.unlike), expected), (printed["answer"], expected)


def error_of(error, places):
    from ffcolor.errors import FfcolorError

    with pytest.raises(FfcolorError) as caught:
        verbs.call(error.verb, **filled(error.arguments, places))
    return caught.value


@pytest.mark.parametrize("place", numbered(ERRORS))
def test_the_shell_complains_as_the_table(place, places, capfd):
    error = ERRORS[place]
    caught = error_of(error, places)
    if error.shell is None:
        return
    capfd.readouterr()
    assert main(filled(error.shell, places)) == error.shell_code
    out, said = capfd.readouterr()
    assert out == ""
    if error.shell_says is None:
        assert said == f"ffcolor: {in_shell(caught)}\n"
        assert caught.message.partition(" ")[2] in said
    else:
        assert said.partition(": ")[2].startswith(error.shell_says)
        assert said.count("\n") == 1


@needs_jdk
@pytest.mark.parametrize("place", numbered(ERRORS))
def test_clojure_complains_as_the_table(place, places, spoken):
    error, printed = ERRORS[place], spoken[len(CASES) + place]
    caught = error_of(error, places)
    assert printed.get("code") == caught.code, printed
    assert printed["message"] == (str(caught) if error.clojure_says is None else error.clojure_says)


@needs_jdk
def test_every_door_writes_the_same_files(places, tabled, spoken, shell):
    for case in CASES:
        if case.verb in ("learn", "update"):
            shell(*filled(case.shell, places))
    taste = ColorPreference().fit(LIKED, DISLIKED).update(["pink"], ["lime"])
    taste.save(os.path.join(places["out"], "library.safetensors"))
    ColorPreference(seed=3).fit(LIKED).save(os.path.join(places["out"], "library-3.safetensors"))
    for suffix in (".safetensors", "-3.safetensors"):
        written = [f"{places['out']}/{door}{suffix}" for door in ("library", "table", "shell", "clojure")]
        contents = set()
        for path in written:
            with open(path, "rb") as file:
                contents.add(file.read())
        assert len(contents) == 1, suffix


# ---- by hand: the standard input, and other words for the same ---------------------------------------------------


def test_learn_and_update(shell, tmp_path):
    paths = [tmp_path / f"{door}.safetensors" for door in ("library", "table", "shell")]
    ColorPreference().fit(LIKED, DISLIKED).update(["pink"], ["lime"]).save(paths[0])
    verbs.call("learn", liked=LIKED, disliked=DISLIKED, output=str(paths[1]))
    verbs.call("update", model=str(paths[1]), liked=["pink"], disliked=["lime"])
    shell("learn", "--like", *LIKED, "--dislike", *DISLIKED, "-o", paths[2])
    shell("update", paths[2], "--like", "pink", "--dislike", "lime")
    assert len({path.read_bytes() for path in paths}) == 1


def test_learn_writes_the_same_bytes(shell, tmp_path):
    paths = [tmp_path / f"{door}.safetensors" for door in ("library", "table", "shell")]
    ColorPreference(seed=3).fit(LIKED).save(paths[0])
    verbs.call("learn", liked=LIKED, seed=3, output=str(paths[1]))
    shell("learn", "--like", "-", "--seed", 3, "-o", paths[2], stdin="\n".join(LIKED))
    assert len({path.read_bytes() for path in paths}) == 1


def test_score_and_rank(shell, model):
    taste = ColorPreference.load(model)
    rows = verbs.call("score", model=model, colors=ASKED)["colors"]
    assert [row["score"] for row in rows] == taste.score(ASKED).tolist()
    assert shell("score", model, *ASKED) == {"colors": rows}
    ranked = verbs.call("rank", model=model, colors=ASKED)["colors"]
    assert [row["index"] for row in ranked] == taste.rank(ASKED).tolist()
    assert shell("rank", model, "-", stdin=" ".join(ASKED)) == {"colors": ranked}


def test_explain(shell, model):
    expected = ColorPreference.load(model).explain("crimson")
    assert verbs.call("explain", model=model, color="crimson") == expected
    assert shell("explain", model, "crimson") == expected


@pytest.mark.parametrize("background", [None, "#102030"])
def test_palette(shell, model, background):
    expected = ColorPreference.load(model).palette(6, locked=["#ffd1dc"], background=background, contrast=3.0)
    wish = ["--background", background, "--contrast", 3] if background else []
    table = verbs.call(
        "palette", model=model, n=6, locked=["#ffd1dc"], background=background, contrast=3.0, title="soft"
    )
    assert [row["hex"] for row in table["colors"]] == expected.hex
    assert table["min_delta_e"] == expected.min_delta_e()
    assert shell("palette", model, "-n", 6, "--lock", "#ffd1dc", *wish) == table


def test_streams(shell):
    expected = to_hex(streams.stream("lch", 42, 5, 9))
    table = verbs.call("stream", name="lch", seed=42, start=5, count=9)
    assert table["colors"] == expected
    assert shell("stream", "lch", "--seed", 42, "--start", 5, "--count", 9) == table


def test_show_convert_and_info(shell, model):
    table = verbs.call("show", colors=ASKED)
    assert [row["hex"] for row in table["colors"]] == Palette(ASKED).hex
    assert shell("show", *ASKED) == table
    assert shell("convert", *ASKED, "--format", "css") == verbs.call("convert", colors=ASKED, format="css")
    assert verbs.call("convert", colors=ASKED, format="css")["text"] == Palette(ASKED).to("css")
    assert shell("info", model) == verbs.call("info", model=model)
    assert shell("info") == verbs.call("info")
