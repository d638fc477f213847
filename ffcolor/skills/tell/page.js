"use strict";
const data = JSON.parse(document.getElementById("data").textContent), { skills, triads } = data;
const $ = id => document.getElementById(id), svg = document.querySelector("svg"), box = svg.viewBox.baseVal;
const skillNodes = [...svg.querySelectorAll(".skill")], triadNodes = [...svg.querySelectorAll(".triad")];
const of = skills.map(() => []), off = new Set();
triads.forEach((triad, t) => triad.members.forEach(([s]) => of[s].push(t)));
const RANK = { fails: 3, open: 2, holds: 1 }, LABEL = 12.5, REACH = 190, MOST = 200, FORCED = 24;
let pinned = null, query = [], from = null, moved = false, waiting = 0;

// what is shown: a triad by its state, a skill by its section and by the triads that are shown
const triadShown = triad => !off.has(triad.state) && triad.members.some(([s]) => !off.has(skills[s].section));
const skillShown = s => !off.has(skills[s].section) &&
  (of[s].length ? of[s].some(t => !off.has(triads[t].state)) : !off.has("alone"));
const found = s => query.length > 0 && query.every(word => skills[s].name.toLowerCase().includes(word));

function lit(pointed) {
  const one = pointed || pinned;
  if (one && one.triad !== undefined) return [[one.triad], triads[one.triad].members.map(([s]) => s)];
  const own = one ? [one.skill] : query.length ? skills.map((_, s) => s).filter(s => found(s) && skillShown(s)) : null;
  if (!own) return null;
  const near = [...new Set(own.flatMap(s => of[s]))].filter(t => triadShown(triads[t]));
  return [near, one ? [...own, ...near.flatMap(t => triads[t].members.map(([s]) => s))] : own];
}

function light(pointed) {
  const now = lit(pointed), ts = new Set(now ? now[0] : []), ss = new Set(now ? now[1] : []);
  svg.classList.toggle("some", !!now);
  triadNodes.forEach((node, t) => {
    node.classList.toggle("on", ts.has(t));
    node.classList.toggle("hidden", !triadShown(triads[t]));
  });
  skillNodes.forEach((node, s) => {
    node.classList.toggle("on", ss.has(s));
    node.classList.toggle("off", !skillShown(s));
  });
  for (const row of $("list").querySelectorAll(".row"))
    row.classList.toggle("on", !!pinned && row.dataset.key === JSON.stringify(pinned));
  label(ss);
}

// as many labels as there is room for at this distance, the most telling first; those in the light move apart
function label(ss) {
  const room = LABEL * scale() / data.radius, taken = [];
  const worth = skills.map((_, s) => (found(s) ? 4 : 0) +
    Math.max(0, ...of[s].filter(t => triadShown(triads[t])).map(t => RANK[triads[t].state])));
  const bright = [...ss].sort((a, b) => worth[b] - worth[a] || a - b).slice(0, FORCED).sort((a, b) => a - b);
  let last = -Infinity;
  skillNodes.forEach(node => { node.classList.remove("shown"); });
  for (const s of bright) {
    last = Math.max(skills[s].angle, last + room);
    taken.push(last);
    skillNodes[s].classList.add("shown");
    turn(s, last - skills[s].angle);
  }
  const order = skills.map((_, s) => s).filter(skillShown).sort((a, b) => worth[b] - worth[a] || a - b);
  for (const s of order) {
    const angle = skills[s].angle, at = bisect(taken, angle);
    const before = at ? angle - taken[at - 1] : Infinity, after = at < taken.length ? taken[at] - angle : Infinity;
    if (Math.min(before, after) < room || skillNodes[s].classList.contains("shown")) continue;
    taken.splice(at, 0, angle);
    skillNodes[s].classList.add("shown");
    turn(s, 0);
  }
}

function turn(s, by) {
  const node = skillNodes[s].querySelector(".label");
  node.style.transformOrigin = `${data.middle}px ${data.middle}px`;
  node.style.transform = by ? `rotate(${by}rad)` : "";
}

function bisect(list, value) {
  let low = 0, high = list.length;
  while (low < high) { const middle = (low + high) >> 1; if (list[middle] < value) low = middle + 1; else high = middle; }
  return low;
}

// the panel
function make(parent, tag, text, kind) {
  const node = parent.appendChild(document.createElement(tag));
  node.textContent = text;
  if (kind) node.className = kind;
  return node;
}

function chip(parent, key, text, color) {
  const node = make(parent, "button", text, "chip");
  node.type = "button";
  node.style.setProperty("--color", color);
  node.prepend(document.createElement("i"));
  node.setAttribute("aria-pressed", "true");
  node.onclick = () => {
    if (!off.delete(key)) off.add(key);
    node.setAttribute("aria-pressed", String(!off.has(key)));
    show();
  };
}

const sign = trit => ({ "1": "+1", "0": "0", "-1": "\u22121" })[trit];

function row(parent, key) {
  const node = make(parent, "button", "", "row");
  node.type = "button";
  node.dataset.key = JSON.stringify(key);
  node.onpointerenter = () => light(key);
  node.onpointerleave = () => light();
  node.onclick = () => pin(key);
  return node;
}

function triadRow(parent, t) {
  const triad = triads[t], node = row(parent, { triad: t });
  if (triad.number) { node.classList.add("numbered"); make(node, "em", triad.number); }
  triad.members.forEach(([s, trit], i) => {
    if (i) make(node, "span", " \u2297 ");
    make(node, "b", `${skills[s].name} ${sign(trit)}`).style.color = data.colors[trit];
  });
  if (triad.reasons.length) make(node, "small", triad.reasons.join("; "));
}

function group(title, items, one) {
  if (!items.length) return;
  make($("list"), "h2", `${title} \u00b7 ${items.length}`);
  items.slice(0, MOST).forEach(item => one($("list"), item));
  if (items.length > MOST) make($("list"), "p", `and ${items.length - MOST} more`, "none");
}

function show() {
  const list = $("list"), names = skills.map((_, s) => s).filter(s => found(s) && skillShown(s));
  const wanted = new Set(names.flatMap(s => of[s]));
  const shown = triads.map((_, t) => t).filter(t => triadShown(triads[t]) && (!query.length || wanted.has(t)));
  list.textContent = "";
  if (query.length) group("Skills", names, (parent, s) => {
    const node = row(parent, { skill: s });
    make(node, "b", skills[s].name);
    make(node, "small", `${data.sections.find(([key]) => key === skills[s].section)[1]}, in ${of[s].length} triad${of[s].length === 1 ? "" : "s"}`);
  });
  shown.sort((a, b) => triads[a].number - triads[b].number || a - b);
  for (const [state, title] of [["fails", "Fail"], ["open", "Open"], ["holds", "Hold"]])
    group(title, shown.filter(t => triads[t].state === state), triadRow);
  if (!list.childElementCount) make(list, "p", query.length ? "No skill has a name like that." : "Nothing is shown.", "none");
  light();
}

function pin(key) {
  pinned = pinned && JSON.stringify(pinned) === JSON.stringify(key) ? null : key;
  light();
}

// coming closer and moving
function scale() { return Math.max(box.width / svg.clientWidth, box.height / svg.clientHeight); }

function draw() {
  waiting = 0;
  svg.style.setProperty("--k", scale());
  light();
}

function soon() { waiting = waiting || requestAnimationFrame(draw); }

function home() {
  const width = svg.clientWidth, height = svg.clientHeight, room = Math.min(width, height) / 2;
  const k = data.radius / Math.max(room - Math.min(REACH, room * 0.42), 40);
  [box.x, box.y, box.width, box.height] = [data.middle - width * k / 2, data.middle - height * k / 2, width * k, height * k];
  draw();
}

svg.addEventListener("wheel", event => {
  event.preventDefault();
  const factor = Math.exp(event.deltaY / 600);
  const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
  if (scale() * factor > 6 * data.radius / 300 || scale() * factor < 0.1) return;
  box.x = at.x - (at.x - box.x) * factor; box.y = at.y - (at.y - box.y) * factor;
  box.width *= factor; box.height *= factor;
  soon();
}, { passive: false });
svg.onpointerdown = event => { from = [event.clientX, event.clientY]; moved = false; };
window.onpointerup = () => { from = null; };
window.onpointermove = event => {
  if (!from) return;
  moved = moved || Math.hypot(event.clientX - from[0], event.clientY - from[1]) > 3;
  box.x -= (event.clientX - from[0]) * scale(); box.y -= (event.clientY - from[1]) * scale();
  from = [event.clientX, event.clientY];
};
svg.onclick = event => { if (!moved && !event.target.closest(".skill, .triad")) { pinned = null; light(); } };
svg.ondblclick = home;
window.onresize = home;
window.onkeydown = event => {
  if (event.key === "Escape") { pinned = null; $("search").value = ""; $("search").oninput(); }
  if (event.key === "/" && document.activeElement !== $("search")) { event.preventDefault(); $("search").focus(); }
};
$("search").oninput = () => {
  query = $("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  show();
};
[[skillNodes, "skill"], [triadNodes, "triad"]].forEach(([nodes, kind]) => nodes.forEach((node, i) => {
  node.onpointerenter = () => light({ [kind]: i });
  node.onpointerleave = () => light();
  node.onclick = () => { if (!moved) pin({ [kind]: i }); };
}));

const count = state => triads.filter(triad => triad.state === state).length;
$("sum").textContent = `${skills.length} skills, ${triads.length} triads`;
for (const [state, title, color] of [["fails", "fail", "#14161a"], ["open", "open", "#9aa0ab"], ["holds", "hold", "#d5d9e0"]])
  chip($("states"), state, `${count(state)} ${title}`, color);
for (const [key, title, color] of data.sections)
  chip($("sections"), key, `${title} \u00b7 ${skills.filter(skill => skill.section === key).length}`, color);
const alone = skills.filter((_, s) => !of[s].length).length;
if (alone) chip($("sections"), "alone", `in no triad \u00b7 ${alone}`, "#c4c9d2");
show();
home();
