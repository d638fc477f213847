"""What the examples in docstrings need to be found: without jax, which is an extra, its twins cannot be imported."""

from __future__ import annotations

from importlib.util import find_spec

collect_ignore = [] if find_spec("jax") and find_spec("optax") else ["ffcolor/rules/jax_twin.py"]
