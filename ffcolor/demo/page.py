"""The demo's page: one HTML file without outside resources, a card for each learned taste."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape
from importlib.resources import files

import numpy as np

from ffcolor.color import space
from ffcolor.demo.lesson import CURVE, OURS, Lesson, mean_scores
from ffcolor.demo.tastes import PICKS, SPLITS, Side
from ffcolor.palette import Palette

_LABELS = {
    OURS: "ffcolor",
    "nearest mean": "nearest mean",
    "logistic": "logistic regression",
    "naive FF": "naive FF layer",
}
_HUES = "".join(  # where these lie in OKLCh
    f'<span style="left:{degrees / 3.6:.0f}%">{name}</span>'
    for name, degrees in (("red", 29), ("yellow", 110), ("cyan", 195), ("blue", 264), ("pink", 340))
)


def page(lessons: Sequence[Lesson], control: Lesson) -> str:
    """The whole page as text, of lessons with a palette, and of the control."""
    means = mean_scores(lessons)
    learn_ms = float(np.median([lesson.milliseconds for lesson in lessons]))
    summary = "".join(
        f'<div class="{"own" if name == OURS else ""}"><strong>{values["auc"]:.3f}</strong>'
        f"<span>{escape(_LABELS[name])}</span></div>"
        for name, values in means.items()
    )
    weave = "".join(
        f'<a href="#{lesson.slug}" aria-label="{escape(lesson.taste.name)}">'
        + "".join(f'<i style="background:{code}"></i>' for code in lesson.palette or ())
        + "</a>"
        for lesson in lessons
    )
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>ffcolor: {len(lessons)} learned tastes</title>
<style>
{_part("page.css")}</style>
</head>
<body>
<header>
<div>
<h1>{_number(len(lessons))} tastes, learned in milliseconds</h1>
<p class="lead">ffcolor saw <b>{PICKS} liked and {PICKS} disliked colours</b> of each, learned for
<b>about {learn_ms:.0f} ms</b>, and made these palettes. None is copied: each
colour was found in the whole of sRGB.</p>
</div>
<div class="weave">{weave}</div>
</header>
<main>
<div class="summary">{summary}</div>
<p class="note">How often a held-out liked colour outranks a held-out disliked one (ROC-AUC), mean of the
{len(lessons)} tastes and {SPLITS} draws of picks each. Guessing gets 0.500. All learn from the same picks. Words can’t
be told apart perfectly: one person’s “pale” is another’s “light”.</p>
{"".join(map(_card, lessons))}
<p class="control"><b>A control.</b> {escape(control.taste.about.removeprefix("control: ").capitalize())}, cannot be
learned, and is not: AUC {control.scores[OURS]["auc"]:.3f}, accuracy {control.scores[OURS]["accuracy"]:.3f}.</p>
</main>
<footer><p>Colour words: the <a href="https://xkcd.com/color/rgb/">XKCD colour survey</a> (CC0). Streams are computed.
Make your own: <code>ffcolor learn --like … --dislike … -o taste.safetensors</code>. Numbers:
<a href="results.json">results.json</a>. All palettes: <a href="contact-sheet.png">contact-sheet.png</a>.</p></footer>
<div id="toast" role="status"></div>
<script>
{_part("page.js")}</script>
</body>
</html>
"""


def _card(lesson: Lesson) -> str:
    assert lesson.palette is not None
    assert lesson.map_png is not None
    taste, picks = lesson.taste, lesson.picks
    map_data = base64.b64encode(lesson.map_png).decode("ascii")
    links = "".join(f'<li><a href="{path}" download>{kind}</a></li>' for kind, path in lesson.files.items())
    rows = "".join(
        f'<tr class="{"own" if name == OURS else ""}"><th scope="row">{escape(_LABELS[name])}</th>'
        f'<td class="track"><div><div style="width:{max(0.0, (values["auc"] - 0.5) * 200):.1f}%"></div></div></td>'
        f"<td>{values['auc']:.3f}</td><td>{values['accuracy']:.3f}</td></tr>"
        for name, values in lesson.scores.items()
    )
    held = len(picks.held_liked.colors) + len(picks.held_disliked.colors)
    return f"""<article class="taste" id="{lesson.slug}">
<div class="palette">{_swatches(lesson.palette)}</div>
<div class="facts">
<div class="who">
<h2>{escape(taste.name)}</h2>
<p class="about">{escape(taste.about)}</p>
<p class="how">Learned in {lesson.milliseconds:.0f} ms, tested on {held:,} other colours.
The two most similar are ΔE {lesson.palette.min_delta_e():.0f} apart.</p>
<ul class="downloads">{links}</ul>
</div>
<div>
<h3>{PICKS} liked</h3>
{_chips(picks.liked, "chips")}
<h3>{PICKS} disliked</h3>
{_chips(picks.disliked, "chips no")}
</div>
<div>
<h3>The hues and lightnesses it likes</h3>
<img class="map" src="data:image/png;base64,{map_data}" width="216" height="108"
 alt="Map of hue and lightness, faded where {escape(taste.name)} is improbable">
<div class="axes">{_HUES}</div>
</div>
<div class="judge">
<table>
<thead><tr><th>On held-out colours</th><td class="track"></td><td>AUC</td><td>accuracy</td></tr></thead>
<tbody>{rows}</tbody>
</table>
<div><h3>AUC by picks of each side</h3>{_curve(lesson.curve)}</div>
</div>
</div>
</article>
"""


def _swatches(palette: Palette) -> str:
    black, white = (space.contrast_ratio(palette.colors, np.full(3, value)) for value in (0.0, 1.0))
    inks = np.where(black >= white, "#000", "#fff")
    return "".join(
        f'<button data-hex="{code}" style="background:{code};color:{ink}" title="copy {code}" aria-label="copy {code}">'
        f"<code>{code[1:]}</code></button>"
        for code, ink in zip(palette, inks, strict=True)
    )


def _chips(side: Side, kind: str) -> str:
    codes = Palette(side.colors).hex
    titles = [f"{name} {code}".strip() for name, code in zip(side.names, codes, strict=True)]
    cells = (
        f'<i style="background:{code}" title="{escape(title)}"></i>' for code, title in zip(codes, titles, strict=True)
    )
    return f'<div class="{kind}">{"".join(cells)}</div>'


def _curve(aucs: Sequence[float]) -> str:
    """A line of AUC (0.5 to 1, upwards) over the numbers of picks."""
    width, height, left = 240, 92, 30
    xs = [left + (width - left - 8) * place / (len(CURVE) - 1) for place in range(len(CURVE))]
    ys = [height - 22 - (height - 34) * (max(auc, 0.5) - 0.5) * 2 for auc in aucs]
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(xs, ys, strict=True))
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>' for x, y in zip(xs, ys, strict=True))
    ticks = "".join(
        f'<text x="{x:.1f}" y="{height - 4}" text-anchor="middle">{k}</text>' for x, k in zip(xs, CURVE, strict=True)
    )
    rules = "".join(
        f'<line class="base" x1="{left - 8}" x2="{width}" y1="{y}" y2="{y}"/><text x="0" y="{y + 4}">{label}</text>'
        for y, label in ((height - 22, "0.5"), (12, "1.0"))
    )
    spoken = ", ".join(f"{auc:.2f} from {k}" for k, auc in zip(CURVE, aucs, strict=True))
    return (
        f'<svg class="curve" viewBox="0 0 {width} {height}" role="img" aria-label="AUC {spoken} picks">{rules}'
        f'<polyline class="line" points="{points}"/>{dots}{ticks}</svg>'
    )


def _part(name: str) -> str:
    return files("ffcolor.demo").joinpath(name).read_text(encoding="utf-8")


def _number(count: int) -> str:
    words = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve")
    return words[count] if count < len(words) else str(count)
