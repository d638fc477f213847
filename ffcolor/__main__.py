"""`python -m ffcolor` is the `ffcolor` command."""

from __future__ import annotations

import sys

from ffcolor.doors.cli.run import main

sys.exit(main())
