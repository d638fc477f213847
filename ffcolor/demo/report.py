"""What the demo prints: a table of accuracies with swatches, and where the files are; 80 columns wide."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ffcolor.demo.lesson import Lesson, mean_scores
from ffcolor.demo.tastes import PICKS, SPLITS
from ffcolor.files import visible
from ffcolor.palette.formats import swatch

_COLUMNS = {"ffcolor": "ffcolor", "nearest mean": "mean", "logistic": "logit", "naive FF": "naive"}
_WIDE = 7


class Report:
    """Makes the lines; with `color` each learned palette follows its row as swatches."""

    def __init__(self, color: bool):
        self.color = color

    def head(self) -> str:
        """What is learned from what, and the heading of the table."""
        columns = "".join(f"{title:>{_WIDE}}" for title in _COLUMNS.values())
        text = (
            f"Each taste is learned from {PICKS} liked and {PICKS} disliked colours and judged on all\n"
            f"others (mean of {SPLITS} draws), beside the nearest mean, a logistic regression and a\n"
            f"naive Forward-Forward layer, all on RGB. Guessing gets .500.\n\n"
            f"{'':17}{' AUC ':─^{4 * _WIDE}}   {' balanced accuracy ':─^{4 * _WIDE}}\n"
        )
        return text + self._bold(f"{'taste':<10}{'ms':>5}  {columns}   {columns}")

    def row(self, lesson: Lesson) -> str:
        """One taste's row; with its palette, if it has one and colour is wanted."""
        line = f"{lesson.taste.name:<10}{lesson.milliseconds:>5.0f}  {self._numbers(lesson.scores)}"
        if self.color and lesson.palette is not None:
            line += "\n" + "".join(swatch(code, 10) for code in lesson.palette)
        return line

    def foot(self, lessons: Sequence[Lesson], control: Lesson) -> str:
        """The means, the control, and the palettes as hex."""
        mean = f"{self._bold('mean'):<{17 + len(self._bold(''))}}{self._numbers(mean_scores(lessons))}"
        note = f"{self.row(control)}\n  {control.taste.about}"
        rows = "\n".join(
            f"{lesson.taste.name:<10}" + "  ".join(code[1:] for code in lesson.palette or ()) for lesson in lessons
        )
        return f"{mean}\n{note}\n\n{self._bold('learned palettes')}\n{rows}"

    def end(self, where: Path, seconds: float) -> str:
        """Where the files are."""
        folder = Path(visible(str(where)))
        return (
            f"\nin {seconds:.1f} s wrote\n"
            f"  {folder / 'index.html'}   the page: open it in a browser\n"
            f"  {folder / 'contact-sheet.png'}   every palette on one picture\n"
            f"  {folder / 'palettes'}   css, gpl, ase, png\n"
            f"  {folder / 'models'}   try: ffcolor palette {folder / 'models' / 'pastel.safetensors'} -n 6"
        )

    def _numbers(self, scores: dict[str, dict[str, float]]) -> str:
        parts = []
        for key in ("auc", "accuracy"):
            best = max(f"{scores[name][key]:.3f}" for name in _COLUMNS)
            for name in _COLUMNS:
                text = f"{scores[name][key]:.3f}"
                padded = f"{text.removeprefix('0'):>{_WIDE}}"
                parts.append(self._bold(padded) if text == best else padded)
            parts.append("   ")
        return "".join(parts).rstrip()

    def _bold(self, text: str) -> str:
        return f"\x1b[1m{text}\x1b[0m" if self.color else text
