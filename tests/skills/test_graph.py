import re
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser

import pytest

from ffcolor.skills.model import Collection, Member, Place, Skill, Triad, TritClaim
from ffcolor.skills.tell import graph, picture

SVG = "{http://www.w3.org/2000/svg}"


def skill(name, trit, *triads):
    claims = () if trit is None else (TritClaim(trit, str(trit), "author", "bold", Place(5, 11)),)
    return Skill(f"r/{name}/SKILL.md", "r", name, name, trits=claims, triads=tuple(triads))


def triad(text, claim=None):
    members = [each.rsplit(":", 1) for each in text.split()]
    return Triad(
        tuple(Member(name, int(trit), Place(9, 1)) for name, trit in members), text, "tensor", Place(9, 1), claim=claim
    )


SMALL = Collection(
    ("r",),
    (
        skill("ash", -1, triad("ash:-1 bay:0 cod:1"), triad("cod:1 bay:0 ash:-1"), triad("ash:-1 bay:0 dew:1")),
        skill(
            "bay", 0, triad("bay:1 cod:1 ash:-1"), triad("bay:0 eve:1 gone:-1"), triad("bay:0 cod:1 ash:0", claim=False)
        ),
        skill("cod", 1, triad("cod:1 bay:0 ash:0")),
        skill("dew", 0),
        skill("eve", None),
        skill("fir<&>", 1),
    ),
)


def test_states_and_reasons():
    found = {str(link): link for link in graph.build(SMALL).links}
    assert {text: link.state for text, link in found.items()} == {
        "ash (-1) ⊗ bay (0) ⊗ cod (+1)": "holds",
        "ash (-1) ⊗ bay (0) ⊗ dew (+1)": "fails",
        "bay (+1) ⊗ cod (+1) ⊗ ash (-1)": "fails",
        "bay (0) ⊗ eve (+1) ⊗ gone (-1)": "open",
        "cod (+1) ⊗ bay (0) ⊗ ash (0)": "fails",
    }
    wrong = found["ash (-1) ⊗ bay (0) ⊗ dew (+1)"]
    assert (wrong.reasons, wrong.wrong) == (("dew declares 0",), {"dew"})
    assert found["bay (+1) ⊗ cod (+1) ⊗ ash (-1)"].reasons == ("the trits sum to +1", "bay declares 0")
    assert found["bay (0) ⊗ eve (+1) ⊗ gone (-1)"].reasons == ("eve declares no trit", "gone does not exist")


def test_sections_hold_every_skill_once():
    drawn = graph.build(SMALL)
    sections = dict(graph.ordered(drawn))
    assert {key: {node.name for node in nodes} for key, nodes in sections.items()} == {
        "+1": {"cod", "fir<&>"}, "0": {"bay", "dew"}, "-1": {"ash"}, "none": {"eve"}, "missing": {"gone"},
    }  # fmt: skip
    assert [node.name for node in sections["+1"]] == ["cod", "fir<&>"]  # in no triad: last


def test_the_picture_is_xml_and_shows_everything():
    drawn = graph.build(SMALL)
    root = ElementTree.fromstring(picture.as_svg(drawn, "a <b> & c"))
    groups = {each.get("class") for each in root.iter(f"{SVG}g")}
    assert {"triad holds", "triad open", "triad fails", "skill"} <= groups
    names = [each.get("data-name") for each in root.iter(f"{SVG}g") if each.get("class") == "skill"]
    assert sorted(names) == ["ash", "bay", "cod", "dew", "eve", "fir<&>", "gone"]
    failing = [each for each in root.iter(f"{SVG}g") if each.get("class") == "triad fails"]
    assert [len(each.findall(f"{SVG}path[@class='halo']")) for each in failing] == [3, 3, 3]
    wrong = [each for each in root.iter(f"{SVG}path") if each.get("class") == "thread wrong"]
    assert len(wrong) == 3
    text = "".join(root.itertext())
    for shown in ("a <b> & c", "7 skills, 5 triads", "3 fail", "1 are open", "1 hold", "dew declares 0", "PLUS +1 · 2"):
        assert shown in text


def test_it_needs_nothing_from_elsewhere():
    page = picture.as_html(graph.build(SMALL), "</title><script>alert(1)</script>")
    assert not re.findall(r"(?:src|href)=\"(?!#)|@import|url\(", page)
    assert "<script>alert" not in page
    assert page.count("<svg") == page.count("</svg>") == 1

    class Names(HTMLParser):
        found = 0

        def handle_starttag(self, tag, attributes):
            Names.found += ("class", "skill") in attributes

    Names().feed(page)
    assert Names.found == 7


def test_the_same_collection_gives_the_same_bytes():
    turned = Collection(SMALL.roots, SMALL.skills)
    assert picture.as_svg(graph.build(SMALL)) == picture.as_svg(graph.build(turned))


def test_threads_stay_inside_and_knots_apart():
    drawn = graph.build(SMALL)
    root = ElementTree.fromstring(picture.as_svg(drawn))
    width, height = map(float, root.get("viewBox").split()[2:])
    for path in root.iter(f"{SVG}path"):
        if (path.get("class") or "").startswith("thread"):
            numbers = [float(number) for number in re.findall(r"-?[\d.]+", path.get("d"))]
            assert all(0 <= number <= max(width, height) for number in numbers)
    knots = picture._Picture(drawn, "")._knots()
    distances = [abs(complex(*a) - complex(*b)) for i, a in enumerate(knots) for b in knots[:i]]
    assert min(distances) > 10


@pytest.mark.parametrize("skills", [(), (skill("ash", 1),), tuple(skill(f"s{i}", None) for i in range(3))])
def test_small_collections_are_drawn_too(skills):
    drawn = graph.build(Collection(("r",), skills))
    assert "Nothing fails." in picture.as_svg(drawn)
    ElementTree.fromstring(picture.as_svg(drawn))
    assert graph.as_dot(drawn).count("fillcolor") == len(skills)


def test_dot_is_a_graph_that_graphviz_would_read():
    text = graph.as_dot(graph.build(SMALL))
    lines = text.splitlines()
    assert (lines[0], lines[-1]) == ("graph triads {", "}")
    assert sum(" -- " in line for line in lines) == 15
    assert sum("penwidth=3" in line for line in lines) == 9
    assert sum("style=dashed]" in line for line in lines) == 3
    quoted = graph.as_dot(graph.build(Collection(("r",), (skill('a"b\\c', 1),))))
    assert r'"a\"b\\c" [' in quoted


def test_many_failures_are_counted_where_there_is_no_room():
    bad = [triad(f"a{i}:1 b{i}:1 c{i}:0", claim=True) for i in range(40)]
    drawn = graph.build(Collection(("r",), (skill("ash", 1, *bad),)))
    text = "".join(ElementTree.fromstring(picture.as_svg(drawn)).itertext())
    shown = int(re.search(r"and (\d+) more", text)[1])
    assert 0 < shown < 40
