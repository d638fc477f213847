"""Learn a taste from a handful of colours, ask it about others, and make palettes.

python examples/learn_and_palette.py [FOLDER]
"""

import sys
from pathlib import Path

from ffcolor import ColorPreference

folder = Path(sys.argv[1] if len(sys.argv) > 1 else "out/example")
folder.mkdir(parents=True, exist_ok=True)

liked = ["#ffd1dc", "#c1e1c1", "#aec6cf", "#fdfd96", "#e6e6fa"]
disliked = ["#8b0000", "#003300", "black", "#4b0082", "#5c4033"]

taste = ColorPreference().fit(liked, disliked)
print(taste)

for color, probability in zip(["mistyrose", "navy"], taste.probability(["mistyrose", "navy"]), strict=True):
    print(f"{color}: {'liked' if probability >= 0.5 else 'not liked'}")

palette = taste.palette(5, locked=["#ffd1dc"])
print(f"{len(palette)} colours, the two most similar are far apart: {palette.min_delta_e() > 10}")
palette.save(folder / "soft.css")
palette.save(folder / "soft.ase")

taste.update(liked=["#ffdab9", "#ffe4b5"])  # two more picks, without starting over
taste.save(folder / "soft.safetensors")
print("the saved taste is the same:", ColorPreference.load(folder / "soft.safetensors").palette(5) == taste.palette(5))
