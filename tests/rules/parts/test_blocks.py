"""The presets of the rules made of blocks: each makes its rule, takes a step, and says what it does of its inputs."""

from __future__ import annotations

import pytest
import torch

from ffcolor.rules.bench.presets import PRESETS
from ffcolor.rules.parts.blocks import Stack, standardize

FAMILY = [
    name for name, preset in PRESETS.items() if preset.rule in ("cwcomp", "deeper-forward", "vff-net", "mono-forward")
]


@pytest.mark.parametrize("name", [name for name in FAMILY if not name.endswith("-gpu")])
def test_presets_take_a_step(name):
    preset = PRESETS[name]
    rule = preset.make(seed=3)
    assert isinstance(rule, Stack)
    generator = torch.Generator().manual_seed(0)
    images = torch.rand(4, 784, generator=generator)
    augment = preset.augmentation()
    loss = rule.partial_fit(images if augment is None else augment(images, generator), [0, 1, 2, 9])
    assert loss["loss"] == pytest.approx(sum(value for key, value in loss.items() if key != "loss"))
    assert rule.predict(images).shape == (4,)
    assert [layer.shape for layer in rule.goodness(images)] == [(4, 10)] * len(rule.blocks)


def test_widths_of_the_large_presets():
    wide = PRESETS["cwcomp-mnist-gpu"].make()
    assert [block.conv.out_channels for block in wide.blocks] == [160, 320, 640, 640]
    deep = PRESETS["deeper-forward-mnist-gpu"].make()
    assert len(deep.blocks) == 17


def test_brightness_and_contrast_of_inputs_do_not_matter():
    rule = PRESETS["cwcomp-subset"].make(seed=3)
    x = torch.rand(3, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    flat, bytes_ = x.flatten(1), 5 + 200 * x[:, 0]
    for same in (flat, bytes_):
        for mine, theirs in zip(rule.goodness(x), rule.goodness(same), strict=True):
            assert torch.allclose(mine, theirs, rtol=1e-3)  # no more than the 1e-5 beside the deviation does
    assert standardize(torch.full((2, 5), 7.0)).abs().max() == 0
