"""Every mistake made at every door: a row of `ERRORS` each, with places to fill in as in `tests.doors.cases`."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ffcolor import ColorPreference, Palette, diverse_palette, skills, streams
from ffcolor.color import read_image
from ffcolor.skills import solve, tell
from tests.doors.cases import LIKED, Places, Plain, triads


class Error(NamedTuple):
    """One mistake, made at every door."""

    verb: str
    arguments: dict[str, Plain]
    shell: list[str] | None
    """None where the shell has no way to make this mistake."""
    clojure: str
    shell_code: int = 1
    shell_says: str | None = None
    """The shell's own wording, where an option is called something else there; None for the table's message."""
    clojure_says: str | None = None
    """The same for Clojure."""
    library: Callable[[ColorPreference, Places], object] | None = None
    """The same mistake in Python, which complains in the table's words; None where only a verb can make it."""


ERRORS = [
    Error(
        "learn",
        {"liked": "bluw"},
        ["learn", "--like", "bluw", "-o", "{out}/no.safetensors"],
        '(ff/ff-color-learning "bluw" nil)',
        library=lambda taste, at: ColorPreference().fit("bluw"),
    ),
    Error(
        "learn",
        {"liked": LIKED, "steps": 0},
        None,
        "(ff/ff-color-learning {liked} nil {{:steps 0}})",
        library=lambda taste, at: ColorPreference(steps=0).fit(LIKED),
    ),
    Error(
        "update",
        {"model": "{model}"},
        ["update", "{model}"],
        "(ff/update-model model nil nil)",
        shell_code=2,
        shell_says="give --like, --dislike, or both",
        library=lambda taste, at: taste.update(),
    ),
    Error(
        "score",
        {"model": "{out}/none.safetensors", "colors": "red"},
        ["score", "{out}/none.safetensors", "red"],
        '(ff/score (ff/load-model "{out}/none.safetensors") :red)',
        library=lambda taste, at: ColorPreference.load(at["out"] + "/none.safetensors"),
    ),
    Error(
        "score",
        {"model": "{model}", "colors": "12g"},
        ["score", "{model}", "12g"],
        '(ff/score model "12g")',
        library=lambda taste, at: taste.score("12g"),
    ),
    Error(
        "rank",
        {"model": "{model}", "colors": "red", "top": 0},
        ["rank", "{model}", "red", "--top", "0"],
        "(ff/rank model :red {{:top 0}})",
        shell_code=2,
    ),
    Error(
        "explain",
        {"model": "{model}", "color": "red blue"},
        ["explain", "{model}", "red blue"],
        '(ff/explain model "red blue")',
        library=lambda taste, at: taste.explain("red blue"),
    ),
    Error(
        "palette",
        {"n": 300},
        ["palette", "-n", "300"],
        "(ff/palette nil 300)",
        shell_code=2,
        library=lambda taste, at: diverse_palette(300),
    ),
    Error(
        "palette",
        {"n": 3, "contrast": 3},
        ["palette", "-n", "3", "--contrast", "3"],
        "(ff/palette nil 3 {{:contrast 3}})",
        shell_code=2,
        library=lambda taste, at: diverse_palette(3, contrast=3),
    ),
    Error(
        "palette",
        {"model": "{model}", "n": 3, "contrast": 3},
        ["palette", "{model}", "-n", "3", "--contrast", "3"],
        "(ff/palette model 3 {{:contrast 3}})",
        shell_code=2,
        library=lambda taste, at: taste.palette(3, contrast=3),
    ),
    Error(
        "palette",
        {"model": "{model}", "n": 3, "power": 2000},
        ["palette", "{model}", "-n", "3", "--power", "2000"],
        "(ff/palette model 3 {{:power 2000}})",
        shell_code=2,
        library=lambda taste, at: taste.palette(3, power=2000),
    ),
    Error(
        "palette",
        {"model": "{model}", "n": 3, "vision": "deutn"},
        ["palette", "{model}", "-n", "3", "--safe-for", "deutn"],
        '(ff/palette model 3 {{:vision "deutn"}})',
        shell_code=2,
        library=lambda taste, at: taste.palette(3, vision="deutn"),
    ),
    Error(
        "palette",
        {"model": "{model}", "n": "5"},
        None,
        '(ff/palette model "5")',
        library=lambda taste, at: taste.palette("5"),  # type: ignore[arg-type]
    ),
    Error(
        "palette",
        {"n": 200, "min_delta_e": 100},
        ["palette", "-n", "200", "--min-delta-e", "100"],
        "(ff/palette nil 200 {{:min-delta-e 100}})",
        library=lambda taste, at: diverse_palette(200, min_delta_e=100),
    ),
    Error(
        "stream",
        {"count": -1},
        ["stream", "genesis", "--count", "-1"],
        "(ff/verb :stream {{:count -1}})",
        shell_code=2,
        library=lambda taste, at: streams.stream("genesis", count=-1),
    ),
    Error("show", {"colors": "bluw"}, ["show", "bluw"], '(ff/show "bluw")', library=lambda taste, at: Palette("bluw")),
    Error(
        "convert",
        {"colors": "red", "format": "doc"},
        ["convert", "red", "--format", "doc"],
        "(ff/convert :red :doc)",
        shell_code=2,
        shell_says="'doc' is not a choice for -f/--format: there are",
        library=lambda taste, at: Palette("red").to("doc"),
    ),
    Error(
        "image",
        {"image": "{out}/none.png", "model": "{model}"},
        ["image", "{model}", "{out}/none.png"],
        '(ff/verb :image {{:image "{out}/none.png" :model model}})',
        library=lambda taste, at: read_image(at["out"] + "/none.png"),
    ),
    Error(
        "image",
        {"image": "{image}", "model": "{model}", "output": "{out}/x.doc"},
        ["image", "{model}", "{image}", "-o", "{out}/x.doc"],
        '(ff/verb :image {{:image "{image}" :model model :output "{out}/x.doc"}})',
    ),
    Error(
        "info",
        {"model": "{out}/none.safetensors"},
        ["info", "{out}/none.safetensors"],
        '(ff/verb :info {{:model "{out}/none.safetensors"}})',
        library=lambda taste, at: ColorPreference.load(at["out"] + "/none.safetensors"),
    ),
    Error(
        "skills_check",
        {"paths": ["{out}/none"]},
        ["skills", "check", "{out}/none"],
        '(ff/validate-skills "{out}/none")',
        shell_code=2,
        library=lambda taste, at: skills.check(at["out"] + "/none"),
    ),
    Error(
        "skills_check",
        {"paths": ["{skills}"], "select": ["XX9"]},
        ["skills", "check", "{skills}", "--select", "XX9"],
        '(ff/validate-skills "{skills}" {{:select ["XX9"]}})',
        shell_code=2,
        library=lambda taste, at: skills.check(at["skills"], select=["XX9"]),
    ),
    Error(
        "skills_fix",
        {"paths": ["{out}/none"]},
        ["skills", "fix", "{out}/none"],
        '(ff/verb :skills-fix {{:paths ["{out}/none"]}})',
        shell_code=2,
        library=lambda taste, at: skills.read(at["out"] + "/none"),
    ),
    Error(
        "skills_explain",
        {"codes": ["GF999"]},
        ["skills", "explain", "GF999"],
        '(ff/verb :skills-explain {{:codes ["GF999"]}})',
        shell_code=2,
        library=lambda taste, at: tell.pages.page("GF999"),
    ),
    Error(
        "skills_repair",
        {"paths": ["{triads}"], "drop": 0},
        ["skills", "repair", "{triads}", "--drop", "0"],
        '(ff/verb :skills-repair {{:paths ["{triads}"] :drop 0}})',
        shell_code=2,
        library=lambda taste, at: solve.repair.plan(triads(at), 0),
    ),
    Error(
        "skills_partners",
        {"names": ["oak"], "paths": ["{triads}"]},
        ["skills", "partners", "oak", "--in", "{triads}"],
        '(ff/verb :skills-partners {{:names ["oak"] :paths ["{triads}"]}})',
        shell_code=2,
        library=lambda taste, at: solve.partners.of(triads(at)).find("oak"),
    ),
    Error(
        "skills_pack",
        {"paths": ["{out}/none"]},
        ["skills", "pack", "{out}/none"],
        '(ff/verb :skills-pack {{:paths ["{out}/none"]}})',
        shell_code=2,
        library=lambda taste, at: skills.read(at["out"] + "/none"),
    ),
    Error(
        "skills_lock",
        {"path": "{out}/none"},
        ["skills", "lock", "{out}/none"],
        '(ff/verb :skills-lock {{:path "{out}/none"}})',
        shell_code=2,
        library=lambda taste, at: skills.read(at["out"] + "/none"),
    ),
    Error(
        "skills_graph",
        {"paths": ["{out}/none"]},
        ["skills", "graph", "{out}/none"],
        '(ff/verb :skills-graph {{:paths ["{out}/none"]}})',
        shell_code=2,
        library=lambda taste, at: skills.read(at["out"] + "/none"),
    ),
    Error(
        "show",
        {"colors": ["#ff000080"]},
        ["show", "#ff000080"],
        '(ff/show ["#ff000080"])',
        clojure_says='colour 0: "#ff000080" is translucent (alpha 0.502); drop its alpha',
        shell_says="'#ff000080' is translucent (alpha 0.502); drop its alpha",
        library=lambda taste, at: Palette(["#ff000080"]),
    ),
    Error(
        "score",
        {"model": 5, "colors": "red"},
        None,
        "(ff/verb :score {{:model 5 :colors :red}})",
        clojure_says="5 is not a model; learn and load-model make one",
    ),
    Error("show", {"colours": 1}, None, "(ff/verb :show {{:colours 1}})"),
    Error("shw", {}, None, "(ff/verb :shw)"),
]
