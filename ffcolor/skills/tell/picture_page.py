"""The page around a picture: pointing at a skill shows its triads, the wheel comes closer, a drag moves."""

from __future__ import annotations

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
html, body {{ margin: 0; height: 100%; background: #fff; }}
svg {{ display: block; width: 100vw; height: 100vh; cursor: grab; touch-action: none; }}
svg.some .triad, svg.some .skill, svg.some .row {{ opacity: .08; }}
svg.some .on {{ opacity: 1 !important; }}
svg.some .on .thread {{ stroke-opacity: 1; stroke-width: 2.4; }}
.skill {{ cursor: pointer; }}
</style>
</head>
<body>
{svg}<script>
{script}</script>
</body>
</html>
"""

SCRIPT = """\
const svg = document.querySelector("svg"), box = svg.viewBox.baseVal, whole = [box.x, box.y, box.width, box.height];
const skills = [...svg.querySelectorAll(".skill")], triads = [...svg.querySelectorAll(".triad")];
function light(lit) {
  const names = new Set(lit.flatMap(triad => triad.dataset.members.split(" ")));
  svg.classList.toggle("some", lit.length > 0);
  triads.forEach(triad => triad.classList.toggle("on", lit.includes(triad)));
  skills.forEach(skill => skill.classList.toggle("on", names.has(skill.dataset.name)));
}
skills.forEach(skill => skill.onpointerenter = () =>
  light(triads.filter(triad => triad.dataset.members.split(" ").includes(skill.dataset.name))));
triads.forEach(triad => triad.onpointerenter = () => light([triad]));
[...skills, ...triads].forEach(each => each.onpointerleave = () => light([]));
function scale() { return Math.max(box.width / svg.clientWidth, box.height / svg.clientHeight); }
svg.onwheel = event => {
  event.preventDefault();
  const factor = Math.exp(event.deltaY / 600), at = new DOMPoint(event.clientX, event.clientY)
    .matrixTransform(svg.getScreenCTM().inverse());
  if (box.width * factor > whole[2] * 2 || box.width * factor < 60) return;
  box.x = at.x - (at.x - box.x) * factor; box.y = at.y - (at.y - box.y) * factor;
  box.width *= factor; box.height *= factor;
};
let from = null;
svg.onpointerdown = event => { from = [event.clientX, event.clientY]; };
window.onpointerup = () => { from = null; };
window.onpointermove = event => {
  if (!from) return;
  box.x -= (event.clientX - from[0]) * scale(); box.y -= (event.clientY - from[1]) * scale();
  from = [event.clientX, event.clientY];
};
svg.ondblclick = () => { [box.x, box.y, box.width, box.height] = whole; };
"""
