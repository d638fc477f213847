"""Without jax, which is an extra, the twins say what to install: this also runs where jax is not installed."""

from __future__ import annotations

import subprocess
import sys


def test_without_jax_the_error_says_what_to_install():
    script = """
import sys
sys.modules["jax"] = None
try:
    import ffcolor.rules.jax_twin
except ValueError as error:
    print(error.code, error)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("missing-package the JAX twin needs jax and optax")
    assert "pip install 'ffcolor[jax]'" in done.stdout
