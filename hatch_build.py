"""Compiles the bridge's Java classes when a wheel is made, so that its users need no javac."""

from __future__ import annotations

import importlib.util
import pathlib
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class JavaBuildHook(BuildHookInterface[Any]):
    """Runs javac; without one, the classes are compiled on first use."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Put the classes where the wheel takes them from."""
        root = pathlib.Path(self.root)
        spec = importlib.util.spec_from_file_location("classes", root / "bridge" / "ffcolor_bridge" / "classes.py")
        assert spec is not None
        assert spec.loader is not None
        classes = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(classes)
        try:
            classes.folder()
        except classes.CannotCompile as reason:
            self.app.display_warning(f"{reason}; they are compiled on first use")
