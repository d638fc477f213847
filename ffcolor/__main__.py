"""`python -m ffcolor` is the `ffcolor` command."""

from __future__ import annotations

import sys

from ffcolor_bridge.start import ffcolor

sys.exit(ffcolor())
