"""The version of ffcolor, for whoever needs nothing else."""

from __future__ import annotations

__version__ = "0.1.0"
