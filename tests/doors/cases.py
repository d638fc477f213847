"""Every verb with the same input at every door: a row of `CASES` each.

``{model}`` and the like in a row are filled in with paths: of a model, of an image, of folders of skills, and of a
folder to write to.
"""

from __future__ import annotations

import base64
import dataclasses
import json
import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from PIL import Image

import ffcolor
from ffcolor import ColorPreference, Palette, diverse_palette, recolor, skills, streams
from ffcolor.color import read_image, to_hex
from ffcolor.skills import solve, tell
from ffcolor.skills.fix import changes

LIKED = ["#ffd1dc", "#c1e1c1", "#aec6cf", "#fdfd96"]
DISLIKED = ["#8b0000", "#003300", "#000000", "#4b0082"]
ASKED = ["#ffc0cb", "#000000", "#88ccee", "#550000"]
SKILL = "---\nname: blue\ndescription: Paints blue.\ntrit: 7\n---\n# Blue\n"
TRIAD = """---
name: {name}
description: Does it.
metadata:
  gf3-trit: "{trit:+d}"
---
# {name}

ash (+1) ⊗ bay (+1) ⊗ elm (0) = 0 ✓
"""
EDN = {"liked": json.dumps(LIKED), "disliked": json.dumps(DISLIKED), "asked": json.dumps(ASKED)}

Plain = Any
Places = Mapping[str, str]


class Case(NamedTuple):
    """One verb with the same input at every door."""

    verb: str
    arguments: dict[str, Plain]
    """For `call`."""
    shell: list[str]
    """The words behind ``ffcolor``; ``--json`` is added."""
    clojure: str
    """A form; `ff` is ffcolor.core, and `model` the model."""
    seen: Callable[[Plain], Plain] = lambda answer: answer
    """What Clojure's own function shows of the table's answer."""
    library: Callable[[ColorPreference, Places], Plain] | None = None
    """The same in Python, from the live model; None where the files that are written are compared instead."""
    library_seen: Callable[[Plain], Plain] | None = None
    """What the library says of the table's answer, where that is not what `seen` says."""
    shell_code: int = 0
    stdin: str = ""
    """The shell's standard input."""
    unlike: tuple[str, ...] = ()
    """Fields that differ from door to door: times, and paths of files that each door writes for itself."""


def column(name: str) -> Callable[[Plain], Plain]:
    return lambda answer: [row[name] for row in answer["colors"]]


def learned(answer: Plain) -> Plain:
    return {"drawn": answer["drawn"]}


def without(answer: Plain, names: Sequence[str]) -> Plain:
    return {key: value for key, value in answer.items() if key not in names} if isinstance(answer, dict) else answer


def judged(taste: ColorPreference, order: Sequence[int]) -> list[Plain]:
    """What the library says of the asked colours, in an order, as the table's rows."""
    found = taste.judge(ASKED)
    return [
        {
            "index": int(place),
            "hex": to_hex(found.colors)[place],
            "score": float(found.score[place]),
            "probability": float(found.probability[place]),
            "liked": bool(found.score[place] >= 0),
        }
        for place in order
    ]


def painted(taste: ColorPreference, at: Places) -> Plain:
    """An image judged and recoloured by the library, which writes its file beside those of the doors."""
    probability = taste.probability(read_image(at["image"]).reshape(-1, 3), exact=False)
    palette = taste.palette(4)
    Image.fromarray(recolor(at["image"], palette)).save(os.path.join(at["out"], "library.png"))
    return {
        "palette": palette.hex,
        "mean_probability": float(probability.mean()),
        "liked_share": float((probability >= 0.5).mean()),
    }


def fixed(taste: ColorPreference, at: Places) -> list[str]:
    """The files that fixing a folder of skills would write."""
    planned = changes.plan(skills.read(at["skills"]), skills.check(at["skills"]), frozenset(skills.CHECKS))
    return [row.target for row in planned]


def triads(at: Places) -> skills.Collection:
    return skills.read(at["triads"])


TIMES = ("milliseconds", "model", "output")
CASES = [
    Case(
        "learn",
        {"liked": LIKED, "disliked": DISLIKED, "output": "{out}/table.safetensors"},
        ["learn", "--like", *LIKED, "--dislike", *DISLIKED, "-o", "{out}/shell.safetensors"],
        '(ff/verb :learn {{:liked {liked} :disliked {disliked} :output "{out}/clojure.safetensors"}})',
        unlike=TIMES,
    ),
    Case(
        "learn",
        {"liked": LIKED, "seed": 3, "output": "{out}/table-3.safetensors"},
        ["learn", "--like", "-", "--seed", "3", "-o", "{out}/shell-3.safetensors"],
        "(let [learned (ff/ff-color-learning {liked} nil {{:seed 3}})]"
        '  (ff/save! (:model learned) "{out}/clojure-3.safetensors")'
        "  (select-keys (ff/info (:model learned)) [:drawn]))",
        stdin="\n".join(LIKED),
        seen=learned,
        unlike=TIMES,
    ),
    Case(
        "update",
        {"model": "{out}/table.safetensors", "liked": ["pink"], "disliked": ["lime"]},
        ["update", "{out}/shell.safetensors", "--like", "pink", "--dislike", "lime"],
        '(-> (ff/load-model "{out}/clojure.safetensors") (ff/update-model [:pink] [:lime])'
        '    (ff/save! "{out}/clojure.safetensors") ff/info (select-keys [:drawn]))',
        seen=learned,
        unlike=TIMES,
    ),
    Case(
        "score",
        {"model": "{model}", "colors": ASKED},
        ["score", "{model}", *ASKED],
        "(ff/score model {asked})",
        seen=column("score"),
        library=lambda taste, at: taste.score(ASKED).tolist(),
    ),
    Case(
        "score",
        {"model": "{model}", "colors": ASKED},
        ["score", "{model}", *ASKED],
        "(ff/probability model {asked})",
        seen=column("probability"),
        library=lambda taste, at: taste.probability(ASKED).tolist(),
    ),
    Case(
        "rank",
        {"model": "{model}", "colors": ASKED, "top": 3},
        ["rank", "{model}", *ASKED, "--top", "3"],
        "(mapv #(-> % (dissoc :color :liked?) (assoc :liked (:liked? %))) (ff/rank model {asked} {{:top 3}}))",
        seen=lambda answer: answer["colors"],
        library=lambda taste, at: judged(taste, taste.rank(ASKED)[:3]),
    ),
    Case(
        "rank",
        {"model": "{model}", "colors": ASKED},
        ["rank", "{model}", "-"],
        "(mapv :index (ff/rank model {asked}))",
        stdin=" ".join(ASKED),
        seen=column("index"),
        library=lambda taste, at: taste.rank(ASKED).tolist(),
    ),
    Case(
        "explain",
        {"model": "{model}", "color": "crimson"},
        ["explain", "{model}", "crimson"],
        "(ff/explain model :crimson)",
        library=lambda taste, at: taste.explain("crimson"),
    ),
    Case(
        "palette",
        {"model": "{model}", "n": 6, "locked": ["#ffd1dc"], "background": "#102030", "contrast": 3.0, "title": "soft"},
        ["palette", "{model}", "-n", "6", "--lock", "#ffd1dc", "--background", "#102030", "--contrast", "3"],
        '(ff/palette model 6 {{:locked ["#ffd1dc"] :background "#102030" :contrast 3.0}})',
        seen=column("hex"),
        library=lambda taste, at: taste.palette(6, locked=["#ffd1dc"], background="#102030", contrast=3.0).hex,
    ),
    Case(
        "palette",
        {"model": "{model}", "n": 4, "title": "soft"},
        ["palette", "{model}", "-n", "4"],
        '(assoc (meta (ff/palette model 4)) :title "soft")',
        library=lambda taste, at: taste.palette(4).min_delta_e(),
        library_seen=lambda answer: answer["min_delta_e"],
    ),
    Case(
        "palette",
        {"model": "{model}", "n": 3, "vision": "all", "title": "soft"},
        ["palette", "{model}", "-n", "3", "--safe-for", "all"],
        "(ff/palette model 3 {{:vision :all}})",
        seen=column("hex"),
        library=lambda taste, at: taste.palette(3, vision="all").hex,
    ),
    Case(
        "palette",
        {"n": 3, "locked": ["#ffd1dc"]},
        ["palette", "-n", "3", "--lock", "#ffd1dc"],
        '(ff/palette nil 3 {{:locked ["#ffd1dc"]}})',
        seen=column("hex"),
        library=lambda taste, at: diverse_palette(3, locked=["#ffd1dc"]).hex,
    ),
    Case(
        "stream",
        {"name": "lch", "seed": 42, "start": 5, "count": 9},
        ["stream", "lch", "--seed", "42", "--start", "5", "--count", "9"],
        "(ff/verb :stream {{:name :lch :seed 42 :start 5 :count 9}})",
        library=lambda taste, at: to_hex(streams.stream("lch", 42, 5, 9)),
        library_seen=lambda answer: answer["colors"],
    ),
    Case(
        "stream",
        {"name": "genesis:1069:1-32"},
        ["stream", "genesis:1069:1-32"],
        '(let [rows (ff/stream "genesis:1069:1-32")] {{:colors (mapv :hex rows) :trits (mapv :trit rows)}})',
        seen=lambda answer: {"colors": answer["colors"], "trits": answer["trits"]},
        library=lambda taste, at: {
            "colors": to_hex(streams.parse("genesis:1069:1-32")),
            "trits": streams.trits("genesis", 1069, 1, 32).tolist(),
        },
    ),
    Case(
        "show",
        {"colors": ASKED},
        ["show", *ASKED],
        "(ff/show {asked})",
        library=lambda taste, at: Palette(ASKED).min_delta_e(),
        library_seen=lambda answer: answer["min_delta_e"],
    ),
    Case(
        "show",
        {"colors": ASKED},
        ["show", *ASKED],
        "(mapv :hex (:colors (ff/show {asked})))",
        seen=column("hex"),
        library=lambda taste, at: Palette(ASKED).hex,
    ),
    Case(
        "show",
        {"colors": ["#046EFE", "#559AD8"]},
        ["show", "#046EFE", "#559AD8"],
        '(mapv :contrast-on-white (:colors (ff/show ["#046EFE" "#559AD8"])))',
        seen=column("contrast_on_white"),
        library=lambda taste, at: [4.49, 2.99],  # 4.49998 and 2.99997, never rounded up
    ),
    Case(
        "convert",
        {"colors": ASKED, "format": "css"},
        ["convert", *ASKED, "--format", "css"],
        "(ff/convert {asked} :css)",
        seen=lambda answer: answer["text"],
        library=lambda taste, at: Palette(ASKED).to("css"),
    ),
    Case(
        "convert",
        {"colors": ASKED, "format": "ase"},
        ["convert", *ASKED, "--format", "ase"],
        '(.encodeToString (java.util.Base64/getEncoder) (ff/convert {asked} :ase {{:title "palette"}}))',
        seen=lambda answer: answer["base64"],
        library=lambda taste, at: base64.b64encode(Palette(ASKED).to("ase")).decode(),
    ),
    Case(
        "image",
        {"image": "{image}", "model": "{model}", "n": 4, "output": "{out}/table.png"},
        ["image", "{model}", "{image}", "-n", "4", "-o", "{out}/shell.png"],
        '(ff/verb :image {{:image "{image}" :model model :n 4 :output "{out}/clojure.png"}})',
        library=painted,
        library_seen=lambda answer: {key: answer[key] for key in ("palette", "mean_probability", "liked_share")},
        unlike=TIMES,
    ),
    Case(
        "image",
        {"image": "{image}", "palette": ["#000", "#f00", "#0f0", "#00f", "#ff0"], "output": "{out}/table.jpg"},
        ["image", "#000 #f00 #0f0 #00f #ff0", "{image}", "-o", "{out}/shell.jpg"],
        '(ff/verb :image {{:image "{image}" :palette "#000 #f00 #0f0 #00f #ff0" :output "{out}/clojure.jpg"}})',
        library=lambda taste, at: "JPEG is lossy",
        library_seen=lambda answer: answer["warnings"][-1][:13],
        unlike=TIMES,
    ),
    Case(
        "palette",
        {"n": 40, "locked": ["#ffd1dc", "#ffd1dd"]},
        ["palette", "-n", "40", "--lock", "#ffd1dc", "#ffd1dd"],
        '(:warnings (meta (ff/palette nil 40 {{:locked ["#ffd1dc" "#ffd1dd"]}})))',
        seen=lambda answer: answer["warnings"],
        library=lambda taste, at: diverse_palette(40, locked=["#ffd1dc", "#ffd1dd"]).min_delta_e() < 8,
        library_seen=lambda answer: "hard to tell apart" in answer["warnings"][0],
    ),
    Case(
        "info",
        {"model": "{model}"},
        ["info", "{model}"],
        "(ff/info model)",
        library=lambda taste, at: [to_hex(taste.liked_.colors), to_hex(taste.disliked_.colors), taste.l2_],
        library_seen=lambda answer: [answer["liked_colors"], answer["disliked_colors"], answer["l2"]],
    ),
    Case(
        "info",
        {},
        ["info"],
        "(ff/info)",
        library=lambda taste, at: [ffcolor.__version__, sorted(streams.STREAMS)],
        library_seen=lambda answer: [answer["version"], sorted(answer["streams"])],
    ),
    Case(
        "skills_check",
        {"paths": ["{skills}"]},
        ["skills", "check", "{skills}"],
        '(let [found (ff/validate-skills "{skills}")] (assoc (meta found) :problems found))',
        library=lambda taste, at: [dataclasses.asdict(problem) for problem in skills.check(at["skills"])],
        library_seen=lambda answer: [without(row, ("fingerprint",)) for row in answer["problems"]],
        shell_code=1,
    ),
    Case(
        "skills_fix",
        {"paths": ["{skills}"]},
        ["skills", "fix", "{skills}", "--diff"],
        '(ff/verb :skills-fix {{:paths ["{skills}"]}})',
        library=fixed,
        library_seen=lambda answer: [row["target"] for row in answer["files"]],
        shell_code=1,
    ),
    Case(
        "skills_explain",
        {"codes": ["GF105", "GF304"]},
        ["skills", "explain", "GF105", "GF304"],
        '(ff/verb :skills-explain {{:codes ["GF105" "GF304"]}})',
        library=lambda taste, at: [skills.CHECKS[code].title for code in ("GF105", "GF304")],
        library_seen=lambda answer: [row["title"] for row in answer["checks"]],
    ),
    Case(
        "skills_repair",
        {"paths": ["{triads}"]},
        ["skills", "repair", "{triads}"],
        '(ff/verb :skills-repair {{:paths ["{triads}"]}})',
        library=lambda taste, at: [solve.repair.plan(triads(at)).cost, solve.repair.plan(triads(at)).kept],
        library_seen=lambda answer: [answer["cost"], answer["kept"]],
        shell_code=1,
    ),
    Case(
        "skills_partners",
        {"names": ["ash"], "paths": ["{triads}"], "top": 3},
        ["skills", "partners", "ash", "--in", "{triads}", "--top", "3"],
        '(ff/verb :skills-partners {{:names ["ash"] :paths ["{triads}"] :top 3}})',
        library=lambda taste, at: [list(row.names) for row in solve.partners.of(triads(at)).find("ash", top=3)],
        library_seen=lambda answer: [row["names"] for row in answer["partners"]],
    ),
    Case(
        "skills_pack",
        {"paths": ["{triads}"]},
        ["skills", "pack", "{triads}"],
        '(ff/verb :skills-pack {{:paths ["{triads}"]}})',
        library=lambda taste, at: len(solve.pack.pack({"ash": 1, "bay": 1, "elm": 0}).left),
        library_seen=lambda answer: len(answer["left"]),
    ),
    Case(
        "skills_lock",
        {"path": "{triads}"},
        ["skills", "lock", "{triads}"],
        '(ff/verb :skills-lock {{:path "{triads}"}})',
        library=lambda taste, at: skills.lock.dumps(skills.lock.build(triads(at), at["triads"])),
        library_seen=lambda answer: answer["text"],
    ),
    Case(
        "skills_graph",
        {"paths": ["{triads}"], "format": "dot"},
        ["skills", "graph", "{triads}", "--format", "dot"],
        '(ff/verb :skills-graph {{:paths ["{triads}"] :format "dot"}})',
        library=lambda taste, at: tell.graph.as_dot(tell.graph.build(triads(at))),
        library_seen=lambda answer: answer["text"],
    ),
]
