"""The benchmark of the rules as a picture: accuracy against the CPU-seconds it cost, a rule beside its twin.

A filled dot is a rule, the hollow one that a thin line leads to is backpropagation of the same architecture; bars are
standard deviations over seeds. The scale of seconds is logarithmic.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from ffcolor.errors import needs

INKS = (
    "#0072b2",
    "#d55e00",
    "#009e73",
    "#cc79a7",
    "#e69f00",
    "#56b4e9",
    "#7a5195",
    "#8c564b",
    "#5f7f00",
    "#333333",
)
"""Eight of them are those of Okabe and Ito, "Color Universal Design" (2008), or close to them."""


def draw(results: dict[str, Any], stem: str | os.PathLike[str]) -> list[Path]:
    """Draw the results of `ffcolor.rules.bench.measure.run` into two files, .png and .svg; their paths."""
    try:
        from matplotlib import rc_context
        from matplotlib.figure import Figure
        from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter
    except ImportError as missing:
        raise needs("the plot of the benchmark", "matplotlib", "plot") from missing
    with rc_context({"svg.hashsalt": "ffcolor", "font.family": "DejaVu Sans", "font.size": 9}):
        figure = Figure(figsize=(9, 5.6), layout="constrained")
        axes = figure.add_subplot()
        rows = [each for each in results["rows"] if each["own"]]
        for place, each in enumerate(rows):
            ink = INKS[place % len(INKS)]
            own, twin = each["own"], each["twin"]
            if twin:
                ends = [[side[name] for side in (own, twin)] for name in ("cpu_s", "accuracy_pct")]
                axes.plot(*ends, color=ink, linewidth=0.8, alpha=0.6, zorder=1)
                _dot(axes, twin, ink, "white")
            _dot(axes, own, ink, ink, f"{each['rule']}  {own['accuracy_pct']:.1f} %")
        axes.set_xscale("log")
        axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, place: f"{value:g}"))
        axes.xaxis.set_minor_formatter(NullFormatter())
        axes.set_xlabel("CPU-seconds of training")
        axes.set_ylabel("accuracy on the test set, %")
        axes.set_title(f"{results['about']}; hollow: backpropagation of the same layers", loc="left", fontsize=9)
        axes.grid(alpha=0.25)
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False)
        paths = [Path(f"{os.fspath(stem)}{suffix}") for suffix in (".png", ".svg")]
        for path in paths:
            dateless = {"metadata": {"Date": None}} if path.suffix == ".svg" else {"dpi": 150}
            figure.savefig(path, **dateless)
    return paths


def _dot(axes: Any, figures: dict[str, Any], ink: str, fill: str, label: str | None = None) -> None:
    axes.errorbar(
        figures["cpu_s"],
        figures["accuracy_pct"],
        yerr=figures["sd_pct"] or None,
        fmt="o",
        color=ink,
        markerfacecolor=fill,
        elinewidth=1,
        capsize=2,
        label=label,
        zorder=2,
    )
