"""The page of a graph: what it needs is in it, names cannot break out of it, and its search and filters work."""

import json
import re
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from html import unescape

import pytest
from test_graph import SMALL, SVG, skill, triad  # beside this file

from ffcolor.skills.model import Collection
from ffcolor.skills.tell import graph, picture

EVIL = "</script><img src=x onerror=alert(1)>"


def data_of(page):
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)[1])


def large(count=500, in_triads=150):
    """A collection of many skills, some of them in triads, of which a few fail."""
    trits = [number % 3 - 1 for number in range(count)]
    skills = []
    for number, trit in enumerate(trits):
        stated = []
        if number < in_triads and number % 3 == 0:
            told = trits[number : number + 3] if number % 30 else [1, 1, 1]
            stated = [triad(" ".join(f"skill-{number + i:03}:{told[i]}" for i in range(3)))]
        skills.append(skill(f"skill-{number:03}", trit, *stated))
    return Collection(("r",), tuple(skills))


def test_the_page_knows_every_skill_and_triad():
    drawn = graph.build(SMALL)
    page = picture.as_html(drawn, "Six")
    data = data_of(page)
    assert sorted(each["name"] for each in data["skills"]) == sorted(node.name for node in drawn.nodes)
    names = [each["name"] for each in data["skills"]]
    found = {
        (tuple((names[place], trit) for place, trit in each["members"]), each["state"], tuple(each["reasons"]))
        for each in data["triads"]
    }
    assert found == {(link.members, link.state, link.reasons) for link in drawn.links}
    assert sorted(each["number"] for each in data["triads"]) == [0, 0, 1, 2, 3]
    svg = ElementTree.fromstring(page[page.index("<svg") : page.index("</svg>") + 6])
    groups = [each for each in svg.iter(f"{SVG}g") if (each.get("class") or "").startswith("triad")]
    assert [each.get("class").split()[1] for each in groups] == [each["state"] for each in data["triads"]]
    drawn_names = [each.get("data-name") for each in svg.iter(f"{SVG}g") if each.get("class") == "skill"]
    assert drawn_names == names


def test_names_cannot_break_out():
    page = picture.as_html(graph.build(Collection(("r",), (skill(EVIL, 1), skill("a\u202eb\x1b[31m", 0)))), EVIL)
    assert page.count("<script") == page.count("</script>") == 2
    assert "<img" not in page
    assert EVIL in [each["name"] for each in data_of(page)["skills"]]
    assert not re.search("[\x00-\x09\x0b-\x1f\u202a-\u202e]", page)
    assert unescape(re.search("<title>(.*?)</title>", page)[1]) == EVIL


def test_nothing_comes_from_elsewhere():
    page = picture.as_html(graph.build(large()), "Many")
    assert "default-src 'none'" in page
    assert set(re.findall(r"https?://[^\"' <)]+", page)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"@import|url\(|<link|<iframe| (?:src|href)=\"(?!#)", page)


def test_of_many_skills_those_in_no_triad_stand_closer():
    drawn = graph.build(large())
    few = picture._Picture(drawn, "")
    assert few.is_crowded
    assert few.rooms["skill-000"] == 1
    assert few.rooms["skill-400"] < 0.5
    root = ElementTree.fromstring(picture.as_svg(drawn))
    names = ["".join(each.itertext()) for each in root.iter(f"{SVG}text") if (each.get("class") or "").endswith("name")]
    assert sorted(names) == [f"skill-{number:03}" for number in range(150)]
    angles = sorted(spot.angle for spot in few.spots.values())
    assert angles == [spot.angle for spot in few.spots.values()]
    alone = [spot for spot in few.spots.values() if spot.room < 1]
    assert len(alone) == 350


PROBE = """{
const out = {};
const shown = () => skillNodes.filter(node => node.classList.contains("shown"));
const lit = () => triadNodes.filter(node => node.classList.contains("on")).length;
const size = () => parseFloat(getComputedStyle(shown()[0].querySelector("text")).fontSize) / scale();
out.labels = shown().length; out.size = size(); out.rows = $("list").querySelectorAll(".row").length;
const boxes = shown().map(node => node.querySelector("text").getBoundingClientRect());
out.inside = boxes.every(each => each.left >= -8 && each.top >= -8 && each.bottom <= innerHeight + 8);
$("search").value = "SKILL 003"; $("search").oninput();
out.found = [...$("list").querySelectorAll(".row b")].map(node => node.textContent); out.lit = lit();
$("search").value = "nobody"; $("search").oninput(); out.none = $("list").textContent;
$("search").value = ""; $("search").oninput();
[...document.querySelectorAll("#states .chip")][2].click();
out.hidden = triadNodes.filter(node => node.classList.contains("hidden")).length;
[...document.querySelectorAll("#states .chip")][2].click();
pin({ triad: 0 }); out.pinned = lit(); pin({ triad: 0 }); out.free = lit();
[box.width, box.height] = [box.width / 4, box.height / 4]; draw(); out.closer = size(); out.more = shown().length;
document.title = JSON.stringify(out); }
"""


@pytest.mark.skipif(shutil.which("chromium") is None, reason="Chromium is not installed")
def test_search_filters_and_labels_in_a_browser(tmp_path):
    page = picture.as_html(graph.build(large()), "Many").replace("</body>", f"<script>{PROBE}</script></body>")
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", "--window-size=1400,1000"]
    done = subprocess.run(
        [*command, f"file://{tmp_path}/page.html"], capture_output=True, text=True, check=False, timeout=120
    )
    out = json.loads(unescape(re.search("<title>(.*?)</title>", done.stdout)[1]))
    assert out["labels"] > 80
    assert out["size"] == pytest.approx(11.5, abs=0.1)
    assert out["inside"]
    assert out["rows"] == 50
    assert out["found"][0] == "skill-003"
    assert out["lit"] == 1
    assert out["none"] == "No skill has a name like that."
    assert out["hidden"] == 45
    assert (out["pinned"], out["free"]) == (1, 0)
    assert out["closer"] == pytest.approx(11.5, abs=0.1)
    assert out["more"] > 140
