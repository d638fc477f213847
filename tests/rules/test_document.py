"""The calls of the skill "forward-forward-learning", snippet by snippet, as it writes them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from torch import nn

import ffcolor
from ffcolor import FfcolorError, FFLayer, FFNetwork
from ffcolor.rules import FF_NCA, DistanceForwardLayer, SelfContrastiveFF, data


def images(n: int = 20, size: int = 784) -> tuple[torch.Tensor, torch.Tensor]:
    g = torch.Generator().manual_seed(1)
    return torch.rand(n, size, generator=g), torch.randint(0, 10, (n,), generator=g)


def as_they_are(x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    return x


def test_the_names_are_where_they_are_looked_for():
    import ffcolor.rules

    assert ffcolor.rules.FFLayer is ffcolor.FFLayer
    assert ffcolor.rules.FFNetwork is ffcolor.FFNetwork
    assert {"FFLayerJAX", "ff_loss", "ff_train_step"} <= set(ffcolor.rules.__all__)


def test_a_layer_embeds_labels_and_learns_by_the_optimizer_it_is_given():
    layer = FFLayer(784, 50, threshold=2.0)
    assert layer.optimizer is None
    x, y = images()
    one_hot = x.clone()
    one_hot[:, :10] = 0
    one_hot[torch.arange(20), y] = 1
    assert torch.equal(layer(x, label=y), layer(one_hot))
    assert torch.equal(layer(x, label=3), layer(x, label=torch.full((20,), 3)))
    assert not torch.equal(layer(x, label=3), layer(x))
    layer.optimizer = torch.optim.SGD(layer.parameters(), lr=0.5)
    weight, bias = (p.clone().requires_grad_() for p in layer.parameters())
    loss, h_pos, h_neg = layer.train_step(x, 1 - x)
    g_pos, g_neg = ((nn.functional.linear(side, weight, bias).relu() ** 2).mean(1) for side in (x, 1 - x))
    expected = nn.functional.softplus(2 - g_pos).mean() + nn.functional.softplus(g_neg - 2).mean()
    expected.backward()
    assert loss == pytest.approx(float(expected.detach()), rel=1e-5)
    torch.testing.assert_close(layer.linear.weight, (weight - 0.5 * weight.grad).detach())
    assert (h_pos.shape, h_neg.shape) == ((20, 50), (20, 50))


def test_a_network_with_optimizers_of_torch_learns_by_them():
    torch.manual_seed(0)
    model = FFNetwork([784, 50, 10], threshold=2.0, lr=0.03)
    for layer in model.layers:
        layer.optimizer = torch.optim.Adam(layer.parameters(), lr=0.003)
    losses = [model.train_epoch([images()], as_they_are) for _ in range(5)]
    assert losses[-1] < losses[0]
    assert model.layers[0].optimizer.state_dict()["state"][0]["step"] == 5
    x, y = images()
    assert torch.equal(model.embed_label(x, 3), model.embed_label(x, torch.full((20,), 3)))
    assert not (model.random_labels(y) == y).any()
    assert model.predict(x).shape == (20,)


@pytest.mark.parametrize("lr", [0.03, 0.01, 0.003, 1000.0])
def test_the_network_of_the_document_learns(lr):
    digits = data.digits()
    torch.manual_seed(0)
    model = FFNetwork([64, 200, 200, 10], threshold=2.0, lr=lr)
    for epoch in range(20):
        order = torch.randperm(len(digits.x), generator=torch.Generator().manual_seed(epoch))
        model.train_epoch([(digits.x[rows], digits.y[rows]) for rows in order.split(64)], as_they_are)
    assert (model.predict(digits.x_test) == digits.y_test).float().mean() >= 0.95
    h = torch.cat([model.embed_label(digits.x_test, label) for label in range(10)])
    for layer in model.layers:
        h = layer(h)
        assert (h > 0).any(0).float().mean() >= 0.8


@pytest.mark.parametrize("own", [False, True])
def test_a_network_that_was_stopped_goes_on_to_the_same_bits(own):
    def network() -> FFNetwork:
        torch.manual_seed(3)
        made = FFNetwork([784, 30, 20], threshold=2.0, lr=0.03)
        for layer in made.layers if own else ():
            layer.optimizer = torch.optim.Adam(layer.parameters(), lr=0.01)
        return made

    straight, stopped, resumed = network(), network(), network()
    for _ in range(4):
        straight.train_epoch([images()])
    for _ in range(2):
        stopped.train_epoch([images()])
    resumed.load_state_dict(stopped.state_dict())
    for _ in range(2):
        resumed.train_epoch([images()])
    state = resumed.state_dict()
    assert state.keys() == straight.state_dict().keys()
    assert all(torch.equal(state[name], value) for name, value in straight.state_dict().items())


def test_what_is_not_a_number_is_refused_and_changes_nothing():
    model = FFNetwork([784, 30, 10])
    x, y = images()
    before = {name: value.clone() for name, value in model.named_parameters()}
    x[3, 100] = torch.nan
    for call in (lambda: model.train_epoch([(x, y)]), lambda: model.predict(x), lambda: model(x)):
        with pytest.raises(FfcolorError, match="not finite"):
            call()
    assert all(torch.equal(before[name], value) for name, value in model.named_parameters())
    for settings in ({"lr": -1}, {"threshold": float("nan")}):
        with pytest.raises(FfcolorError):
            FFNetwork([784, 30], **settings)
    with pytest.raises(FfcolorError, match="label 12 is not one of 0 to 9"):
        model.embed_label(images()[0], 12)


def test_self_contrastive_networks():
    torch.manual_seed(0)
    model = SelfContrastiveFF([784, 60, 10], threshold=2.0)
    assert isinstance(model, FFNetwork)
    assert isinstance(SelfContrastiveFF([784, 60, 10], 2.0), FFNetwork)
    assert isinstance(SelfContrastiveFF([784, 60]), SelfContrastiveFF), "the rule"
    x, y = images()
    assert torch.equal(model.neg_generator(x), model.generate_negatives(x))
    assert model.generate_negatives(x).shape == x.shape
    losses = [model.train_epoch([(x, y)], lambda x, y: model.generate_negatives(x)) for _ in range(5)]
    assert losses[-1] < losses[0]
    model.train_epoch([(x, y)])
    assert model.predict(x).shape == (20,)
    ((positive, negative),) = model.pairs([(x, y)])
    assert torch.equal(negative[-20:], model.embed_label(model.generate_negatives(x), y))
    assert len(negative) == 4 * len(positive)


def test_distance_forward_layers():
    layer = DistanceForwardLayer(784, 50, num_classes=10)
    assert isinstance(layer, nn.Module)
    assert layer.class_centers.shape == (10, 50)
    assert {name for name, _ in layer.named_parameters()} == {"weight", "bias", "centers"}
    x, y = images()
    loss, h = layer.train_step(x, y)
    assert h.shape == (20, 50)
    own = -((h - layer.class_centers[y]) ** 2).sum(-1)
    torch.testing.assert_close(layer.distance_goodness(h, y), own)
    losses = [layer.train_step(x, y)[0] for _ in range(30)]
    assert losses[-1] < loss / 2
    with pytest.raises(FfcolorError, match="not finite"):
        layer.train_step(x * torch.nan, y)
    layer.optimizer = torch.optim.SGD(layer.parameters(), lr=0.0)
    before = layer.weight.clone()
    layer.train_step(x, y)
    assert torch.equal(layer.weight, before), "its own rate"


def test_a_distance_layer_lives_in_a_module():
    def make() -> nn.Sequential:
        return nn.Sequential(nn.Identity(), DistanceForwardLayer(784, 5))

    one, other = make(), make()
    one[1].train_step(*images())
    other.load_state_dict(one.state_dict())
    assert torch.equal(one(images()[0]), other(images()[0]))
    assert one[1].train_step(*images())[0] == other[1].train_step(*images())[0]


def test_layers_learn_in_threads():
    layers = [FFLayer(784, 50), FFLayer(50, 20)]
    h_pos_list, h_neg_list = [torch.rand(8, 784), torch.rand(8, 50)], [torch.rand(8, 784), torch.rand(8, 50)]

    def train_layer(layer, h_pos, h_neg):
        return layer.train_step(h_pos, h_neg)

    with ThreadPoolExecutor() as executor:
        futures = [
            executor.submit(train_layer, layer, hp, hn)
            for layer, hp, hn in zip(layers, h_pos_list, h_neg_list, strict=True)
        ]
    assert [future.result()[1].shape for future in futures] == [(8, 50), (8, 20)]


def test_cells_take_a_step_without_arguments():
    grid = torch.rand(1, 16, 9, 9, generator=torch.Generator().manual_seed(1))
    assert FF_NCA().step(grid).shape == grid.shape
    assert torch.equal(FF_NCA().step(grid), FF_NCA().step(grid))
    with pytest.raises(FfcolorError, match="must be finite numbers"):
        FF_NCA().step(grid[0])


def test_jax_layers_have_params_and_a_step():
    jax = pytest.importorskip("jax", reason="jax is not installed: pip install 'ffcolor[jax]'")
    optax = pytest.importorskip("optax", reason="optax is not installed: pip install 'ffcolor[jax]'")
    from ffcolor.rules import FFLayerJAX, ff_loss, ff_train_step

    model = FFLayerJAX(features=50)
    x_pos, x_neg = images()[0].numpy(), 0.2 * images()[0].numpy()
    params = model.init(jax.random.key(0), x_pos)
    h = model.apply(params, x_pos)
    assert h.shape == (20, 50)
    assert float(model.goodness(h)[0]) == pytest.approx(float((h[0] ** 2).mean()), rel=1e-5)
    optimizer = optax.adam(0.01)
    opt_state = optimizer.init(params)
    first = ff_loss(params, model, x_pos, x_neg, 2.0)
    params, opt_state, loss = ff_train_step(params, opt_state, x_pos, x_neg, optimizer)
    assert float(loss) == pytest.approx(float(first), rel=1e-5)
    for _ in range(50):
        params, opt_state, loss = ff_train_step(params, opt_state, x_pos, x_neg, optimizer)
    assert float(loss) < 0.5 * float(first)
    assert isinstance(ffcolor.__version__, str)
