"""What a person does first is light: what each verb may import, and what is said where a package is missing."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ffcolor import ColorPreference
from ffcolor.doors.verbs import VERBS

ROOT = Path(__file__).parents[1]
HEAVY = ("torch", "colour", "matplotlib", "scipy", "sklearn", "jax", "networkx", "jpype", "PIL.Image", "yaml")
SKILL = '---\nname: ash\ndescription: Burns.\nmetadata:\n  gf3-trit: "+1"\n---\n# Ash\n'

# A verb: its command line, and which heavy packages it may import. MODEL, PHOTO, … are files that the test makes.
MAY: dict[str, list[tuple[str, str]]] = {
    "learn": [("learn --like ffd1dc c1e1c1 --dislike 8b0000 -o NEW", ""), ("learn --like PHOTO -o NEW", "PIL.Image")],
    "update": [("update MODEL --like b5ead7 -o NEW", "")],
    "score": [("score MODEL pink '#88ccee' 'oklch(0.7 0.1 20)'", "")],
    "rank": [("rank MODEL red pink navy", "")],
    "explain": [("explain MODEL crimson", "")],
    "info": [("info MODEL", ""), ("info", "")],
    "palette": [
        ("palette MODEL -n 5", ""),
        ("palette MODEL --safe-for all --background white", ""),
        ("palette -n 3 --format css", ""),
        ("palette MODEL -o NEW.png", "PIL.Image"),
    ],
    "image": [("image MODEL PHOTO", "PIL.Image"), ("image MODEL PHOTO -o NEW.png", "PIL.Image")],
    "stream": [("stream genesis --count 8", "")],
    "show": [("show teal 'rgb(1 2 3)'", ""), ("show teal --json", "")],
    "convert": [("convert teal red --format svg", ""), ("convert teal --format png -o NEW.png", "PIL.Image")],
    "skills_check": [("skills check SKILLS", "yaml"), ("skills check SKILLS --format sarif", "yaml")],
    "skills_fix": [("skills fix SKILLS --diff", "yaml")],
    "skills_explain": [("skills explain", ""), ("skills explain GF304", "")],
    "skills_repair": [("skills repair SKILLS", "yaml")],
    "skills_partners": [("skills partners ash --in SKILLS", "yaml")],
    "skills_pack": [("skills pack SKILLS", "yaml")],
    "skills_lock": [("skills lock SKILLS -o NEW.edn", "yaml")],
    "skills_graph": [("skills graph SKILLS -o NEW.svg", "yaml"), ("skills graph SKILLS -o NEW.html", "yaml")],
    # what is no verb of the table
    "demo": [("demo --out NEW", "PIL.Image")],
    "bench": [("bench --help", "")],
    "help": [("--help", ""), ("palette --help", ""), ("--version", "")],
}
SPY = """
import sys
from ffcolor.doors.cli import main
code = main(sys.argv[2:])
print("HEAVY", *[name for name in sys.argv[1].split() if name in sys.modules], file=sys.stderr)
sys.exit(code)
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    from PIL import Image

    folder = tmp_path_factory.mktemp("light")
    ColorPreference().fit(["ffd1dc", "c1e1c1", "aec6cf"], ["8b0000", "003300"]).save(folder / "m.safetensors")
    Image.new("RGB", (20, 10), "#aec6cf").save(folder / "photo.png")
    (folder / "skills" / "ash").mkdir(parents=True)
    (folder / "skills" / "ash" / "SKILL.md").write_text(SKILL, encoding="utf-8")
    names = {"MODEL": "m.safetensors", "PHOTO": "photo.png", "SKILLS": "skills", "NEW": "new"}
    return {mark: str(folder / name) for mark, name in names.items()}


def _run(line: str, files: dict[str, str]) -> subprocess.CompletedProcess[str]:
    import shlex

    words = shlex.split(line)
    for mark, path in files.items():
        words = [path + word.removeprefix(mark) if word.startswith(mark) else word for word in words]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "bridge")])}
    return subprocess.run(
        [sys.executable, "-c", SPY, " ".join(HEAVY), *words],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment | {"PYTHONIOENCODING": "utf-8"},
        check=False,
    )


def test_every_verb_has_its_list():
    assert set(MAY) >= set(VERBS)


@pytest.mark.parametrize(("line", "allowed"), [row for rows in MAY.values() for row in rows])
def test_what_a_verb_may_import(line: str, allowed: str, files: dict[str, str]) -> None:
    done = _run(line, files)
    said = done.stderr.strip().splitlines()[-1]
    assert said.startswith("HEAVY"), done.stderr
    assert done.returncode in (0, 1), done.stderr  # skills: 1 says that there are findings
    assert not set(said.split()[1:]) - set(allowed.split())


# what is missing is named with the command that brings it ----

MISSING = [
    ("torch", "import ffcolor; ffcolor.FFLayer", "FFLayer needs torch: pip install 'ffcolor[rules]'"),
    ("torch", "import ffcolor; ffcolor.FFNetwork", "FFNetwork needs torch: pip install 'ffcolor[rules]'"),
    (
        "torch",
        "from ffcolor.rules import ForwardForward",
        "ForwardForward needs torch: pip install 'ffcolor[rules]'",
    ),
    (
        "torch",
        "from ffcolor.rules import RULES; RULES['cwcomp'].load()",
        "CwComp needs torch: pip install 'ffcolor[rules]'",
    ),
    (
        "torch",
        "import ffcolor; ffcolor.ColorPreference(device='cuda').fit(['red'], ['blue'])",
        "device 'cuda' needs torch: pip install 'ffcolor[rules]'",
    ),
    (
        "matplotlib",
        "import ffcolor; ffcolor.Palette(['red']).colormap()",
        "Palette.colormap needs matplotlib: pip install 'ffcolor[plot]'",
    ),
    (
        "matplotlib",
        "from ffcolor.rules.bench.plot import draw; draw({}, 'x')",
        "the plot of the benchmark needs matplotlib: pip install 'ffcolor[plot]'",
    ),
]


@pytest.mark.parametrize(("package", "code", "message"), MISSING)
def test_what_is_missing_is_named(package: str, code: str, message: str) -> None:
    if "rules.bench.plot" in code and importlib.util.find_spec("torch") is None:
        pytest.skip("torch is not installed: pip install 'ffcolor[rules]'")
    script = f"""
import sys
sys.modules[{package!r}] = None
try:
    {code}
except ValueError as error:
    print(error.code, error)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == f"missing-package {message}"


@pytest.mark.parametrize("package", ["torch", "matplotlib"])
def test_the_verb_bench_says_it_before_it_begins(package: str) -> None:
    extra = {"torch": "rules", "matplotlib": "plot"}[package]
    if package == "matplotlib" and importlib.util.find_spec("torch") is None:
        pytest.skip("torch is not installed: pip install 'ffcolor[rules]'")
    script = (
        f"import sys; sys.modules[{package!r}] = None; from ffcolor.doors.cli import main; main(['bench', 'rules'])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.stderr == f"ffcolor: ffcolor bench needs {package}: pip install 'ffcolor[{extra}]'\n"
