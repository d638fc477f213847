"""Which examples in docstrings can run: those of modules whose packages are there."""

from __future__ import annotations

from importlib.util import find_spec

collect_ignore = [] if find_spec("jax") and find_spec("optax") else ["ffcolor/rules/jax_twin.py"]
if not find_spec("torch"):
    collect_ignore += ["ffcolor/rules", "ffcolor/engine/modules.py"]
if not find_spec("sklearn"):
    collect_ignore += ["ffcolor/taste/known_to_sklearn.py"]
if not find_spec("colour"):
    collect_ignore += ["ffcolor/color/notations.py"]
