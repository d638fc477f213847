"""Layers on ranks: how they are given out, what travels between them, and a program under torchrun."""

from __future__ import annotations

import itertools
import subprocess
import sys

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from ffcolor import FfcolorError
from ffcolor.engine.modules import FFLayer, FFNetwork
from ffcolor.rules.parallel import carry, pipeline, ranks

COSTS = st.lists(st.integers(0, 9), min_size=1, max_size=7)


@given(COSTS, st.data())
def test_groups_are_neighbours_and_no_other_cut_is_better(costs, data):
    count = data.draw(st.integers(1, len(costs)))
    found = ranks.groups(costs, count)
    assert [place for group in found for place in group] == list(range(len(costs)))
    assert all(group for group in found)
    by_hand = min(
        max(sum(costs[a:b]) for a, b in itertools.pairwise((0, *cuts, len(costs))))
        for cuts in itertools.combinations(range(1, len(costs)), count - 1)
    )
    assert max(sum(costs[place] for place in group) for group in found) == by_hand


@pytest.mark.parametrize("count", [0, 4])
def test_each_process_needs_a_layer(count):
    with pytest.raises(FfcolorError, match=f"{count} processes for 3 layers; give 1 to 3") as caught:
        ranks.groups([1, 1, 1], count)
    assert caught.value.code == "invalid-setting"


def test_a_group_is_needed():
    with pytest.raises(FfcolorError, match="init_process_group"):
        ranks.train_epoch(FFNetwork([4, 4], num_classes=0), [])


TYPES = st.sampled_from(ranks._TYPES)
SHAPES = st.lists(st.integers(0, 3), max_size=6)


@given(st.integers(-1, 40), st.lists(st.tuples(TYPES, SHAPES.map(tuple)), max_size=8))
def test_a_head_says_what_comes(losses, kinds):
    head = ranks._Head(losses, tuple(kinds))
    assert head.numbers().shape == (ranks._HEAD,)
    assert ranks._Head.read(head.numbers()) == head


@given(TYPES, SHAPES, st.integers(0, 2**31))
def test_a_tensor_keeps_its_bits_on_the_way(dtype, shape, seed):
    words = torch.randint(0, 2, (*shape, 16), generator=torch.Generator().manual_seed(seed)).to(torch.uint8)
    sent = words.view(dtype)[..., 0] if dtype != torch.bool else words[..., 0].bool()
    got = carry.tensor(carry.plain(sent))
    assert (got.dtype, got.shape) == (sent.dtype, sent.shape)
    assert str(carry.plain(got)) == str(carry.plain(sent)), "type, shape and bytes"


def taught() -> FFLayer:
    with torch.random.fork_rng():
        torch.manual_seed(5)
        layer = FFLayer(6, 4)
    layer.train_step(torch.ones(3, 6), torch.zeros(2, 6))
    return layer


def test_a_layer_comes_back_with_all_it_holds_in_the_callers_own_weights():
    away, here = taught(), taught()
    weight, before = here.linear.weight, here.linear.weight.clone()
    for _ in range(3):
        away.train_step(torch.rand(3, 6), torch.rand(2, 6))
    carry.take([here], carry.pack([away]))
    assert here.linear.weight is weight
    assert torch.equal(weight, away.linear.weight)
    assert not torch.equal(weight, before)
    pair = torch.rand(3, 6), torch.rand(2, 6)
    assert here.train_step(*pair)[0] == away.train_step(*pair)[0]
    assert torch.equal(here.linear.weight, away.linear.weight), "moments and their step, too"


def test_a_packed_layer_can_go_to_another_device():
    (layer,) = carry.unpack(carry.pack([taught()]), "meta")
    assert {each.device.type for each in layer.parameters()} == {"meta"}
    assert layer._adam[0]._mean.device.type == "meta"
    (layer,) = carry.unpack(carry.pack([taught()]))
    assert layer.linear.weight.device.type == "cpu"


def test_layers_go_to_a_device_with_their_moments():
    """Where nothing but a CPU can be counted on, torch's device without memory takes the part of the other device."""
    layer = taught()
    carry._move(layer, "meta")
    assert {each.device.type for each in layer.parameters()} == {"meta"}
    assert layer._adam[0]._mean.device.type == layer._adam[1]._square.device.type == "meta"


def test_an_epoch_on_named_devices_is_an_epoch():
    network, plain = FFNetwork([4, 4, 4], num_classes=0), FFNetwork([4, 4, 4], num_classes=0)
    plain.load_state_dict(network.state_dict())
    batch = [(torch.rand(3, 4), torch.rand(3, 4))]
    for _ in range(2):
        assert pipeline.train_epoch(network, batch, devices=["cpu", "cpu:0"]) == plain.train_epoch(batch)
    for devices, gist in (
        (["cpu"], "a device for each of the 2 layers"),
        (["cpu", "toaster"], "'toaster', which torch"),
    ):
        with pytest.raises(FfcolorError, match=gist):
            pipeline.train_epoch(network, batch, devices=devices)


PROGRAM = """
import sys, torch, torch.distributed as dist
from ffcolor import FfcolorError
from ffcolor.engine.modules import FFNetwork
from ffcolor.rules import ranks
dist.init_process_group("gloo")
torch.set_num_threads(1)
def network():
    torch.manual_seed(3)
    return FFNetwork([12, 9, 9, 9], num_classes=3, seed=3)
g = torch.Generator().manual_seed(7)
batches = [(torch.rand(n, 12, generator=g), torch.randint(0, 3, (n,), generator=g)) for n in (8, 8, 5)]
looped, ranked, told = network(), network(), []
expected = [looped.train_epoch(batches) for _ in range(2)]
rank = dist.get_rank()
def say(what):  # in one piece: the other rank writes to the same pipe
    sys.stdout.write(f"rank {rank}: {what}\\n")
    sys.stdout.flush()
mine = batches if rank == 0 else None
got = [ranks.train_epoch(ranked, mine, on_step=lambda *step: told.append(step[0])) for _ in range(2)]
assert max(abs(a - b) for a, b in zip(got, expected)) < 1e-12, (got, expected)
assert all(torch.equal(a, b) for a, b in zip(looped.state_dict().values(), ranked.state_dict().values()))
assert looped.train_epoch(batches) == ranked.train_epoch(batches), "moments and drawn labels, too"
assert told == ([1, 2, 3] * 2 if rank == 1 else []), told
try:
    ranks.train_epoch(FFNetwork([12, 9], num_classes=3), mine)
except FfcolorError as error:
    say(error)
if rank == 0:
    def broken():
        yield batches[0]
        dist.destroy_process_group()  # as if this rank had died
        raise OSError("no more data")
    mine = broken()
try:
    ranks.train_epoch(ranked, mine)
except FfcolorError as error:
    say(error.code)
except OSError as error:
    say(error)
"""


def test_a_program_on_two_ranks_gives_the_loops_results_to_the_bit(tmp_path):
    path = tmp_path / "train.py"
    path.write_text(PROGRAM, encoding="utf-8")
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert sorted(done.stdout.splitlines()) == [
        "rank 0: no more data",
        "rank 0: there are 2 processes for 1 layers; give 1 to 1: each needs a layer",
        "rank 1: rank-lost",
        "rank 1: there are 2 processes for 1 layers; give 1 to 1: each needs a layer",
    ]
