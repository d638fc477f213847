"""Parallel layers: the loop's results to the bit, layers that work at once, errors and Ctrl-C that reach the caller."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading

import pytest
import torch

from ffcolor import FfcolorError
from ffcolor.engine.modules import FFNetwork
from ffcolor.rules import pipeline


def network(seed: int = 3, classes: int = 0, layers: int = 5) -> FFNetwork:
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return FFNetwork([24] * (layers + 1), num_classes=classes, seed=seed)


def batches(classes: int = 0, count: int = 17) -> list[tuple[torch.Tensor, torch.Tensor]]:
    g = torch.Generator().manual_seed(7)
    second = lambda: torch.randint(0, classes, (9,), generator=g) if classes else torch.rand(9, 24, generator=g)  # noqa: E731
    return [(torch.rand(9, 24, generator=g), second()) for _ in range(count)]


def weights(net: FFNetwork) -> list[torch.Tensor]:
    return list(net.state_dict().values())


@pytest.mark.parametrize("classes", [0, 4])
@pytest.mark.parametrize("ahead", [1, 3])
def test_the_pipeline_gives_the_loops_results_to_the_bit(classes, ahead):
    plain, loop, piped = (network(classes=classes) for _ in range(3))
    expected = [plain.train_epoch(batches(classes)) for _ in range(2)]
    looped = [pipeline.train_epoch(loop, batches(classes), parallel=False) for _ in range(2)]
    got = [pipeline.train_epoch(piped, batches(classes), ahead=ahead) for _ in range(2)]
    assert got == looped == pytest.approx(expected)
    for a, b, c in zip(weights(plain), weights(loop), weights(piped), strict=True):
        assert torch.equal(a, b)
        assert torch.equal(a, c)
    assert not torch.equal(weights(piped)[0], weights(network(classes=classes))[0])


def test_each_layer_sees_every_item_in_order_in_a_thread_of_its_own():
    seen = [[] for _ in range(4)]

    def stage(place):
        def learn(item):
            seen[place].append((item, threading.current_thread().name))
            return item * 2, item + place / 10

        return learn

    losses = pipeline.run([stage(place) for place in range(4)], range(30))
    assert losses == [tuple(k * 2**place + place / 10 for place in range(4)) for k in range(30)]
    for place, each in enumerate(seen):
        assert each == [(k * 2**place, f"layer {place}") for k in range(30)]


def test_layers_work_at_the_same_time():
    meeting = threading.Barrier(3, timeout=20)  # breaks unless three layers are in it together

    def stage(item):
        meeting.wait()
        return item, 0.0

    def waits_for_the_others(place):
        return lambda item: stage(item) if 2 - place <= item < 5 - place else (item, 0.0)

    # at item 2 - place each layer waits for the two others: layer 0 at item 2, layer 1 at item 1, layer 2 at item 0
    assert len(pipeline.run([waits_for_the_others(place) for place in range(3)], range(5))) == 5
    assert not meeting.broken


def test_no_more_items_are_under_way_than_asked_for():
    made, finished, most = 0, 0, 0

    def items():
        nonlocal made, most
        for k in range(20):
            made += 1
            most = max(most, made - finished)
            yield k

    def on_step(*_):
        nonlocal finished
        finished += 1

    pipeline.run([lambda item: (item, 0.0)] * 3, items(), ahead=2, on_step=on_step)
    assert finished == 20
    assert most <= 3 * 2 + 1


@pytest.mark.parametrize("parallel", [False, True])
def test_progress_is_told_in_the_callers_thread_and_may_stop(parallel):
    told = []

    class Enough(Exception):  # noqa: N818
        pass

    def on_step(step, steps, loss):
        assert threading.current_thread() is threading.main_thread()
        told.append((step, steps, loss))
        if step == 3:
            raise Enough

    before = threading.active_count()
    stages = [lambda item: (item, item), lambda item: (item, item + 1)]
    with pytest.raises(Enough):
        pipeline.run(stages, list(range(50)), parallel=parallel, on_step=on_step)
    assert told == [(1, 50, 0.5), (2, 50, 1.5), (3, 50, 2.5)]
    assert threading.active_count() == before
    told.clear()
    pipeline.run(stages, iter(range(2)), parallel=parallel, on_step=on_step)
    assert [steps for _, steps, _ in told] == [0, 0]


@pytest.mark.parametrize("parallel", [False, True])
@pytest.mark.parametrize("place", [0, 2])
def test_an_error_in_a_layer_reaches_the_caller_and_ends_all_threads(parallel, place):
    def broken(item):
        if item == 4:
            raise ZeroDivisionError("in the layer")
        return item, 0.0

    stages = [lambda item: (item, 0.0)] * 3
    stages[place] = broken
    before, threads = threading.active_count(), torch.get_num_threads()
    with pytest.raises(ZeroDivisionError, match="in the layer") as caught:
        pipeline.run(stages, range(40), parallel=parallel)
    assert caught.traceback[-1].name == "broken"
    assert threading.active_count() == before
    assert torch.get_num_threads() == threads


def test_an_error_of_the_items_ends_all_threads():
    def items():
        yield 1
        raise OSError("no more data")

    before = threading.active_count()
    with pytest.raises(OSError, match="no more data"):
        pipeline.run([lambda item: (item, 0.0)] * 2, items())
    assert threading.active_count() == before


def test_a_layers_own_error_is_the_one_of_the_loop():
    with pytest.raises(FfcolorError, match=r"x_pos is of shape \(9, 23\); it must be \(n, 24\)"):
        pipeline.train_epoch(network(), [(torch.rand(9, 23), torch.rand(9, 23))])


@pytest.mark.needs("posix")
def test_ctrl_c_stops_it():
    script = """
import threading, time
from ffcolor.rules import pipeline
def stage(item):
    time.sleep(0.01)
    return item, 0.0
def on_step(step, steps, loss):
    if step == 1:
        print("running", flush=True)
try:
    pipeline.run([stage] * 3, iter(int, 1), on_step=on_step)
except KeyboardInterrupt:
    print("stopped", threading.active_count(), flush=True)
"""
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process:
        assert process.stdout.readline() == "running\n"
        process.send_signal(signal.SIGINT)
        assert process.stdout.readline() == "stopped 1\n"
    assert process.returncode == 0


@pytest.mark.parametrize(
    ("call", "gist", "code"),
    [
        (lambda: pipeline.run([], [1]), "there are no stages", "invalid-setting"),
        (lambda: pipeline.run([lambda item: (item, 0.0)], [1], ahead=0), "ahead is 0", "invalid-setting"),
        (lambda: pipeline.train_epoch(network(), []), "no batches", "no-data"),
    ],
)
def test_bad_calls_are_refused(call, gist, code):
    with pytest.raises(FfcolorError, match=gist) as caught:
        call()
    assert caught.value.code == code
