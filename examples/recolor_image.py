"""Recolour an image with the colours of a learned taste.

python examples/recolor_image.py [IMAGE] [FOLDER]
"""

import sys
from pathlib import Path

import numpy as np
from PIL import Image

from ffcolor import ColorPreference, recolor
from ffcolor.color import read_image


def sunset(height: int = 160, width: int = 240) -> np.ndarray:
    """A sky with a sun in it, float32 (height, width, 3): so that the example needs no photo."""
    y, x = np.mgrid[0 : 1 : height * 1j, 0 : width / height : width * 1j]
    sky = np.stack([0.25 + 0.7 * y, 0.2 + 0.35 * y, 0.55 - 0.3 * y], axis=-1)
    sun = np.exp(-((x - 0.75) ** 2 + (y - 0.7) ** 2) * 30)[..., None]
    return np.clip(sky + sun * [0.6, 0.6, 0.2], 0, 1).astype(np.float32)


image = read_image(sys.argv[1], alpha="composite") if len(sys.argv) > 1 else sunset()
folder = Path(sys.argv[2] if len(sys.argv) > 2 else "out/example")
folder.mkdir(parents=True, exist_ok=True)

taste = ColorPreference().fit(["#264653", "#2a9d8f", "#e9c46a", "#f4a261", "#e76f51"])  # no dislikes: some are drawn
pixels = image.reshape(-1, 3)
print(f"{(taste.probability(pixels, exact=False) >= 0.5).mean():.0%} of the image is liked")

palette = taste.palette(8)
for name, dither in (("flat", False), ("dithered", True)):
    result = recolor(image, palette, dither=dither)
    Image.fromarray(result).save(folder / f"{name}.png")
    print(f"{name}.png: {len(np.unique(result.reshape(-1, 3), axis=0))} colours")
