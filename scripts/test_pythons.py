"""Runs the tests of the base install on each Python that is here: `python scripts/test_pythons.py [3.12 …]`.

For each version from 3.10 to 3.13 a Python is looked for on the PATH and among pyenv's. Each one found gets an
environment of its own under out/pythons with ffcolor and nothing but what it needs (and the test tools); what needs
more is skipped there with the reason. Ends with 1 if a test fails.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VERSIONS = ("3.10", "3.11", "3.12", "3.13")
TOOLS = ("pytest>=8", "pytest-xdist>=3.6", "hypothesis>=6.100")


def candidates(version: str) -> Iterator[str]:
    """Commands that may be a Python of a version."""
    if sys.version_info[:2] == tuple(map(int, version.split("."))):
        yield sys.executable
    if found := shutil.which(f"python{version}"):
        yield found
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    yield from map(str, sorted(pyenv.glob(f"{version}.*/bin/python"), reverse=True))
    if os.name == "nt" and (launcher := shutil.which("py")):
        asked = subprocess.run(
            [launcher, f"-{version}", "-c", "import sys; print(sys.executable)"], capture_output=True, text=True
        )
        if asked.returncode == 0:
            yield asked.stdout.strip()


def find(version: str) -> str | None:
    """A Python of a version that runs (a shim of pyenv may be there without one), or None."""
    program = "import sys, venv; print('%d.%d' % sys.version_info[:2])"
    for command in candidates(version):
        try:
            answer = subprocess.run([command, "-c", program], capture_output=True, text=True, check=False)
        except OSError:
            continue
        if answer.stdout.strip() == version:
            return command
    return None


def run(version: str, python: str) -> bool:
    """Make the environment of a Python and run the tests in it; whether they passed."""
    folder = ROOT / "out" / "pythons" / version
    inside = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    if not inside.exists():
        subprocess.run([python, "-m", "venv", str(folder)], check=True)
    pip = [str(inside), "-m", "pip", "--disable-pip-version-check", "--quiet", "install", "-c", "constraints.txt"]
    subprocess.run([*pip, *TOOLS, "-e", "."], check=True, cwd=ROOT)
    tests = [str(inside), "-m", "pytest", "-p", "no:cacheprovider", "--numprocesses", "2", "--dist", "loadfile"]
    return subprocess.run(tests, cwd=ROOT, check=False).returncode == 0


def main(versions: list[str]) -> int:
    """Test on each Python, and say how it went and which were not found."""
    results: dict[str, str] = {}
    for version in versions or VERSIONS:
        python = find(version)
        if python is None:
            results[version] = "not found"
            continue
        print(f"Python {version}: {python}", flush=True)
        results[version] = "passed" if run(version, python) else "FAILED"
    print("\n".join(f"Python {version}: {result}" for version, result in results.items()))
    return int("FAILED" in results.values() or set(results.values()) == {"not found"})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
