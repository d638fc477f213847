"""The verbs: every door to ffcolor (shell, Clojure, pages, assistants) goes through this table, plain data in and out.

A verb takes keyword arguments and returns a dict of strings, numbers, lists and dicts that JSON can hold; what it says
of many colours is in `ffcolor.doors.columns.Columns`, of which a door makes rows. There are two exceptions, both the
caller's wish: `learn` and `update` return a live model under ``"model"`` where no ``output`` is named, and a model
argument may be a live model as well as the path of a file.

*Colours* are anything `ffcolor.read_colors` takes, or the short form of a stream such as ``"genesis:1069:1-32"``, alone
or in a list. `call` runs a verb by its name and checks the names of its arguments.

>>> from ffcolor.doors.verbs import call
>>> call("show", colors=["teal"])["colors"][0]["hex"]
'#008080'
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ffcolor.doors.verbs.table import HOMES
from ffcolor.lazy import face

if TYPE_CHECKING:
    from ffcolor.doors.verbs.about import info as info
    from ffcolor.doors.verbs.images import image as image
    from ffcolor.doors.verbs.judging import explain as explain
    from ffcolor.doors.verbs.judging import rank as rank
    from ffcolor.doors.verbs.judging import score as score
    from ffcolor.doors.verbs.learning import Lesson as Lesson
    from ffcolor.doors.verbs.learning import learn as learn
    from ffcolor.doors.verbs.learning import taught as taught
    from ffcolor.doors.verbs.learning import update as update
    from ffcolor.doors.verbs.making import palette as palette
    from ffcolor.doors.verbs.making import stream as stream
    from ffcolor.doors.verbs.showing import convert as convert
    from ffcolor.doors.verbs.showing import show as show
    from ffcolor.doors.verbs.skills import skills_check as skills_check
    from ffcolor.doors.verbs.skills import skills_explain as skills_explain
    from ffcolor.doors.verbs.skills import skills_fix as skills_fix
    from ffcolor.doors.verbs.skills import skills_graph as skills_graph
    from ffcolor.doors.verbs.skills import skills_lock as skills_lock
    from ffcolor.doors.verbs.skills import skills_pack as skills_pack
    from ffcolor.doors.verbs.skills import skills_partners as skills_partners
    from ffcolor.doors.verbs.skills import skills_repair as skills_repair
    from ffcolor.doors.verbs.table import VERBS as VERBS
    from ffcolor.doors.verbs.table import Verb as Verb
    from ffcolor.doors.verbs.table import call as call
    from ffcolor.doors.verbs.table import checked as checked

__all__, __getattr__, __dir__ = face(  # pyright: ignore[reportUnsupportedDunderAll]
    __name__, {**HOMES, "learning": f"{HOMES['learning']} Lesson taught", "table": "VERBS Verb call checked"}
)
