"""The engine's side of the bridge: arguments, answers, errors, operations; no Java is needed."""

import json
import threading

import numpy as np
import pytest
from ffcolor_bridge import operations, quick, threads, wire
from ffcolor_bridge.classic_layer import ClassicLayer
from ffcolor_bridge.handles import Handles
from hypothesis import given
from hypothesis import strategies as st

from ffcolor import ColorPreference, FfcolorError
from ffcolor.color import read_colors
from ffcolor.doors import verbs
from ffcolor.skills import edn

LIKED = read_colors(["#ffd1dc", "#c1e1c1", "#aec6cf", "#fdfd96"])
DISLIKED = read_colors(["#8b0000", "#003300", "#000000", "#4b0082"])
GOLD = read_colors("gold")
plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.from_regex(r"[a-z][a-z0-9_]*", fullmatch=True), inner),
    max_leaves=20,
)


class Call:
    """A call as the Java side makes it, and what became of it."""

    def __init__(self, operation, header, *arrays, on_ask=None, leaves_after=None):
        self.text, self.arrays = f"{operation} {json.dumps(header)}", arrays
        self.asks, self.on_ask, self.leaves_after = on_ask is not None, on_ask, leaves_after
        self.given, self.held, self.answered, self.looks = [], [], "no answer", 0

    def floats(self, place):
        return np.ascontiguousarray(self.arrays[place], dtype=np.float32).reshape(-1)

    def cancelled(self):
        self.looks += 1
        return self.leaves_after is not None and self.looks > self.leaves_after

    def ask(self, arguments):
        return self.on_ask(arguments)

    def giveFloats(self, array):  # noqa: N802
        self.given.append(np.array(array))

    giveDoubles = giveLongs = giveFloats  # noqa: N815

    def hold(self, number):
        self.held.append(number)

    def answer(self, text):
        self.answered = text


@pytest.fixture
def handles(monkeypatch):
    fresh = Handles()
    monkeypatch.setattr(threads, "HANDLES", fresh)
    monkeypatch.setattr(operations, "HANDLES", fresh)
    return fresh


def serve(operation, header, *arrays, **how):
    call = Call(operation, header, *arrays, **how)
    answer = threads.Threads(None, size=-1)._serve(call)  # never short of threads
    if answer is not threads._NOBODY:
        call.answer(answer)
    return call


def model_in(handles):
    taste = ColorPreference().fit(LIKED, DISLIKED)
    return taste, {"$model": handles.add(taste)}


# ---- answers -----------------------------------------------------------------------------------------------------


@given(plain)
def test_plain_data_survives_edn(value):
    def keyed(value):  # as the reader of skills has it: keywords for keys
        if isinstance(value, dict):
            return {key.replace("_", "-"): keyed(each) for key, each in value.items()}
        return [keyed(each) for each in value] if isinstance(value, list) else value

    def simple(value):
        if isinstance(value, dict):
            return {key: simple(each) for key, each in value.items()}
        return [simple(each) for each in value] if isinstance(value, (list, tuple)) else value

    assert simple(edn.loads(wire.to_edn(value))) == keyed(value)


def test_numbers_and_keys():
    assert wire.to_edn([np.float32(0.5), np.int64(3), np.bool_(True), float("nan"), float("-inf")]) == (
        "[0.5 3 true ##NaN ##-Inf]"
    )
    assert wire.to_edn({"drawn?": True, "hue +20°": 1, "liked_right": None}) == (
        '{:drawn? true "hue +20\\u00b0" 1 :liked-right nil}'
    )
    assert wire.to_edn(object).startswith('"<class')


def test_errors_carry_everything():
    error = FfcolorError('no "such" colour', code="invalid-color", value=(1, 2), position=3)
    text = wire.error_edn(error)
    assert text.startswith("#ffcolor/error {:type :ffcolor/invalid-color :code :invalid-color ")
    assert ' :message "no \\"such\\" colour" :value [1 2] :position 3 :traceback "' in text
    assert ":code :python-error" in wire.error_edn(KeyError("x"))
    assert ':python-class "KeyError"' in wire.error_edn(KeyError("x"))


@pytest.mark.parametrize(
    ("code", "advice", "told"),
    [
        ("dead-units", "use a smaller learning_rate or l2", "no"),
        ("not-fitted", "call fit first", "no"),
        ("model", "give a path or a ColorPreference", "no; learn and load-model make one"),
        ("model", "", "no"),
    ],
)
def test_advice_is_clojures_own(code, advice, told):
    assert f':message "{told}"' in wire.error_edn(FfcolorError("no", code=code, advice=advice))


# ---- arguments ---------------------------------------------------------------------------------------------------


def test_headers():
    arrays = [np.arange(6, dtype=np.float32) / 8, np.arange(4, dtype=np.float32)]
    header = {"a": {"$array": 0}, "b": {"$array": 1}, "c": {"$model": 5}, "d": {"x": [1, None]}}
    found = wire.read_header(json.dumps(header), arrays.__getitem__, lambda number: f"model {number}")
    np.testing.assert_array_equal(found["a"], arrays[0].reshape(2, 3))
    np.testing.assert_array_equal(found["b"], arrays[1])
    assert (found["c"], found["d"]) == ("model 5", {"x": [1, None]})


def test_colors_that_python_reads_are_put_in_their_places():
    others = [[1, "oklch(0.7 0.1 200)"], [2, {"L": 50, "C": 20, "H": 10, "alpha": 1.0}]]
    header = {"colors": {"$colors": 0, "others": others, "lone": False}}
    given = np.zeros(12, np.float32) + np.float32(0.25)
    found = wire.read_header(json.dumps(header), lambda _: given, None)["colors"]
    expected = [[0.25, 0.25, 0.25], others[0][1], {"L": 50, "C": 20, "H": 10}, [0.25, 0.25, 0.25]]
    np.testing.assert_array_equal(found, read_colors(expected))
    assert (given == 0.25).all()


@pytest.mark.parametrize("lone", [False, True])
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("bluw", "'bluw' is not a colour: did you mean 'blue'?"),
        ("rgb(1 2)", "rgb() takes three values"),
        ("rgb(0 0 0 / 0.5)", "translucent"),
        ("{path}", "no image is opened here"),
    ],
)
def test_bad_text_names_its_place_and_opens_no_file(tmp_path, lone, text, message):
    from PIL import Image

    path = tmp_path / "red.png"
    Image.new("RGB", (1, 1), "red").save(path)
    header = {"colors": {"$colors": 0, "others": [[2, text.format(path=path)]], "lone": lone}}
    with pytest.raises(FfcolorError) as caught:
        wire.read_header(json.dumps(header), lambda _: np.zeros(9, np.float32), None)
    assert message in caught.value.message
    assert str(caught.value).startswith("colour 2: ") is not lone
    assert caught.value.position == (None if lone else 2)


# ---- operations --------------------------------------------------------------------------------------------------


def test_learning_answers_what_the_library_says(handles):
    call = serve(
        "ff_color_learning", {"liked": {"$array": 0}, "disliked": {"$array": 1}, "seed": 3, "steps": 9}, LIKED, DISLIKED
    )
    taste = ColorPreference(seed=3, steps=9).fit(LIKED, DISLIKED)
    assert call.answered.startswith("{:model #ffcolor/model [1 ")
    assert call.held == [1, 2]
    assert handles.get(1) is handles.get(2)
    both = np.concatenate([LIKED, DISLIKED])
    np.testing.assert_array_equal(np.concatenate(call.given[:2]), taste.goodness(both))
    np.testing.assert_array_equal(np.concatenate(call.given[2:4]), taste.probability(both))
    assert len(call.given[4]) == 9
    assert f":accuracy {taste.accuracy(LIKED, DISLIKED)}" in call.answered


@pytest.mark.parametrize("given", [True, False])
def test_learning_judges_once_and_drawn_colors_with_the_others(handles, monkeypatch, given):
    judged, judge = [], ColorPreference.judge
    monkeypatch.setattr(
        ColorPreference, "judge", lambda self, colors: judged.append(len(colors)) or judge(self, colors)
    )
    call = serve(
        "ff_color_learning", {"liked": {"$array": 0}, "disliked": {"$array": 1} if given else None}, LIKED, GOLD
    )
    taste = handles.get(call.held[0])
    assert judged == [len(LIKED) + len(taste.disliked_.colors)]
    assert (":drawn? false" if given else ":drawn? true") in call.answered
    both = np.concatenate([LIKED, GOLD if given else taste.disliked_.colors])
    np.testing.assert_array_equal(np.concatenate(call.given[:2]), taste.goodness(both))
    judged.clear()
    assert verbs.call("learn", liked=LIKED)["disliked_right"] is None
    assert judged == [len(LIKED)]


def test_learning_complains_of_arguments_as_the_verb(handles):
    unknown = serve("ff_color_learning", {"liked": {"$array": 0}, "sead": 1}, LIKED).answered
    assert ':code :unknown-argument :message "learn has no argument :sead: did you mean :seed?"' in unknown
    assert "learn needs the argument 'liked'" in serve("ff_color_learning", {}).answered


def test_judging_is_in_arrays_alone(handles):
    taste, model = model_in(handles)
    for operation in ("score:score", "score:probability", "goodness"):
        call = serve(operation, {"model": model, "colors": {"$array": 0}}, LIKED)
        assert call.answered is None
        np.testing.assert_array_equal(call.given[0], getattr(taste, operation.rpartition(":")[2])(LIKED))
    rgb, score, probability = serve(
        "score:hex,score,probability", {"model": model, "colors": {"$array": 0}}, LIKED
    ).given
    np.testing.assert_array_equal(rgb.reshape(-1, 3), LIKED)
    np.testing.assert_array_equal(score, taste.score(LIKED))
    np.testing.assert_array_equal(probability, taste.probability(LIKED))


def test_columns_cross_as_arrays(handles):
    taste, model = model_in(handles)
    ranked = serve("rank", {"model": model, "colors": {"$array": 0}, "top": 3}, LIKED)
    assert ranked.answered == (
        "{:colors #ffcolor/columns {:index #ffcolor/array 0 :hex #ffcolor/colors 1 :score #ffcolor/array 2 "
        ":probability #ffcolor/array 3 :liked [true true true]}}"
    )
    order = taste.rank(LIKED)[:3]
    expected = (order, LIKED[order].reshape(-1), taste.score(LIKED)[order], taste.probability(LIKED)[order])
    for column, values in zip(ranked.given, expected, strict=True):
        np.testing.assert_array_equal(column, values)
    shown = serve("show", {"colors": {"$array": 0}}, GOLD).answered
    assert "{:hex #ffcolor/colors 0 :name [" in shown
    assert ":oklch [[" in shown


def test_a_column_that_is_not_there_is_named(handles):
    _, model = model_in(handles)
    for operation, words in (("score:nosuch", "no column 'nosuch': there are hex"), ("info:x", "it has none")):
        call = serve(operation, {"model": model} | ({"colors": {"$array": 0}} if "score" in operation else {}), LIKED)
        assert ":ffcolor/unknown-argument" in call.answered
        assert words in call.answered


def test_the_threshold_told_is_the_one_that_was_learned_with(handles, monkeypatch):
    from ffcolor import ColorPreference

    fit = ColorPreference.fit
    monkeypatch.setattr(ColorPreference, "fit", lambda self, *a, **k: fit(self, *a, **k).set_params(threshold=99.0))
    call = serve("ff_color_learning", {"liked": {"$array": 0}, "disliked": {"$array": 1}}, LIKED, DISLIKED)
    assert ":threshold 6.0" in call.answered


def test_what_is_not_a_verb_has_a_name_of_its_own():
    assert not set(operations.OPERATIONS) & set(verbs.VERBS)


def test_a_verb_that_makes_a_model_hands_it_over(handles):
    call = serve("learn", {"liked": {"$array": 0}, "disliked": {"$array": 1}}, LIKED, DISLIKED)
    assert call.answered.startswith("{")
    assert f":model #ffcolor/model [{call.held[0]} " in call.answered
    np.testing.assert_array_equal(
        handles.get(call.held[0]).score(LIKED), ColorPreference().fit(LIKED, DISLIKED).score(LIKED)
    )


def test_an_update_teaches_a_copy(handles):
    taste, model = model_in(handles)
    before = taste.score(LIKED)
    call = serve("update", {"model": model, "liked": {"$array": 0}, "disliked": None}, GOLD)
    fresh = handles.get(call.held[0])
    np.testing.assert_array_equal(taste.score(LIKED), before)
    np.testing.assert_array_equal(fresh.score(LIKED), ColorPreference().fit(LIKED, DISLIKED).update(GOLD).score(LIKED))


def test_verbs_are_those_of_the_table(handles):
    assert serve("stream", {"name": "genesis", "count": 2}).answered == wire.to_edn(verbs.call("stream", count=2))
    taste, model = model_in(handles)
    assert serve("explain", {"model": model, "color": {"$array": 0}}, LIKED[:1]).answered == (
        wire.to_edn(taste.explain(LIKED[0]))
    )
    assert ":code :unknown-verb" in serve("nothing", {}).answered
    assert ":code :closed-model" in serve("score", {"model": {"$model": 99}, "colors": {"$array": 0}}, LIKED).answered


def test_files(handles, tmp_path):
    taste, model = model_in(handles)
    path = str(tmp_path / "t.safetensors")
    assert serve("save", {"model": model, "path": path}).answered == "nil"
    loaded = serve("load_model", {"path": path})
    np.testing.assert_array_equal(handles.get(loaded.held[0]).score(LIKED), taste.score(LIKED))
    assert ":code :model-file" in serve("load_model", {"path": path + "x"}).answered


def test_the_callers_callback_hears_and_a_caller_that_left_stops_the_work(handles):
    heard = []
    header = {"liked": {"$array": 0}, "disliked": {"$array": 1}, "steps": 4}
    assert serve("ff_color_learning", header, LIKED, DISLIKED, on_ask=heard.append).answered.startswith("{:model")
    assert [(step, steps) for step, steps, _ in heard] == [(1, 4), (2, 4), (3, 4), (4, 4)]
    kept = len(handles)
    left = serve("ff_color_learning", header | {"steps": 10**9}, LIKED, DISLIKED, leaves_after=3)
    assert left.answered == "no answer"
    assert len(handles) == kept


def test_what_is_released_is_gone(handles):
    _, model = model_in(handles)
    serve("release", model["$model"])
    serve("release", 12345)
    assert len(handles) == 0


def test_a_layer_is_fflayer_with_weights_of_its_own():
    import torch

    from ffcolor import FFLayer

    state = torch.random.get_rng_state()
    one, two = (ClassicLayer(3, 16, seed=5, learning_rate=0.1, normalize=True) for _ in range(2))
    assert torch.equal(torch.random.get_rng_state(), state)
    np.testing.assert_array_equal(one.forward(LIKED), two.forward(LIKED))
    assert not np.array_equal(one.forward(LIKED), ClassicLayer(3, 16, seed=6, normalize=True).forward(LIKED))
    oracle = FFLayer(3, 16, lr=0.1, normalize=True)
    oracle.linear.weight.copy_(torch.from_numpy(one.weights.T))
    oracle.linear.bias.copy_(torch.from_numpy(one.bias))
    for _ in range(5):
        loss, _, _ = oracle.train_step(torch.from_numpy(LIKED), torch.from_numpy(DISLIKED))
        assert one.step(LIKED, DISLIKED) == pytest.approx(loss, rel=1e-5)
    np.testing.assert_allclose(one.forward(LIKED), oracle(torch.from_numpy(LIKED)).numpy(), rtol=1e-4, atol=1e-6)
    workers = [threading.Thread(target=one.step, args=(LIKED, DISLIKED)) for _ in range(8)]
    for thread in workers:
        thread.start()
    for thread in workers:
        thread.join()
    assert np.isfinite(one.forward(LIKED)).all()


def in_room(rooms, operation, header, *arrays):
    """Run a quick call as Java does, and read its answer."""
    text, sizes = f"{operation} {json.dumps(header)}".encode(), np.zeros(8, np.int32)
    sizes[:2], sizes[2 : 2 + len(arrays)] = (len(text), len(arrays)), [array.size for array in arrays]
    content = b"".join([sizes.tobytes(), *(array.astype(np.float32).tobytes() for array in arrays), text])
    rooms._memory[3][: len(content)] = content
    if rooms.run(3) != 0:
        return None
    sizes = np.frombuffer(rooms._memory[3], np.int32, 8)
    numbers = np.frombuffer(rooms._memory[3], np.float32)[8:]
    return np.split(numbers[: sizes[2 : 2 + sizes[1]].sum()].copy(), np.cumsum(sizes[2 : 1 + sizes[1]]))


def test_quick_calls_answer_as_those_of_the_engines_threads(handles, monkeypatch):
    monkeypatch.setattr(quick, "HANDLES", handles)
    _, model = model_in(handles)
    rooms = quick.Quick()
    for operation in ("score:score", "score:probability", "goodness"):
        expected = serve(operation, {"model": model, "colors": {"$array": 0}}, LIKED)
        (found,) = in_room(rooms, operation, {"model": model, "colors": {"$array": 0}}, LIKED)
        assert expected.answered is None
        np.testing.assert_array_equal(found, expected.given[0])
    layers = [{"$model": handles.add(ClassicLayer(3, 4))} for _ in range(2)]
    sides = {"positive": {"$array": 0}, "negative": {"$array": 1}}
    for _ in range(3):
        slow = serve("local_update", {"layer": layers[0], **sides}, LIKED, DISLIKED).given[0]
        np.testing.assert_array_equal(
            in_room(rooms, "local_update", {"layer": layers[1], **sides}, LIKED, DISLIKED)[0], slow
        )


def test_an_engine_thread_outlives_a_release_that_makes_no_sense(handles):
    assert ":code :python-error" in serve("release", {}).answered


def test_a_quick_call_without_an_answer_is_left_to_the_engines_threads(handles, monkeypatch):
    monkeypatch.setattr(quick, "HANDLES", handles)
    rooms, wide = quick.Quick(), {"$model": handles.add(ClassicLayer(3, 4000))}
    assert in_room(rooms, "goodness", {"model": {"$model": 99}, "colors": {"$array": 0}}, LIKED) is None
    assert in_room(rooms, "nosuch", {}) is None
    large = {"$model": handles.add(ClassicLayer(3, 500_000))}
    assert (
        in_room(rooms, "local_update", {"layer": large, "positive": {"$array": 0}, "negative": {"$array": 0}}, LIKED)
        is None
    )
    at_work = ClassicLayer(3, 4)
    with at_work._lock:  # as in the middle of a step
        x = {"layer": {"$model": handles.add(at_work)}, "x": {"$array": 0}}
        assert in_room(rooms, "forward", x, LIKED) is None
    assert in_room(rooms, "forward", x, LIKED) is not None
    assert in_room(rooms, "forward", {"layer": wide, "x": {"$array": 0}}, LIKED) is None  # too long for a room
    assert len(in_room(rooms, "forward", {"layer": wide, "x": {"$array": 0}}, LIKED[:1])[0]) == 4000
