"""A Forward-Forward layer as a torch module: `FFLayer`.

It learns by `ffcolor.engine.layer`'s closed-form local step, with an optimiser of its own; no gradient leaves it and
autograd is never used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from ffcolor.engine import layer
from ffcolor.engine.labels import embed
from ffcolor.engine.steady import Steady
from ffcolor.errors import FfcolorError
from ffcolor.settings import Constraint, Flag, Number, Whole, check

LIMITS: Mapping[str, Constraint] = {
    "in_dim": Whole(1),
    "out_dim": Whole(1),
    "threshold": Number(),
    "lr": Number(above=0),
    "contrast": Number(0),
    "num_classes": Whole(0),
    "normalize": Flag(),
    "naive": Flag(),
    "steady": Flag(),
}
"""What the settings of layers may be."""
_STATE = "optimizer."
_FLOOR = 0.2784645427610738  # minus the least value of D sigmoid(D), so that no loss is below 0
_TEMPTING = 1.25  # how much more a tempting negative counts than the others of the same positive


class FFLayer(nn.Module):
    """One Forward-Forward layer: h = relu(W n(x) + b), taught by its own goodness.

    Args:
        in_dim: size of an input.
        out_dim: number of units.
        threshold: goodness between positive and negative inputs.
        lr: learning rate of the layer's own optimiser, above 0.
        normalize: whether n(x) scales each input to a root mean square of 1 (True where the input is another layer's
            output) or leaves it as it is.
        naive: goodness is the sum of squares, not their mean, so that the threshold's meaning hangs on the width.
        steady: whether the layer's own optimiser is `ffcolor.engine.steady.Steady`, which no learning rate can upset,
            in place of Adam; weights then start so large that normalised inputs have a goodness near the threshold.
        contrast: sharpness, in thresholds, of a loss that compares a positive with its own negatives in place of the
            threshold; see `train_step`. 0 for the threshold's.
        num_classes: numbers that a label takes up in `forward`.

    Attributes:
        optimizer: a torch optimiser of the layer's parameters to use in place of its own, or None.
    """

    def __init__(
        self,
        in_dim: int,
        out_dim: int,
        threshold: float = 2.0,
        *,
        lr: float = 0.03,
        normalize: bool = False,
        naive: bool = False,
        steady: bool = False,
        contrast: float = 0.0,
        num_classes: int = 10,
    ):
        super().__init__()
        given = check(LIMITS, in_dim=in_dim, out_dim=out_dim, threshold=threshold, lr=lr, contrast=contrast)
        check(LIMITS, normalize=normalize, naive=naive, steady=steady, num_classes=num_classes)
        self.linear = nn.Linear(given["in_dim"], given["out_dim"])
        for parameter in self.linear.parameters():
            parameter.requires_grad_(False)
        self.threshold: float = given["threshold"]
        self.lr: float = given["lr"]
        self.contrast: float = given["contrast"]
        self.num_classes = num_classes
        self.normalize = normalize and not naive
        self.naive = naive
        self.optimizer: torch.optim.Optimizer | None = None
        self.steady = steady
        self._adam: tuple[layer.Adam, layer.Adam] | None = None
        self._steady: Steady | None = None
        self._scale = self.threshold if self.threshold > 0 else 1.0
        if steady and self.normalize:
            self.linear.weight.mul_((3 * self._scale) ** 0.5)
            self.linear.bias.zero_()

    def forward(self, x: Tensor, label: Tensor | int | None = None) -> Tensor:
        """Activations of inputs: (n, in_dim) to (n, out_dim), none below zero.

        Args:
            x: inputs (n, in_dim).
            label: labels to put into their first `num_classes` numbers, (n,) or one for all.
        """
        if label is not None:
            x = embed(x, label, self.num_classes)
        h: Tensor = self.linear(self._seen(x)).clip(0)
        return h

    def goodness(self, h: Tensor) -> Tensor:
        """Goodness of activations: the mean of their squares (the sum in the naive form), (n, out_dim) to (n,)."""
        goodness: Tensor = layer.goodness(h) / self._width
        return goodness

    @torch.no_grad()
    def train_step(self, x_pos: Tensor, x_neg: Tensor) -> tuple[float, Tensor, Tensor]:
        """Take one local step towards good positives and not good negatives.

        Args:
            x_pos: positive inputs (n, in_dim).
            x_neg: negative inputs (m, in_dim). With `contrast`, and m a multiple of n, rows i, n + i, 2 n + i and so on
                belong to positive i.

        Returns:
            The loss before the step, and the activations of both sides before the step, (n, out_dim) and (m, out_dim).
            The loss is mean softplus(threshold - G+) + mean softplus(G- - threshold); with contrast c,
            mean 0.278 + D sigmoid(D) of D = c (G- - G+) / threshold, tempting negatives of a positive weighing more.

        Raises:
            FfcolorError: `code` is ``"shape"``, or ``"not-finite"``; nothing has changed.
        """
        for name, side in (("x_pos", x_pos), ("x_neg", x_neg)):
            if side.ndim != 2 or side.shape[1] != self.linear.in_features or not len(side):
                raise FfcolorError(
                    f"{name} is of shape {tuple(side.shape)}; it must be (n, {self.linear.in_features}), n at least 1",
                    code="shape",
                    value=tuple(side.shape),
                )
        x = self._seen(torch.cat([x_pos, x_neg]))
        h = self.linear(x).clip(0)
        loss, slope = self._loss(self.goodness(h), len(x_pos))
        dz = 2 * h * slope[:, None] / self._width
        self._learn(dz.T @ x, dz.sum(0), h)
        return float(loss), h[: len(x_pos)], h[len(x_pos) :]

    def _loss(self, g: Tensor, positives: int) -> tuple[Tensor, Tensor]:
        """The loss of goodness (n,), positives first, and its slope (n,)."""
        negatives = len(g) - positives
        if self.contrast and negatives % positives == 0:
            loss, slope = _contrast(g.view(-1, positives), self.contrast / self._scale)
            return loss, slope.flatten()
        sign = torch.ones_like(g)
        sign[:positives] = -1
        weight = torch.full_like(g, 1 / negatives)
        weight[:positives] = 1 / positives
        lag = sign * (g - self.threshold)
        return layer.loss(g, sign, weight, self.threshold), sign * weight * layer.sigmoid(lag)

    def _learn(self, by_weight: Tensor, by_bias: Tensor, h: Tensor) -> None:
        weight, bias = self.linear.weight, self.linear.bias
        if self.optimizer is not None:
            weight.grad, bias.grad = by_weight, by_bias
            self.optimizer.step()
            weight.grad = bias.grad = None
        elif self.steady:
            self._steady = self._steady or Steady(weight, bias, self._scale**0.5)
            self._steady.update(weight, bias, (by_weight, by_bias), h, self.lr)
        else:
            self._adam = self._adam or (layer.Adam(), layer.Adam())
            self._adam[0].update(weight, by_weight, self.lr)
            self._adam[1].update(bias, by_bias, self.lr)

    @property
    def _width(self) -> int:
        return 1 if self.naive else self.linear.out_features

    def _seen(self, x: Tensor) -> Tensor:
        x = x.detach()
        if not bool(x.isfinite().all()):
            raise FfcolorError("the inputs hold a number that is not finite", code="not-finite")
        return x / ((x * x).mean(-1, keepdim=True) ** 0.5 + 1e-8) if self.normalize else x

    # ---- state: the optimiser's moments are part of it ---------------------------------------------------------------

    def _save_to_state_dict(self, destination: Any, prefix: str, keep_vars: bool) -> None:
        super()._save_to_state_dict(destination, prefix, keep_vars)
        for name, value in self._moments().items():
            destination[prefix + _STATE + name] = value.detach().clone()

    def _load_from_state_dict(self, state_dict: Any, prefix: str, *rest: Any) -> None:
        start = prefix + _STATE
        kept = {key.removeprefix(start): state_dict.pop(key) for key in [*state_dict] if key.startswith(start)}
        super()._load_from_state_dict(state_dict, prefix, *rest)
        self._take(kept)

    def _moments(self) -> dict[str, Tensor]:
        """What the optimiser that learns here has gathered, by name; nothing before the first step."""
        if self.optimizer is not None:
            entries = self.optimizer.state_dict()["state"].items()
            return {f"{i}.{key}": torch.as_tensor(value) for i, entry in entries for key, value in entry.items()}
        if self._steady is not None:
            return self._steady.state()
        parts = zip(("weight", "bias"), self._adam or (), strict=False)
        return {f"{name}.{key}": value for name, adam in parts for key, value in adam.state().items()}

    def _take(self, kept: dict[str, Tensor]) -> None:
        """Let the optimiser be what it was when a state was kept."""
        self._steady, self._adam = None, None
        if self.optimizer is not None:
            entries: dict[int, dict[str, Tensor]] = {}
            for name, value in kept.items():
                i, _, key = name.partition(".")
                entries.setdefault(int(i), {})[key] = value.clone()
            groups = self.optimizer.state_dict()["param_groups"]
            self.optimizer.load_state_dict({"state": entries, "param_groups": groups})
        elif kept and self.steady:
            self._steady = Steady(self.linear.weight, self.linear.bias, self._scale**0.5)
            self._steady.load(kept)
        elif kept:
            self._adam = layer.Adam(), layer.Adam()
            for name, adam in zip(("weight.", "bias."), self._adam, strict=True):
                adam.load({key.removeprefix(name): value for key, value in kept.items() if key.startswith(name)})

    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> FFLayer:
        super()._apply(fn, recurse)  # type: ignore[no-untyped-call]
        for each in (self._steady, *(self._adam or ())):
            if each is not None:
                each.apply(fn)
        return self

    def extra_repr(self) -> str:
        """What the module's printout says beside its parts."""
        return f"threshold={self.threshold}, lr={self.lr}" + (", naive" if self.naive else "")


def _contrast(g: Tensor, sharpness: float) -> tuple[Tensor, Tensor]:
    """The loss of positives against their own negatives, and its slope by goodness.

    Args:
        g: goodness (1 + k, n); positives are the first row.
        sharpness: alpha of the loss.
    """
    lag = sharpness * (g[1:] - g[0])  # (k, n)
    share = (_TEMPTING * lag).softmax(0) / g.shape[1]
    sigmoid = torch.sigmoid(lag)
    slope = sharpness * share * sigmoid * (1 + lag * (1 - sigmoid))
    return (share * lag * sigmoid).sum() + _FLOOR, torch.cat([-slope.sum(0, keepdim=True), slope])
