"""Forward-Forward for labelled inputs: a right label makes a positive, a wrong one a negative; no backward pass.

The label is part of the input. Each layer is taught, by a loss of its own and in closed form, to be good (to have a
large mean of squared activities) for an input with its own label, and less so with another. An answer comes from a
sweep, the label with which the layers are best in sum, or in one pass with the neutral label by a linear head.

    rule = ForwardForward([784, 500, 500], seed=1).fit(x, y, epochs=30)
    rule.predict(x_test)

Source: Hinton, "The Forward-Forward Algorithm: Some Preliminary Investigations" (2022), arXiv 2212.13345, section 3.3.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, NamedTuple

import torch
from torch import Tensor

from ffcolor.errors import FfcolorError
from ffcolor.rules.parts import negatives as draw
from ffcolor.rules.parts.goodness_stack import GoodnessStack
from ffcolor.rules.parts.labels import LABELS, LabelCode
from ffcolor.rules.parts.norms import NORMS, normalize
from ffcolor.rules.parts.recipe import Recipe
from ffcolor.rules.parts.stateful import Part
from ffcolor.settings import Choice, Constraint, Flag, Number, Whole, check

_SWEEP = 500  # inputs that a sweep over all labels takes together
_ON_MNIST = {"candidates": 3, "alpha": 8.0, "batch_size": 128}
_SHIFTS = ("shifts", {"pixels": 1})


class _Seen(NamedTuple):
    """What a layer saw and did for n inputs with k labels each: (n, k, in), or None for the first; (n, k, units)."""

    x: Tensor | None
    h: Tensor


class ForwardForward(GoodnessStack):
    """A stack of Forward-Forward layers for labelled inputs.

    Args:
        dims: size of an input, then units of each layer, such as ``[784, 500, 500]``.
        labels: ``"input"``, one-hot in place of an input's first numbers; ``"pattern"``, a random pattern appended.
        label_scale: height of the one-hot number, or root mean square of a pattern.
        pattern_size: numbers of a pattern.
        negatives: ``"random"`` wrong labels, with which no layer hears of those above it; ``"hard"`` ones, drawn as the
            network's own answer, of all layers or the head, has them likely; or ``"hybrid"``: half are random wrong
            labels, half are right labels of hybrid images (needs `shape`).
        candidates: of how many random wrong labels the hard one is drawn; None for all. A head looks at all.
        hardness: how strongly a tempting label is preferred: labels are drawn by softmax(hardness * score).
        lean: whether a step's memory stays the same at any depth, also where a hard label is drawn out of several: what
            layers did for the labels that were tried is not kept but computed again, which costs a third more.
        answer: ``"sweep"`` over all labels, or ``"head"``: a linear softmax on one pass with the neutral label.
        scored: layers that answer: ``"all"`` or ``"upper"``, all but the first.
        shape: height and width of an input, for hybrid images.
        learning_rate: of each layer's Adam.
        loss, alpha, goodness, threshold, norm, peer, straight_through, gain, weight_decay, head_learning_rate: of the
            layers and the head; see `ffcolor.rules.parts.goodness_stack.GoodnessStack`.
        cooldown: the last share of `fit` over which learning rates fall to 0.
        num_classes, batch_size, seed, device: see `ffcolor.rules.parts.learner.Learner`.

    Raises:
        FfcolorError: `code` is ``"invalid-setting"``; the message names the setting and what it may be.
    """

    limits: ClassVar[Mapping[str, Constraint]] = {
        **GoodnessStack.limits,
        "labels": Choice(*LABELS),
        "label_scale": Number(0),
        "pattern_size": Whole(1),
        "negatives": Choice("random", "hard", "hybrid"),
        "candidates": Whole(1) | None,
        "hardness": Number(0),
        "lean": Flag(),
        "answer": Choice("sweep", "head"),
        "scored": Choice("all", "upper"),
    }
    recipes: ClassVar[Mapping[str, Recipe]] = {
        "digits": Recipe((64, 200, 200), {}, 20),
        "subset": Recipe((784, 500, 500), _ON_MNIST, 30),
        "subset-local": Recipe((784, 500, 500), {**_ON_MNIST, "negatives": "random"}, 30),
        "subset-shifts": Recipe((784, 500, 500), _ON_MNIST, 60, _SHIFTS),
        "mnist": Recipe((784, 1000, 1000), _ON_MNIST, 30, _SHIFTS),
        "mnist-quick": Recipe((784, 500, 500), _ON_MNIST, 16, _SHIFTS),
    }

    def __init__(
        self,
        dims: Sequence[int],
        *,
        labels: str = "input",
        label_scale: float = 1.0,
        pattern_size: int = 100,
        negatives: str = "hard",
        candidates: int | None = None,
        hardness: float = 10.0,
        lean: bool = False,
        answer: str = "sweep",
        scored: str = "all",
        shape: tuple[int, int] | None = None,
        learning_rate: float = 0.002,
        **settings: Any,
    ):
        super().__init__(dims, learning_rate=learning_rate, **settings)
        check(self.limits, labels=labels, negatives=negatives, lean=lean, answer=answer, scored=scored)
        numbers = check(
            self.limits, label_scale=label_scale, pattern_size=pattern_size, candidates=candidates, hardness=hardness
        )
        most = self.num_classes - 1
        self.negatives = negatives
        self.candidates: int = min(numbers["candidates"] or most, most)
        self.hardness: float = numbers["hardness"]
        self.lean = lean
        self.shape = shape
        self._first_scored = 1 if scored == "upper" and len(self.dims) > 2 else 0
        self._check_room(labels)
        scale, size = numbers["label_scale"], numbers["pattern_size"]
        self.code = LabelCode(labels, self.dims[0], self.num_classes, scale, size, self.generator)
        self._add_layers(self.code.inputs)
        if answer == "head":
            self._add_head(self._first_scored)

    # ---- learning ----------------------------------------------------------------------------------------------------

    @torch.no_grad()
    def partial_fit(self, x: Any, y: Any) -> dict[str, float]:
        """Teach every layer, and the head, with one batch.

        Args:
            x: inputs (n, dims[0]).
            y: labels (n,).

        Returns:
            The loss of each layer (``"layer0"`` …), their sum (``"loss"``), and the head's (``"head"``).
        """
        inputs, labels = self._flat(x), self.as_labels(y, len(x))
        rate = self.warmth
        images = self.code.kept(inputs)[:, None]  # (n, 1 or 2, kept)
        if self.negatives == "hybrid":
            tried, images = self._hybrids(inputs, labels)
        else:
            tried = self._tried(inputs, labels)
        images, factor = self._scaled(images)
        seen: Iterable[_Seen] = self._forward(images, factor, tried)
        if tried.shape[1] > 2:
            tried, seen = self._tempted(images, factor, tried)
        losses = {}
        for place, (layer, (below, h)) in enumerate(zip(self.layers, seen, strict=True)):
            loss, dz = layer.slopes(h)  # (n, 2, units)
            if below is None:
                gradient = self._first_gradient(dz, images, factor, tried)
            else:
                gradient = dz.flatten(0, 1).T @ below.flatten(0, 1)
            layer.learn(gradient, dz.sum((0, 1)), rate)
            losses[f"layer{place}"] = float(loss)
        losses["loss"] = sum(losses.values())
        if self.head is not None:
            losses["head"] = self.head.learn(self.features(inputs), labels, rate)
        return losses

    def _tried(self, inputs: Tensor, labels: Tensor) -> Tensor:
        """The labels to try with each input, its own first: (n, k); of more than two, the network picks."""
        if self.negatives == "hard" and self.head is not None:
            scores = self.hardness * self.head(self.features(inputs))
            return torch.stack([labels, draw.hard_labels(scores, labels, self.generator)], 1)
        count = self.candidates if self.negatives == "hard" else 1
        return draw.with_wrong_labels(labels, self.num_classes, count, self.generator)

    def _tempted(self, images: Tensor, factor: Tensor, tried: Tensor) -> tuple[Tensor, Iterable[_Seen]]:
        """Of the labels that were tried, the right one and a wrong one that scores high, (n, 2), and what layers do."""
        passed: Iterable[_Seen] = self._forward(images, factor, tried)
        if not self.lean:
            passed = list(passed)
        score = self._score([layer.goodness(h) for layer, (_, h) in zip(self.layers, passed, strict=True)])
        own = torch.zeros(len(score), dtype=torch.int64, device=self.device)
        pair = torch.stack([own, draw.hard_labels(self.hardness * score, own, self.generator)], 1)
        chosen = tried.gather(1, pair)
        if self.lean:
            return chosen, self._forward(images, factor, chosen)
        rows = torch.arange(len(pair), device=self.device)[:, None]
        return chosen, (_Seen(None if x is None else x[rows, pair], h[rows, pair]) for x, h in passed)

    def _hybrids(self, inputs: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
        """Labels to try (n, 2) and images (n, 2, kept): negatives are wrong labels, or hybrid images, half and half."""
        tried = draw.with_wrong_labels(labels, self.num_classes, 1, self.generator)
        coin = torch.randint(0, 2, (len(labels), 1), generator=self.generator, device=self.device).bool()
        tried[:, 1:] = torch.where(coin, tried[:, :1], tried[:, 1:])
        negative = torch.where(coin, draw.hybrids(inputs, self.shape or (1, 1), self.generator), inputs)
        return tried, self.code.kept(torch.stack([inputs, negative], 1))

    def _first_gradient(self, dz: Tensor, images: Tensor, factor: Tensor, tried: Tensor) -> Tensor:
        """Gradient of the first layer's weights: the product with an image is made once for both of its labels."""
        shared = images.shape[1] == 1
        of_image = dz.sum(1).T @ images[:, 0] if shared else dz.flatten(0, 1).T @ images.flatten(0, 1)
        of_label = torch.zeros(self.num_classes, dz.shape[2], device=self.device)
        of_label.index_add_(0, tried.flatten(), (factor * dz).flatten(0, 1))
        return torch.cat([of_image, of_label.T @ self.code.codes], 1)

    # ---- forward -----------------------------------------------------------------------------------------------------

    def _scaled(self, images: Tensor, neutral: bool = False) -> tuple[Tensor, Tensor]:
        """Images scaled as with a label beside them, and the scale: (n, m, kept) and (n, m, 1)."""
        factor = NORMS[self.norm](self.code.mean_square(images, neutral), self.code.inputs)
        return images * factor, factor

    def _forward(self, images: Tensor, factor: Tensor, tried: Tensor | None) -> Iterator[_Seen]:
        """Layer by layer, on images (n, 1 or k, kept) with labels to try (n, k), or with the neutral label (None).

        A layer is passed when the one above is asked for, by the weights that it has then; what it gave stays as it is.
        """
        first, kept = self.layers[0], images.shape[2]
        codes = self.code.neutral[None, None] if tried is None else self.code.codes
        of_label = codes @ first.weight[:, kept:].T
        base = torch.addmm(first.bias, images.flatten(0, 1), first.weight[:, :kept].T)
        base = base.view(*images.shape[:2], -1)
        h = torch.addcmul(base, factor, of_label if tried is None else of_label[tried]).clamp_(0)
        del base, of_label
        yield _Seen(None, h)
        for layer in self.layers[1:]:
            below = normalize(h, self.norm)
            h = layer.forward(below)
            yield _Seen(below, h)

    def _score(self, goodness: list[Tensor]) -> Tensor:
        return torch.stack(goodness[self._first_scored :]).sum(0)

    @torch.no_grad()
    def goodness(self, x: Any, y: Any = None) -> list[Tensor]:
        """For each layer, the goodness of inputs with labels y (n,), or with every label (n, num_classes)."""
        inputs = self._flat(x)
        every = torch.arange(self.num_classes, device=self.device).expand(len(inputs), -1)
        tried = every if y is None else self.as_labels(y, len(inputs))[:, None]
        parts: list[list[Tensor]] = []
        for part, labels in self.chunks(inputs, tried, size=_SWEEP):
            seen = self._forward(*self._scaled(self.code.kept(part)[:, None]), labels)
            parts.append([layer.goodness(h) for layer, (_, h) in zip(self.layers, seen, strict=True)])
        found = [torch.cat(layer) for layer in zip(*parts, strict=True)]
        return found if y is None else [layer[:, 0] for layer in found]

    @torch.no_grad()
    def features(self, x: Any) -> Tensor:
        """Normalised activities of the scored layers in one pass with the neutral label: (n, their units)."""
        images, factor = self._scaled(self.code.kept(self._flat(x))[:, None], neutral=True)
        seen = self._forward(images, factor, None)
        return torch.cat(
            [normalize(h[:, 0], self.norm) for _, h in itertools.islice(seen, self._first_scored, None)], 1
        )

    @torch.no_grad()
    def predict(self, x: Any) -> Tensor:
        """The label of each input, by the sweep or the head: int64 (n,)."""
        inputs = self._flat(x)
        if self.head is None:
            return self._score(self.goodness(inputs)).argmax(1)
        return torch.cat([self.head(self.features(part)).argmax(1) for (part,) in self.chunks(inputs)])

    # ---- checks and state --------------------------------------------------------------------------------------------

    def _check_room(self, labels: str) -> None:
        if labels == "input" and self.num_classes >= self.dims[0]:
            message = f"dims[0] is {self.dims[0]}; labels in the input take up {self.num_classes} of its numbers"
            raise FfcolorError(message, code="invalid-setting", value=self.dims[0])
        if self.negatives == "hybrid" and (self.shape is None or self.shape[0] * self.shape[1] != self.dims[0]):
            message = f"shape is {self.shape}; hybrid images need a height and a width, {self.dims[0]} pixels in all"
            raise FfcolorError(message, code="invalid-setting", value=self.shape)

    def parts(self) -> dict[str, Part]:
        """The codes of the labels, the layers, the head, and their optimisers."""
        return {"code": {"codes": self.code.codes}} | super().parts()
