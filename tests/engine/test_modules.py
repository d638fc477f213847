"""FFLayer and FFNetwork: ordinary torch modules that learn layer by layer."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from ffcolor import FfcolorError, FFLayer, FFNetwork, streams


def sides(seed: int = 0, n: int = 64) -> tuple[torch.Tensor, torch.Tensor]:
    u = torch.tensor(streams.uniform(seed, (2, n, 3)), dtype=torch.float32)
    return u[0] * 0.4 + 0.6, u[1] * 0.4


@pytest.mark.parametrize("naive", [False, True])
@pytest.mark.parametrize("normalize", [False, True])
def test_a_train_step_is_an_adam_step_on_autograds_gradient(naive: bool, normalize: bool) -> None:
    torch.manual_seed(0)
    ours = FFLayer(3, 6, threshold=1.0, lr=0.02, normalize=normalize, naive=naive).double()
    weight, bias = (p.clone().requires_grad_() for p in (ours.linear.weight, ours.linear.bias))
    peer = torch.optim.Adam([weight, bias], lr=0.02)
    positive, negative = (side.double() for side in sides())
    for _ in range(10):
        losses = []
        for x, sign in ((positive, -1), (negative[:40], 1)):
            if normalize and not naive:
                x = x / x.pow(2).mean(1, keepdim=True).sqrt()
            h = torch.relu(x @ weight.T + bias)
            g = h.pow(2).sum(1) if naive else h.pow(2).mean(1)
            losses.append(torch.nn.functional.softplus(sign * (g - 1)).mean())
        peer.zero_grad()
        (losses[0] + losses[1]).backward()
        loss, h_pos, h_neg = ours.train_step(positive, negative[:40])
        assert loss == pytest.approx((losses[0] + losses[1]).item(), rel=1e-5)
        assert (h_pos.shape, h_neg.shape) == ((64, 6), (40, 6))
        peer.step()
    torch.testing.assert_close(ours.linear.weight, weight.detach(), rtol=1e-5, atol=1e-6)
    torch.testing.assert_close(ours.linear.bias, bias.detach(), rtol=1e-5, atol=1e-6)


def test_goodness_is_the_mean_square_or_in_the_naive_form_the_sum() -> None:
    h = torch.tensor([[1.0, 2.0, 0.0, 3.0]])
    assert FFLayer(3, 4).goodness(h).tolist() == [3.5]
    assert FFLayer(3, 4, naive=True).goodness(h).tolist() == [14.0]


def test_modules_are_ordinary_modules() -> None:
    network = FFNetwork([3, 8, 8], num_classes=0)
    network.train_epoch([sides()])
    other = FFNetwork([3, 8, 8], num_classes=0)
    other.load_state_dict(network.state_dict())
    x = torch.cat(sides(5))
    assert torch.equal(network(x), other(x))
    assert len(list(network.parameters())) == 4
    assert network.eval().training is False
    assert network.to(torch.float64)(x.double()).dtype == torch.float64
    assert [layer.threshold for layer in network.layers] == [2.0, 2.0]


def test_no_autograd_graph_is_built() -> None:
    network = FFNetwork([3, 8, 8], num_classes=0)
    positive, negative = sides()
    network.train_epoch([(positive.requires_grad_(), negative)])
    assert not network(positive).requires_grad
    assert positive.grad is None


def test_two_sides_are_told_apart_on_new_data() -> None:
    torch.manual_seed(0)
    network = FFNetwork([3, 16, 16], lr=0.02, num_classes=0)
    losses = [network.train_epoch([sides(seed)]) for seed in range(100)]
    positive, negative = sides(1000)
    assert losses[-1] < losses[0] / 2
    assert network.predict(positive).float().mean() > 0.95
    assert network.predict(negative).float().mean() < 0.05


def digits(n: int = 1200) -> tuple[torch.Tensor, torch.Tensor]:
    """Ten patterns of 20 pixels under noise, with 10 blank places for the label before them."""
    u = streams.uniform(42, (n, 21))
    y = torch.tensor((u[:, 20] * 10).astype(int))
    patterns = torch.tensor(streams.uniform(7, (10, 20)) > 0.5, dtype=torch.float32)
    noise = torch.tensor(u[:, :20], dtype=torch.float32)
    return torch.cat([torch.zeros(n, 10), patterns[y] + 0.8 * (noise - 0.5)], dim=1), y


def test_labels_are_predicted_one_for_each_input() -> None:
    torch.manual_seed(1)
    x, y = digits()
    network = FFNetwork([30, 128, 128], lr=0.01)
    for _ in range(30):
        network.train_epoch([(x[i : i + 100], y[i : i + 100]) for i in range(0, 1000, 100)])
    predicted = network.predict(x[1000:])
    assert predicted.shape == (200,)
    assert (predicted == y[1000:]).float().mean() > 0.9


def test_wrong_labels_are_never_the_true_one() -> None:
    network = FFNetwork([12, 4], num_classes=3)
    y = torch.arange(3).repeat(200)
    wrong = network.random_labels(y)
    assert not (wrong == y).any()
    assert set(wrong.tolist()) == {0, 1, 2}


def test_a_negative_generator_is_used() -> None:
    seen = []

    def blank(x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        seen.append(y.tolist())
        return torch.zeros_like(x)

    x, y = digits(50)
    FFNetwork([30, 8]).train_epoch([(x, y)], blank)
    assert seen == [y.tolist()]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: FFLayer(0, 4), "in_dim is 0"),
        (lambda: FFLayer(3, True), "out_dim is True"),
        (lambda: FFLayer(3, 4, float("nan")), "threshold is nan; it must be a number"),
        (lambda: FFLayer(3, 4, lr=0), "lr is 0; it must be a number above 0"),
        (lambda: FFNetwork([3, 4], num_classes=0, lr=-1), "lr is -1; it must be a number above 0"),
        (lambda: FFNetwork([3, 0]), r"dims\[1\] is 0"),
        (lambda: FFNetwork([3, 4], num_classes=1), "num_classes is 1; it must be 0, or 2 to 3"),
        (lambda: FFNetwork([3]), r"dims is \[3\]"),
        (lambda: FFNetwork([3, 4]), "num_classes is 10"),
        (lambda: FFNetwork([3, 4], num_classes=0).train_epoch([]), "no batches"),
        (lambda: FFLayer(3, 4).train_step(torch.zeros(2, 4), torch.zeros(2, 3)), r"x_pos is of shape \(2, 4\)"),
        (lambda: FFLayer(3, 4).train_step(torch.zeros(2, 3), torch.zeros(0, 3)), r"x_neg is of shape \(0, 3\)"),
    ],
)
def test_bad_input_is_named(make: object, words: str) -> None:
    with pytest.raises(FfcolorError, match=words):
        make()  # type: ignore[operator]


def test_a_double_layer_learns_in_double_precision() -> None:
    layer = FFLayer(6, 4).double()
    generator = torch.Generator().manual_seed(1)
    positive, negative = (torch.rand(n, 6, generator=generator, dtype=torch.float64) for n in (7, 5))
    expected = sum(
        float(np.logaddexp(0, sign * (layer.goodness(layer(side)).numpy() - layer.threshold)).mean())
        for sign, side in ((-1, positive), (1, negative))
    )
    loss, *_ = layer.train_step(positive, negative)
    assert loss == pytest.approx(expected, rel=1e-14)
