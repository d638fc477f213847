"""Layers in processes: the loop's results to the bit; of whatever goes wrong the caller hears, and nothing is left."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from queue import SimpleQueue

import pytest
import torch

from ffcolor import FfcolorError
from ffcolor.engine.modules import FFNetwork
from ffcolor.rules import pipeline, processes


def network(layers: int = 3) -> FFNetwork:
    with torch.random.fork_rng():
        torch.manual_seed(3)
        return FFNetwork([24] * (layers + 1), num_classes=4, seed=3)


def batches(count: int = 6) -> list[tuple[torch.Tensor, torch.Tensor]]:
    g = torch.Generator().manual_seed(7)
    sizes = [9] * (count - 1) + [4]
    return [(torch.rand(n, 24, generator=g), torch.randint(0, 4, (n,), generator=g)) for n in sizes]


def weights(net: FFNetwork) -> list[torch.Tensor]:
    return [tensor.clone() for tensor in net.state_dict().values()]


def same(one: list[torch.Tensor], other: list[torch.Tensor]) -> bool:
    return all(torch.equal(a, b) for a, b in zip(one, other, strict=True))


def alive(pid: int) -> bool:
    """Whether a process still computes: one that has ended but was not waited for does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


@pytest.fixture(autouse=True)
def own_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other tests that run at the same time meet elsewhere."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def meetings() -> set[Path]:
    return set(Path(tempfile.gettempdir()).glob("ffcolor-meeting-*"))


def test_processes_give_the_loops_results_to_the_bit_and_the_caller_all_state():
    looped, split, told = network(), network(), []
    held = split.layers[2].linear.weight
    folders = meetings()
    with processes.Processes(split, 2) as two:
        assert [*map(list, two.groups)] == [[0], [1, 2]]
        pids = two.pids
        for epoch in range(2):
            expected = pipeline.train_epoch(looped, batches(), parallel=False)
            assert two.train_epoch(batches(), on_step=lambda *step: told.append(step)) == expected
            assert same(weights(looped), weights(split))
            for each in (looped, split):  # the next epoch learns from the network as it is then
                each.layers[epoch].linear.bias.add_(0.25)
        assert meetings() == folders
    assert held is split.layers[2].linear.weight
    assert [step[:2] for step in told] == [(k, 6) for k in range(1, 7)] * 2
    assert looped.train_epoch(batches()) == split.train_epoch(batches()), "moments, too"
    assert same(weights(looped), weights(split))
    assert not any(map(alive, pids))
    assert two.pids == []
    with pytest.raises(FfcolorError, match="the processes have ended") as caught:
        two.train_epoch(batches())
    assert caught.value.code == "closed"


def test_a_process_may_have_learned_all_before_the_last_one_is_heard(monkeypatch):
    class Late(SimpleQueue):
        """Lets no losses through before the first process has learned all."""

        learned = threading.Event()

        def put(self, word):
            if word.what == "losses":
                assert self.learned.wait(60)
            super().put(word)
            if word.what == "state":
                self.learned.set()

    monkeypatch.setattr(processes, "SimpleQueue", Late)
    looped, split = network(), network()
    expected = pipeline.train_epoch(looped, batches(2), parallel=False)
    assert processes.train_epoch(split, batches(2), 2) == expected
    assert same(weights(looped), weights(split))


def test_a_layers_own_error_reaches_the_caller_and_the_network_is_as_it_was():
    net = network()
    before = weights(net)
    bad = [*batches(3), (torch.rand(9, 23), torch.zeros(9, dtype=torch.int64)), *batches(30)]
    started = processes.Processes(net, 2)
    pids = started.pids
    with pytest.raises(FfcolorError, match=r"x_pos is of shape \(9, 23\); it must be \(n, 24\)") as caught:
        started.train_epoch(bad)
    assert caught.value.code == "shape"
    assert "in train_step" in str(caught.value.__cause__), "the other process's traceback"
    assert same(before, weights(net))
    assert not any(map(alive, pids))


@pytest.mark.needs("posix")
@pytest.mark.parametrize("place", [0, 1])
def test_a_process_that_dies_ends_the_others_and_the_caller_hears_which(place):
    net = network()
    before = weights(net)
    started = processes.Processes(net, 2)
    pids = started.pids

    def on_step(step, steps, loss):
        if step == 2:
            os.kill(pids[place], signal.SIGKILL)

    which = ("layer 0", "layers 1 to 2")[place]
    with pytest.raises(FfcolorError, match=f"the process of {which} has been killed by signal 9") as caught:
        started.train_epoch(batches(200), on_step=on_step)
    assert caught.value.code == "process-died"
    assert same(before, weights(net))
    assert not any(map(alive, pids))


def test_the_caller_may_stop_and_all_processes_end():
    class Enough(Exception):  # noqa: N818
        pass

    def on_step(step, steps, loss):
        raise Enough

    net = network()
    before = weights(net)
    started = processes.Processes(net, 1)
    pids = started.pids
    with pytest.raises(Enough):
        started.train_epoch(iter(batches()), on_step=on_step)
    assert same(before, weights(net))
    assert not any(map(alive, pids))


SCRIPT = """
import itertools, sys, torch
from ffcolor.engine.modules import FFNetwork
from ffcolor.rules import processes
started = processes.Processes(FFNetwork([24, 24, 24], num_classes=0), 2)
endless = ((torch.rand(9, 24), torch.rand(9, 24)) for _ in itertools.count())
pids = started.pids
def on_step(step, steps, loss):
    if step == 1:
        print(*pids, flush=True)
try:
    started.train_epoch(endless, on_step=on_step)
except KeyboardInterrupt:
    print("stopped", started.pids, flush=True)
"""


@pytest.mark.needs("posix")
@pytest.mark.parametrize("how", [signal.SIGINT, getattr(signal, "SIGKILL", None)])
def test_ctrl_c_ends_all_and_so_does_the_callers_death(how):
    folders = meetings()
    command = [sys.executable, "-c", SCRIPT]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, start_new_session=True) as caller:
        assert caller.stdout is not None
        assert caller.stderr is not None
        pids = [int(word) for word in caller.stdout.readline().split()]
        assert len(pids) == 2
        if how == signal.SIGINT:
            os.killpg(caller.pid, how)  # as a terminal does: the workers get it, too
            assert caller.stdout.readline() == "stopped []\n"
            assert caller.stderr.read() == ""
        else:
            caller.send_signal(how)
    assert caller.returncode == (0 if how == signal.SIGINT else -how)
    latest = time.monotonic() + 60
    while any(map(alive, pids)) and time.monotonic() < latest:
        time.sleep(0.05)
    assert not any(map(alive, pids))
    assert meetings() == folders


@pytest.mark.parametrize(
    ("call", "gist", "code"),
    [
        (lambda: processes.Processes(network(), 4), "4 processes for 3 layers", "invalid-setting"),
        (lambda: processes.Processes(network(), 2, ahead=0), "ahead is 0", "invalid-setting"),
        (lambda: processes.train_epoch(network(), [], 1), "no batches", "no-data"),
    ],
)
def test_bad_calls_are_refused(call, gist, code):
    with pytest.raises(FfcolorError, match=gist) as caught:
        call()
    assert caught.value.code == code


def test_the_pages_example_runs():
    page = Path(__file__).parents[3] / "docs" / "rules" / "pipeline.md"
    (code,) = re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    found: dict[str, object] = {}
    exec(code, found)
    assert 0 < found["loss"] < 10
