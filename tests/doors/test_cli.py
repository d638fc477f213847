"""The command: what it prints, how it fails, and that it never half-writes a file."""

import io
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
from PIL import Image

from ffcolor import ColorPreference, FfcolorError, Palette, __version__, streams
from ffcolor.color import vision
from ffcolor.doors import verbs
from ffcolor.doors.cli import grammar, main, parser, stdio, terminal
from ffcolor.doors.cli.commands import COMMANDS
from ffcolor.doors.cli.exits import in_shell
from ffcolor.doors.columns import Columns
from ffcolor.palette import formats, generate
from ffcolor.palette.formats import swatch

LIKED = ["ffd1dc", "c1e1c1", "aec6cf", "fdfd96"]
DISLIKED = ["8b0000", "003300", "black", "4b0082"]
COMMAND = [sys.executable, "-m", "ffcolor"]


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    path = tmp_path_factory.mktemp("cli") / "soft.safetensors"
    ColorPreference().fit(LIKED, DISLIKED).save(path)
    return str(path)


@pytest.fixture
def run(capfd, monkeypatch):
    """Run the command in this process: (exit code, standard output, standard error)."""

    def run(*arguments, stdin=b""):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capfd.readouterr()
        code = main([str(each) for each in arguments])
        return code, *capfd.readouterr()

    return run


# ---- help and usage ----------------------------------------------------------------------------------------------


def test_help_of_every_verb_has_examples_that_parse(run, monkeypatch):
    code, out, _ = run("--help")
    assert code == 0
    for verb in COMMANDS:
        assert re.search(rf"^  {verb} ", out, re.MULTILINE)
        code, text, _ = run(verb, "--help")
        assert code == 0
        lines = re.findall(r"(?:^  |\| )(ffcolor .*?)(?:\s+[#|>].*)?$", text.partition("examples\n")[2], re.MULTILINE)
        assert any(line.startswith(f"ffcolor {verb}") for line in lines)
        for line in lines:
            assert parser.parse(line.replace("'", "").split()[1:]).verb in COMMANDS


def test_the_grammar_agrees_with_the_tables():
    assert set(COMMANDS) == {verb for verb in verbs.VERBS if not verb.startswith("skills_")} | {"demo"}
    assert tuple(formats.FORMATS) == grammar.FORMATS
    assert tuple(streams.STREAMS) == grammar.STREAMS
    assert set(grammar.VISION) == set(vision.KINDS)
    assert grammar.ORDERS == generate.ORDERS


def test_help_and_version_import_nothing_heavy():
    for arguments in (["--help"], ["palette", "--help"], ["--version"], ["lern"]):
        script = (
            "import sys; from ffcolor.doors.cli import main; main(sys.argv[1:]); "
            "heavy = {'numpy', 'torch', 'PIL', 'matplotlib', 'colour', 'ffcolor.taste'} & set(sys.modules); "
            "sys.exit(f'imported {heavy}' if heavy else 0)"
        )
        done = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def test_version(run):
    assert run("--version")[:2] == (0, f"ffcolor {__version__}\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["lern"], "'lern' is not a verb: did you mean 'learn'?"),
        (["learn", "--lik", "red"], "there is no option --lik: did you mean --like?"),
        (["palette", "--fromat=css"], "there is no option --fromat: did you mean --format?"),
        (["palette", "a", "b"], "'b' is one argument too many"),
        (["palette", "--format", "cs"], "'cs' is not a choice for -f/--format: did you mean 'css'?"),
        (
            ["palette", "--safe-for", "dog"],
            "'dog' is not a kind of colour vision: there are deutan, protan, tritan, all",
        ),
        (["palette", "-n", "few"], "'few' is not a whole number"),
        (["stream", "gensis"], "did you mean 'genesis'?"),
        (["stream", "--seed", "x"], "'x' is not a whole number"),
        (["learn", "--like", "red"], "the following arguments are required: -o/--output"),
        (["update", "x.safetensors"], "give --like, --dislike, or both"),
        (["convert", "red"], "give --format, or -o"),
        (["rank", "x.safetensors", "red", "--top", "0"], "--top is 0; it must be a whole number, at least 1"),
        (["palette", "-n", "0"], "--number is 0; it must be a whole number from 1 to 256"),
        (["palette", "-n", "257"], "--number is 257"),
        (["palette", "--contrast", "0.5"], "--contrast is 0.5; it must be a number from 1 to 21"),
        (["image", "red", "x.png"], "give -o to recolour"),
        (["--nope"], "there is no option --nope"),
    ],
)
def test_bad_usage_is_one_line_and_code_2(run, arguments, message):
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith("ffcolor")
    assert message in err
    assert err.count("\n") == 1


def test_no_arguments_show_the_help(run):
    code, out, _ = run()
    assert code == 2
    assert "ffcolor VERB" in out


# ---- verbs -------------------------------------------------------------------------------------------------------


def test_learn_then_ask(run, tmp_path):
    path = tmp_path / "t.safetensors"
    code, out, err = run("learn", "--like", *LIKED, "--dislike", *DISLIKED[:2], "--dislike", *DISLIKED[2:], "-o", path)
    assert (code, err) == (0, "")
    assert re.fullmatch(
        r"learned from 4 liked and 4 disliked colours in \d+ ms; right about 100% of the liked and 100% of the "
        rf"disliked\nwrote {re.escape(str(path))}\n",
        out,
    )
    expected = ColorPreference().fit(LIKED, DISLIKED)
    found = ColorPreference.load(path)
    np.testing.assert_array_equal(found.score(["pink", "navy"]), expected.score(["pink", "navy"]))
    code, out, _ = run("update", path, "--like", "peachpuff")
    assert code == 0
    assert ColorPreference.load(path).updates_ == 1
    code, out, _ = run("info", path)
    assert "learned from 5 liked and 4 disliked colours" in out
    assert "updates: 1" in out


def test_learn_from_files_streams_and_standard_input(run, tmp_path):
    Palette(["teal", "navy"]).save(tmp_path / "a.ase")
    path = tmp_path / "t.safetensors"
    code, out, _ = run(
        *("learn", "--like", tmp_path / "a.ase", "-", "--dislike", "genesis:1069:1-32", "-o", path),
        stdin=b"gold\n#ff00ff lime\n",
    )
    assert code == 0
    assert "learned from 5 liked and 32 disliked colours" in out
    code, out, _ = run("learn", "--like", "pink", "-o", path, "--json")
    answer = json.loads(out)
    assert (code, answer["drawn"], answer["liked"], answer["model"]) == (0, True, 1, str(path))


def test_score_rank_explain(run, model):
    code, out, _ = run("score", model, "pink,black", "--color", "never")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == ["#FFC0CB", "#000000"]
    assert [line.split(None, 2)[2] for line in out.splitlines()] == ["liked", "not liked"]
    code, out, _ = run("rank", model, "--top", "1", stdin=b"black\npink\n")
    assert out.split()[0] == "#FFC0CB"
    code, out, _ = run("explain", model, "crimson")
    assert out.startswith("#DC143C  is not liked: probability 0.")
    assert "nearest disliked colour" in out
    assert "lighter" in out


def test_palette_prints_hex_to_a_pipe_and_formats_on_demand(run, model, tmp_path):
    code, out, _ = run("palette", model, "-n", "4")
    codes = ColorPreference.load(model).palette(4).hex
    assert (code, out.split()) == (0, codes)
    code, out, _ = run("palette", model, "-n", "4", "--format", "css")
    assert "--soft-1" in out
    assert Palette(formats.read(out, "css").colors).hex == codes
    for kind, row in formats.FORMATS.items():
        path = tmp_path / f"p{row.suffixes[0]}"
        assert run("palette", model, "-n", "4", "-o", path)[:2] == (0, f"wrote {path}\n")
        assert Palette.load(path, kind).hex == codes
    code, out, _ = run("palette", model, "-n", "3", "--lock", "123456", "teal", "--order", "chosen")
    assert out.split()[:2] == ["#123456", "#008080"]


def test_palette_wishes_that_cannot_be_had(run, model):
    code, out, err = run("palette", model, "--background", "pink", "--contrast", "20")
    assert (code, out) == (1, "")
    assert err.startswith("ffcolor: ")
    assert err.count("\n") == 1
    assert "contrast" in err


def test_binary_palettes_can_be_piped(run):
    done = subprocess.run([*COMMAND, "convert", "teal", "--format", "ase"], capture_output=True, check=True)
    assert done.stdout == Palette(["teal"]).to("ase")


def test_stream_matches_the_vectors_in_parts(run, monkeypatch):
    from ffcolor.doors.cli import commands

    assert run("stream", "-c", "3")[1].split() == ["#E67F86", "#D06546", "#1316BB"]
    whole = run("stream", "hash", "--seed", "0x2a", "--count", "25")[1]
    monkeypatch.setattr(commands, "_PART", 7)
    assert run("stream", "hash", "--seed", "42", "--count", "25")[1] == whole
    assert len(whole.split()) == 25
    assert run("stream", "hash", "--count", "0")[:2] == (0, "")
    assert run("stream", "hash:42:25")[1] == whole
    assert run("stream", "genesis:1069:2-3")[1].split() == ["#D06546", "#1316BB"]
    assert json.loads(run("stream", "genesis:1069:2-3", "--json")[1])["start"] == 2
    assert json.loads(run("stream", "-c", "2", "--json")[1]) == verbs.stream(count=2)


def test_show_and_convert_keep_names(run, tmp_path):
    Palette(["#E67F86", "teal"], ["rose", "sea"], "two").save(tmp_path / "two.gpl")
    code, out, _ = run("show", tmp_path / "two.gpl")
    assert code == 0
    assert "rose" in out
    assert "2 colours; the two most similar" in out
    assert run("convert", tmp_path / "two.gpl", "-o", tmp_path / "two.json")[0] == 0
    found = Palette.load(tmp_path / "two.json")
    assert (found.hex, found.names, found.title) == (["#E67F86", "#008080"], ("rose", "sea"), "two")


def test_image(run, model, tmp_path):
    Image.new("RGB", (40, 30), "#ffd1dc").save(tmp_path / "in.png")
    code, out, _ = run("image", model, tmp_path / "in.png")
    assert code == 0
    assert "40 × 30, 100.0% of it is liked" in out
    assert run("image", "102030,405060", tmp_path / "in.png", "-o", tmp_path / "out.png")[0] == 0
    with Image.open(tmp_path / "out.png") as picture:
        assert picture.getpixel((0, 0)) == (0x40, 0x50, 0x60)
    code, out, _ = run("image", model, tmp_path / "in.png", "-n", "2", "--dither", "-o", tmp_path / "out.jpg", "--json")
    assert json.loads(out)["palette"] == ColorPreference.load(model).palette(2).hex


def test_info_lists_formats_and_streams(run):
    code, out, _ = run("info")
    assert code == 0
    assert all(re.search(rf"^  {name} ", out, re.MULTILINE) for name in (*formats.FORMATS, *streams.STREAMS))


# ---- color -------------------------------------------------------------------------------------------------------


class Screen(io.StringIO):
    def isatty(self):
        return True


def test_when_swatches_are_printed(monkeypatch):
    for name in ("NO_COLOR", "COLORTERM", "TERM"):
        monkeypatch.delenv(name, raising=False)
    assert not terminal.wants_color("auto", Screen())
    monkeypatch.setenv("COLORTERM", "truecolor")
    assert terminal.wants_color("auto", Screen())
    assert not terminal.wants_color("auto", io.StringIO())
    assert terminal.wants_color("always", io.StringIO())
    assert not terminal.wants_color("never", Screen())
    monkeypatch.setenv("NO_COLOR", "1")
    assert not terminal.wants_color("auto", Screen())
    assert terminal.wants_color("always", Screen())


def test_swatches_have_the_color(run, model):
    assert "\x1b[48;2;255;192;203m" in run("score", model, "pink", "--color", "always")[1]
    assert "\x1b" not in run("score", model, "pink")[1]
    assert swatch("#010203", 2) == "\x1b[48;2;1;2;3m  \x1b[0m"


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.99, 1.0])
def test_bars_keep_their_width(share):
    assert len(terminal.bar(share)) == 10
    assert terminal.bar(share).count("█") == int(round(share * 80) / 8)


def test_progress_shows_late_and_wipes_itself_away(monkeypatch):
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    with terminal.working("thinking"):
        pass
    assert screen.getvalue() == ""
    monkeypatch.setattr(terminal, "_PATIENCE", 0.0)
    with terminal.working("thinking") as progress:
        progress(50, 100, 0.5)
        deadline = time.monotonic() + 20
        while "50%" not in screen.getvalue() and time.monotonic() < deadline:
            time.sleep(0.01)
    assert "thinking  50%" in screen.getvalue()
    assert screen.getvalue().endswith("\r\x1b[K")


def test_progress_is_whole_when_the_learning_is_done():
    progress, shares = terminal.Progress("learning"), []

    def note(*step):
        progress(*step)
        shares.append(progress.share)

    ColorPreference(steps=4).fit(["pink"], ["navy"], on_step=note)
    assert shares == [0.25, 0.5, 0.75, 1.0]


def test_progress_is_silent_in_a_pipe(monkeypatch):
    pipe = io.StringIO()
    monkeypatch.setattr(sys, "stderr", pipe)
    monkeypatch.setattr(terminal, "_PATIENCE", 0.0)
    before = threading.active_count()
    with terminal.working("thinking"):
        assert threading.active_count() == before
    assert pipe.getvalue() == ""


# ---- failing -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "stdin", "message"),
    [
        (["show"], b"", "standard input is empty"),
        (["show", "-"], b"\xff\xfe\x00\x01" * 9, "neither text nor a known palette or image"),
        (["show", "C:\\x\\y.gpl"], b"", "cannot read 'C:\\x\\y.gpl': No such file or directory"),
        pytest.param(["show", "/"], b"", "cannot read '/': Is a directory", marks=pytest.mark.needs("posix")),
        (["show", "-", "-"], b"red", "can be used only once"),
        (["show", "#12g"], b"", "'#12g' is not a colo"),
        (["score", "no.safetensors", "red"], b"", "no.safetensors"),
        (["convert", "red", "-o", "x.doc"], b"", "'.doc'"),
        (["convert", "red", "-o", "/no/such/folder/x.gpl"], b"", "there is no folder"),
        (["stream", "genesis", "--start", "999999999999"], b"", "too far"),
        (["demo", "--out", __file__], b"", f"cannot write into {__file__!r}"),
    ],
)
def test_bad_data_is_one_line_and_code_1(run, arguments, stdin, message):
    code, out, err = run(*arguments, stdin=stdin)
    assert (code, out) == (1, "")
    assert err.startswith("ffcolor: ")
    assert message in err
    assert err.count("\n") == 1


def test_foreign_models_are_refused(run, tmp_path):
    path = tmp_path / "x.safetensors"
    path.write_bytes(os.urandom(200))
    code, _, err = run("score", path, "red")
    assert code == 1
    assert err.count("\n") == 1
    assert "x.safetensors" in err


def test_debug_shows_the_traceback(run, monkeypatch):
    monkeypatch.setenv("FFCOLOR_DEBUG", "1")
    code, _, err = run("show", "nope")
    assert code == 1
    assert "Traceback" in err
    assert err.splitlines()[-1].startswith("ffcolor: 'nope'")


def test_warnings_are_one_line(run, tmp_path):
    code, _, err = run("learn", "--like", "red", "pink", "--dislike", "red", "black", "-o", tmp_path / "t.safetensors")
    assert code == 0
    assert all(line.startswith("ffcolor: warning: ") for line in err.splitlines())
    assert "both liked and disliked" in err


def test_a_failed_learn_leaves_the_old_file(run, tmp_path):
    path = tmp_path / "t.safetensors"
    path.write_bytes(b"precious")
    assert run("learn", "--like", "red", "nope", "-o", path)[0] == 1
    assert path.read_bytes() == b"precious"
    assert os.listdir(tmp_path) == ["t.safetensors"]


def test_interrupts_and_lack_of_memory(run, monkeypatch):
    def interrupted(options):
        raise KeyboardInterrupt

    def exhausted(options):
        raise MemoryError

    monkeypatch.setitem(COMMANDS, "info", interrupted)
    assert run("info")[0] == 130
    monkeypatch.setitem(COMMANDS, "info", exhausted)
    code, _, err = run("info")
    assert (code, err) == (1, "ffcolor: there is not enough memory for this much data\n")


def test_unknown_errors_are_not_hidden(run, monkeypatch):
    def broken(options):
        raise ZeroDivisionError

    monkeypatch.setitem(COMMANDS, "info", broken)
    with pytest.raises(ZeroDivisionError):
        run("info")


@pytest.mark.needs("posix")
def test_a_closed_pipe_ends_quietly():
    process = subprocess.Popen(
        [*COMMAND, "stream", "hash", "--count", "200000"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout.readline() == b"#769C7D\n"
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 141


@pytest.mark.needs("posix")
def test_ctrl_c_ends_without_a_traceback():
    process = subprocess.Popen(
        [*COMMAND, "stream", "genesis", "--count", "60000000"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    process.stdout.readline()  # it is under way
    process.send_signal(signal.SIGINT)
    out, err = process.communicate()
    assert process.returncode == 130
    assert err.strip() == b""
    assert len(out) < 60000000 * 8


def test_a_terminal_that_cannot_show_signs():
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run([*COMMAND, "show", "teal,gold"], capture_output=True, env=environment, check=True)
    assert b"most similar are ?E" in done.stdout


def test_python_dash_m_and_errors_agree():
    done = subprocess.run([*COMMAND, "show", "nope"], capture_output=True, text=True, check=False)
    with pytest.raises(FfcolorError) as caught:
        verbs.show("nope")
    assert (done.returncode, done.stderr) == (1, f"ffcolor: {in_shell(caught.value)}\n")
    assert caught.value.message in done.stderr
    assert "[r g b]" not in done.stderr  # which a shell cannot take


def test_a_message_names_options_as_they_are_typed(run, model):
    assert "--min-delta-e is -1; it must be a number from 0 to 200" in run("palette", model, "--min-delta-e", "-1")[2]
    assert "--number is 0; it must be a whole number from 1 to 256" in run("palette", model, "-n", "0")[2]
    assert run("show", "#ff000080")[2] == "ffcolor: '#ff000080' is translucent (alpha 0.502); drop its alpha\n"


@pytest.mark.parametrize(
    ("code", "advice", "told"),
    [
        ("dead-units", "use a smaller learning_rate or l2", "no"),
        ("model", "give a path or a ColorPreference", "no"),
        ("not-fitted", "call fit first", "no; learn it first: ffcolor learn"),
    ],
)
def test_advice_is_the_shells_own(code, advice, told):
    assert in_shell(FfcolorError("no", code=code, advice=advice)) == told


def test_json_holds_what_it_can():
    odd = {"path": "caf\u00e9\udcff", "colors": Columns(hex=["#FF0000"])}
    assert stdio.as_json(odd) == '{"path": "caf\u00e9\\udcff", "colors": [{"hex": "#FF0000"}]}'
    assert stdio.as_json("caf\u00e9\udcff", in_ascii=True) == r'"caf\u00e9\udcff"'
    assert json.loads(stdio.as_json(odd)) == {"path": odd["path"], "colors": [{"hex": "#FF0000"}]}
    with pytest.raises(ValueError, match="not JSON compliant"):
        stdio.as_json(float("nan"))


@pytest.mark.parametrize("encoding", ["utf-8:strict", "ascii"])
def test_a_file_name_that_is_not_utf_8_can_be_printed(tmp_path, encoding):
    words = [*COMMAND, "convert", "red", "-o", os.fsencode(tmp_path) + b"/r\xff.gpl"]
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    for more, said in (([], b"wrote "), (["--json"], b"/r\\udcff.gpl")):
        done = subprocess.run([*words, *more], capture_output=True, env=environment, check=False)
        assert (done.returncode, done.stderr) == (0, b"")
        assert said in done.stdout


def test_a_warning_leaves_out_what_a_shell_cannot_do(run, tmp_path):
    code, _, err = run("learn", "--like", "red", "--dislike", "red", "-o", tmp_path / "x.safetensors")
    assert code == 0
    assert "could not be told apart" in err
    assert "learning_rate" not in err


def test_options_may_stand_before_the_colours(run, model):
    assert run("score", model, "--json", "red", "teal") == run("score", model, "red", "teal", "--json")
    assert run("show", "--json", "red") == run("show", "red", "--json")
    code, _, err = run("explain", model, "--json", "red", "blue")
    assert (code, "one argument too many" in err) == (2, True)
