"""The demo: honest measures, files that open, and a page that stands on its own."""

import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from ffcolor import ColorPreference, FfcolorError, Palette
from ffcolor.demo import judge, maps, run
from ffcolor.demo.tastes import PICKS, SPLITS, splits, tastes


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    return tmp_path_factory.mktemp("demo") / "out"


@pytest.fixture(scope="module")
def results(out):
    return run(out, quiet=True)


scores = arrays(np.float64, st.integers(1, 12), elements=st.integers(-3, 3).map(float))


@given(scores, scores)
def test_auc_is_the_share_of_pairs_in_order(liked, disliked):
    pairs = liked[:, None] - disliked[None]
    assert judge.auc(liked, disliked) == pytest.approx(((pairs > 0) + (pairs == 0) / 2).mean())


def test_balanced_accuracy():
    assert judge.balanced_accuracy(np.array([1.0, 0.0, -1.0, 2.0]), np.array([-1.0, 1.0])) == 0.625


@pytest.mark.parametrize("name", judge.BASELINES)
def test_baselines_learn_what_they_can(name):
    rng = np.random.default_rng(1)
    colors = rng.random((200, 3), dtype=np.float32)
    light = colors.sum(axis=1) > 1.5
    scorer, again = (judge.BASELINES[name](colors[light], colors[~light], 5) for _ in range(2))
    assert judge.auc(scorer(colors[light]), scorer(colors[~light])) > 0.97
    np.testing.assert_array_equal(scorer(colors), again(colors))


def test_the_naive_layer_is_the_module_of_torch():
    torch = pytest.importorskip("torch", reason="torch is not installed: pip install 'ffcolor[rules]'")
    from ffcolor import FFLayer, streams

    rng = np.random.default_rng(4)
    liked, disliked = rng.random((30, 3), dtype=np.float32) * 0.7, rng.random((40, 3), dtype=np.float32)
    module = FFLayer(3, 16, 2.0, naive=True)
    start = torch.from_numpy((streams.uniform(5, (16, 4)) * 2 - 1) / 3**0.5)
    module.linear.weight.copy_(start[:, :3])
    module.linear.bias.copy_(start[:, 3])
    for _ in range(100):
        module.train_step(torch.from_numpy(liked), torch.from_numpy(disliked))
    expected = module.goodness(module(torch.from_numpy(disliked))).detach().numpy() - 2.0
    np.testing.assert_allclose(judge.naive_layer(liked, disliked, 5)(disliked), expected, atol=1e-3)


def test_logistic_regression_is_at_its_optimum():
    """Against autograd: the gradient of the penalised loss is zero at the weights that the scorer shows."""
    torch = pytest.importorskip("torch", reason="torch is not installed: pip install 'ffcolor[rules]'")
    rng = np.random.default_rng(2)
    liked, disliked = rng.random((20, 3), dtype=np.float32), rng.random((30, 3), dtype=np.float32) * 0.8
    scorer = judge.logistic_regression(liked, disliked, 0)
    probes = np.array([[0.5, 0.5, 0.5], [1, 0.5, 0.5], [0.5, 1, 0.5], [0.5, 0.5, 1]], np.float32)
    bias, *rest = scorer(probes)
    weights = torch.tensor([r - bias for r in rest], requires_grad=True)
    x = torch.tensor((np.concatenate([liked, disliked]) - 0.5) * 2.0, dtype=torch.float64)
    y = torch.tensor([1.0] * 20 + [0.0] * 30, dtype=torch.float64)
    loss = torch.nn.functional.binary_cross_entropy_with_logits(x @ weights + bias, y, reduction="sum")
    (loss + (weights**2).sum() / 2).backward()
    assert weights.grad.abs().max() < 1e-4


def test_picks_are_never_judged():
    for taste in tastes():
        for number, split in enumerate(splits(taste, 3)):
            assert len(split.liked.colors) == len(split.disliked.colors) == PICKS
            assert len(split.held_liked.colors) == len(taste.liked.colors) - PICKS > 20
            again = np.concatenate([split.liked.colors, split.held_liked.colors])
            key = lambda rows: sorted(map(tuple, rows.tolist()))  # noqa: E731
            assert key(again) == key(taste.liked.colors)
            assert number < SPLITS


def test_words_are_told_apart_by_the_survey():
    green = next(taste for taste in tastes() if taste.name == "green")
    assert len(green.liked.colors) + len(green.disliked.colors) == 949
    assert len(green.liked.colors) == 184
    assert not any("green" in name.split() for name in green.disliked.names)


def test_results_are_written_and_honest(results, out):
    assert json.loads((out / "results.json").read_text()) == json.loads(json.dumps(results))
    *learned, control = results["tastes"]
    assert len(learned) == 10
    means = {name: np.mean([each["scores"][name]["auc"] for each in learned]) for name in ("ffcolor", *judge.BASELINES)}
    assert means["ffcolor"] > 0.9
    assert means["ffcolor"] > max(means[name] for name in judge.BASELINES) + 0.05
    assert abs(control["scores"]["ffcolor"]["auc"] - 0.5) < 0.06
    for each in learned:
        assert each["curve"][-1] == each["scores"]["ffcolor"]["auc"]


def test_every_file_opens_and_agrees(results, out):
    for each in results["tastes"][:-1]:
        for kind, path in each["files"].items():
            if kind == "model":
                assert ColorPreference.load(out / path).palette(8, order="hue").hex == each["palette"]
            else:
                assert Palette.load(out / path).hex == each["palette"]
    with Image.open(out / "contact-sheet.png") as sheet:
        pixels = np.asarray(sheet.convert("RGB")).reshape(-1, 3)
    shown = set(map(tuple, np.unique(pixels, axis=0).tolist()))
    for each in results["tastes"][:-1]:
        for code in each["palette"]:
            assert tuple(bytes.fromhex(code[1:])) in shown


class _Links(HTMLParser):
    VOID = frozenset({"meta", "img", "br", "line", "circle", "polyline"})

    def __init__(self):
        super().__init__()
        self.links, self.ids, self.open, self.buttons = [], [], [], []

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.links += [attrs[name] for name in ("href", "src") if name in attrs]
        self.ids += [attrs["id"]] if "id" in attrs else []
        self.buttons += [attrs["data-hex"]] if "data-hex" in attrs else []
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_page_stands_on_its_own(results, out):
    text = (out / "index.html").read_text(encoding="utf-8")
    page = _Links()
    page.feed(text)
    assert page.open == []
    assert len(set(page.ids)) == len(page.ids)
    assert page.buttons == [code for each in results["tastes"][:-1] for code in each["palette"]]
    for link in page.links:
        if link.startswith("#"):
            assert link[1:] in page.ids
        elif not link.startswith("data:image/png;base64,") and link != "https://xkcd.com/color/rgb/":
            assert (out / link).is_file(), link
    assert not re.search(r"@import|url\(|<link|<script src", text)


def test_names_on_the_page_are_fit_to_print(results, out):
    assert not re.search(r"shit|poop|puke|vomit|piss", (out / "index.html").read_text(encoding="utf-8"))


@pytest.fixture
def fewer(monkeypatch):
    """Only the first taste and the control."""
    some = list(tastes())[::10]
    monkeypatch.setattr("ffcolor.demo.tastes.tastes", lambda: iter(some))


@pytest.mark.usefixtures("fewer")
def test_the_same_seed_gives_the_same_results(results, tmp_path):
    again = run(tmp_path, quiet=True)["tastes"][0]
    assert {**again, "milliseconds": 0} == {**results["tastes"][0], "milliseconds": 0}


def test_the_map_shows_where_colors_are_liked():
    pixels = maps.preference_map(
        ColorPreference().fit(["#ff0000", "#ee2222", "#cc0000"], ["#0000ff", "#00ff00", "gray"])
    )
    assert pixels.shape == (maps.HEIGHT, maps.WIDTH, 4)
    opaque = pixels[pixels[..., 3] > 200][:, :3].astype(int)
    assert len(opaque) > 20
    assert (opaque[:, 0] > opaque[:, 2]).mean() > 0.9
    assert pixels[maps.HEIGHT // 2, int(maps.WIDTH * 264 / 360), 3] < 60


@pytest.mark.usefixtures("fewer")
def test_the_report_fits_80_columns_and_shows_swatches(capsys, tmp_path):
    run(tmp_path / "a")
    plain = capsys.readouterr().out
    assert max(map(len, plain.partition("\nin ")[0].splitlines())) <= 80
    run(tmp_path / "b", color=True)
    colored = capsys.readouterr().out
    assert colored.count("\x1b[48;2;") == 8
    bare = re.sub(r"\x1b\[48[^m]*m *\x1b\[0m|\x1b\[[0-9]*m", "", colored)
    columns = [[line.split()[0] for line in text.splitlines() if line.strip()][:12] for text in (plain, bare)]
    assert columns[0] == columns[1]


def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(FfcolorError, match="cannot write into"):
        run(tmp_path / "file", quiet=True)
