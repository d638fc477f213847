"""The page around a picture: a search, filters and a list beside it, and labels of one size at any distance."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<main>{svg}<p id="hint">The wheel comes closer, dragging moves, a double click shows everything again.</p></main>
<aside>
<h1>{title}</h1>
<p id="sum"></p>
<input id="search" type="search" placeholder="Search skills  ( / )" aria-label="Search skills" autocomplete="off"
  spellcheck="false">
<div id="states" class="chips" role="group" aria-label="Triads shown"></div>
<div id="sections" class="chips" role="group" aria-label="Skills shown"></div>
<div id="list" aria-live="polite"></div>
</aside>
<script type="application/json" id="data">{data}</script>
<script>
{script}</script>
</body>
</html>
"""


def page(title: str, svg: str, data: dict[str, Any]) -> str:
    """A self-contained page: nothing in it comes from elsewhere.

    Args:
        title: escaped for HTML.
        svg: the picture, without explanations.
        data: what the script has to know of it.
    """
    written = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return _PAGE.format(title=title, svg=svg, style=_part("page.css"), script=_part("page.js"), data=written)


@cache
def _part(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")
