"""Every verb through every door: the library, the table of verbs, the shell and Clojure answer and complain alike."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import warnings

import pytest
from ffcolor_bridge.wire import in_clojure

from ffcolor import ColorPreference
from ffcolor.doors import verbs
from ffcolor.doors.cli import main
from ffcolor.doors.cli.exits import in_shell
from ffcolor.doors.cli.stdio import as_json
from ffcolor.errors import FfcolorError
from tests.bridge.jvm import FFCOLOR_JAVA, environment, needs_clojure
from tests.doors.cases import CASES, DISLIKED, EDN, LIKED, SKILL, TRIAD, without
from tests.doors.mistakes import ERRORS

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
    """What the table of verbs answers to each case, with what it warns of, as every door adds it."""
    return [answered(case.verb, filled(case.arguments, places)) for case in CASES]


def answered(verb, arguments):
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        answer = json.loads(as_json(verbs.call(verb, **arguments)))
    said = [each.message.message for each in told]
    return answer | {"warnings": said} if said else answer


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
    answer = shell(*filled(case.shell, places), stdin=case.stdin, code=case.shell_code)
    assert without(answer, case.unlike) == without(table, case.unlike)
    if case.library is None:
        assert case.verb in ("learn", "update")  # whose files are compared, below
    else:
        found = case.library(ColorPreference.load(places["model"]), places)
        assert same(found, (case.library_seen or case.seen)(table)), found


@needs_clojure
@pytest.mark.parametrize("place", numbered(CASES))
def test_clojure_answers_as_the_table(place, tabled, spoken):
    case, printed = CASES[place], spoken[place]
    assert "answer" in printed, printed
    expected = underscored(without(case.seen(tabled[place]), case.unlike))
    assert same(without(printed["answer"], case.unlike), expected), (printed["answer"], expected)


def error_of(error, places):
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


@pytest.mark.parametrize("error", [pytest.param(row, id=row.verb) for row in ERRORS if row.library])
def test_the_library_complains_as_the_table(error, places):
    table = error_of(error, places)
    with pytest.raises(FfcolorError) as caught:
        error.library(ColorPreference.load(places["model"]), places)
    assert (caught.value.code, str(caught.value)) == (table.code, str(table))


@needs_clojure
@pytest.mark.parametrize("place", numbered(ERRORS))
def test_clojure_complains_as_the_table(place, places, spoken):
    error, printed = ERRORS[place], spoken[len(CASES) + place]
    caught = error_of(error, places)
    assert printed.get("code") == caught.code, printed
    told = str(caught).replace(caught.message, in_clojure(caught), 1)
    assert printed["message"] == (told if error.clojure_says is None else error.clojure_says)


@needs_clojure
def test_every_door_writes_the_same_files(places, tabled, spoken, shell):
    from PIL import Image

    for case in CASES:
        if case.verb in ("learn", "update", "image"):
            shell(*filled(case.shell, places), stdin=case.stdin)
            assert case.library is None or case.library(ColorPreference.load(places["model"]), places)
    doors = ("library", "table", "shell", "clojure")
    painted = [Image.open(f"{places['out']}/{door}.png") for door in doors]
    assert len({image.tobytes() for image in painted}) == 1
    taste = ColorPreference().fit(LIKED, DISLIKED).update(["pink"], ["lime"])
    taste.save(os.path.join(places["out"], "library.safetensors"))
    ColorPreference(seed=3).fit(LIKED).save(os.path.join(places["out"], "library-3.safetensors"))
    for suffix in (".safetensors", "-3.safetensors"):
        written = [f"{places['out']}/{door}{suffix}" for door in doors]
        contents = set()
        for path in written:
            with open(path, "rb") as file:
                contents.add(file.read())
        assert len(contents) == 1, suffix
