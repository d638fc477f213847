"""A flower in learned colours grows from one cell, is cut, and heals.

A taste is learned from a few colours and makes a palette; a flower is drawn in it; and cells that see their neighbours
only learn to grow it, layer by layer, without backpropagation through layers or time. Writes growing.gif, growing.png
(a strip of six moments) and flower.png (what the cells should grow).

Needs torch: pip install 'ffcolor[rules]'.

python examples/growing_cells.py [--out FOLDER] [--quick]
"""

import argparse
import itertools
import sys
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw

from ffcolor import ColorPreference
from ffcolor.color import read_colors
from ffcolor.color.space import srgb_to_oklab
from ffcolor.rules.cells import FF_NCA, cut

LIKED = ["#f28482", "#f6bd60", "#588157", "#c9184a", "#ffb3c1", "#386641", "#a4133c", "#ffe5b4"]
WISHED = {"petal": "#e5637e", "vein": "#a4133c", "inner": "#f6bd60", "eye": "#ffe5b4", "leaf": "#588157"}
PAPER = (251, 246, 236)
SIDE = 14  # pixels of a cell
SEED, GROWN, HEALED = 7, 120, 90  # of chance; steps before and after the wound


def roles(palette: list[str]) -> dict[str, int]:
    """Which colour of the palette is for what: the assignment that is nearest to the wished colours."""
    have, want = (srgb_to_oklab(read_colors(list(each))) for each in (palette, WISHED.values()))
    away = ((have[:, None] - want) ** 2).sum(-1)
    best = min(itertools.permutations(range(len(palette))), key=lambda p: sum(away[p[i], i] for i in range(len(p))))
    return dict(zip(WISHED, best, strict=True))


def flower(place: dict[str, int], side: int = 15) -> np.ndarray:
    """A flower of four petals and four leaves: places in the palette, or -1 for none, int64 (side, side)."""
    y, x = np.mgrid[0:side, 0:side] * 2 / (side - 1) - 1
    radius, angle = np.hypot(x, y), np.arctan2(x, y)
    wave = abs(np.cos(2 * angle))
    picture = np.full((side, side), -1)
    picture[(radius > 0.5) & (radius < 1.0) & (radius < 1.12 * np.sqrt(1 - wave))] = place["leaf"]
    petals = radius < 1.03 * (0.55 + 0.45 * wave**0.8)
    picture[petals] = np.where(wave < 0.45, place["vein"], place["petal"])[petals]
    picture[radius < 0.60 * (0.62 + 0.38 * wave)] = place["inner"]
    picture[radius < 0.28] = place["eye"]
    return picture


def show(cells: FF_NCA, state: torch.Tensor) -> Image.Image:
    """A grid of cells (1, 16, h, w) as tiles on paper: larger for more alpha, each in its nearest palette colour."""
    alpha = state[0, 3].clamp(0, 1).numpy()
    away = (
        state[0, :3].movedim(0, -1)[:, :, None] / state[0, 3].clamp(0.2, 1)[..., None, None] - cells.palette
    ).square()
    colors = (cells.palette[away.sum(-1).argmin(-1)] * 255).round().byte().numpy()
    height, width = alpha.shape
    side = 2 * SIDE  # drawn at twice the size
    page = Image.new("RGB", ((width + 2) * side, (height + 2) * side), PAPER)
    pen = ImageDraw.Draw(page)
    for row, column in zip(*np.nonzero(alpha > 0.1), strict=True):
        half = (side / 2 - 1) * float(alpha[row, column])
        x, y = (column + 1.5) * side, (row + 1.5) * side
        pen.rounded_rectangle((x - half, y - half, x + half, y + half), half / 2, tuple(colors[row, column].tolist()))
    return page.resize((page.width // 2, page.height // 2), Image.Resampling.BOX)


def film(cells: FF_NCA, grown: int, healed: int) -> tuple[list[torch.Tensor], dict[str, torch.Tensor]]:
    """Every state from the seed over the wound to the end, and the moments to remember."""
    height, width = cells.places.shape
    states = [cells.seeds()]
    states += cells.grow(grown, seed=SEED)
    wound = cut(states[-1], 0.30 * height, 0.72 * width, 0.30 * height)
    states.append(wound)
    states += cells.grow(healed, state=wound, seed=SEED + 1)
    moments = {"seed": 0, f"step {grown // 8}": grown // 8, f"step {grown // 4}": grown // 4, f"step {grown}": grown}
    found = {name: states[at] for name, at in moments.items()}
    return states, found | {"cut": wound, f"{healed} later": states[-1]}


def strip(cells: FF_NCA, moments: dict[str, torch.Tensor]) -> Image.Image:
    """Moments side by side, with their names under them."""
    pictures = [show(cells, state) for state in moments.values()]
    width, height = pictures[0].size
    sheet = Image.new("RGB", (width * len(pictures), height + 2 * SIDE), PAPER)
    for place, (name, picture) in enumerate(zip(moments, pictures, strict=True)):
        sheet.paste(picture, (place * width, 0))
        ImageDraw.Draw(sheet).text((place * width + width // 2, height), name, fill=(110, 100, 90), anchor="mm")
    return sheet


def main() -> None:
    """Learn the taste, draw, teach the cells, and film them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("out/example"), help="folder to write into")
    parser.add_argument("--quick", action="store_true", help="a few seconds: small, and not good at it")
    parser.add_argument("--steps", type=int, help="steps to learn for")
    parser.add_argument("--seed", type=int, default=1, help="of the learning")
    choice = parser.parse_args()
    torch.set_num_threads(1)
    choice.out.mkdir(parents=True, exist_ok=True)

    taste = ColorPreference().fit(LIKED)
    palette = taste.palette(len(WISHED), min_delta_e=12)
    print("learned palette:", *palette)
    picture = flower(roles(list(palette)), 9 if choice.quick else 15)
    cells = FF_NCA(picture, palette, seed=choice.seed)
    show(cells, cells.aim[None]).save(choice.out / "flower.png")

    begun = time.monotonic()
    said = begun

    def tell(step: int, steps: int, loss: float) -> None:
        nonlocal said
        if step == steps or time.monotonic() - said > 1:
            said = time.monotonic()
            print(f"\rstep {step:,} of {steps:,}, loss {loss:.3f}, {said - begun:.0f} s ", end="", file=sys.stderr)

    cells.fit(steps=choice.steps or (60 if choice.quick else 6000), on_step=tell if sys.stderr.isatty() else None)
    states, moments = film(cells, *((24, 16) if choice.quick else (GROWN, HEALED)))
    for name, state in moments.items():
        print(f"{name:>12}: {float(cells.likeness(state)[0]):.0%} of the picture")
    strip(cells, moments).save(choice.out / "growing.png", optimize=True)
    frames = [show(cells, state).quantize(64) for state in states[::3]]
    frames[0].save(
        choice.out / "growing.gif",
        save_all=True,
        append_images=frames[1:],
        duration=[700, *[60] * (len(frames) - 2), 2500],
        loop=0,
    )
    print(f"wrote {', '.join(sorted(path.name for path in choice.out.glob('*.[pg][ni][gf]')))} into {choice.out}")


if __name__ == "__main__":
    main()
