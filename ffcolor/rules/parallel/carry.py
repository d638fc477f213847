"""Layers on their way between processes and devices: all they hold, their optimisers' moments too.

`Module.to` and `state_dict` carry parameters and buffers; a Forward-Forward layer also holds its optimiser. Here the
whole layer goes, as bytes, and what was learned elsewhere comes back into the caller's own modules: their parameters
are written in place, so whoever holds one sees it learn.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from ffcolor.errors import FfcolorError

_MODULE = frozenset(vars(nn.Module()))  # what every module has: parameters, hooks and so on


def pack(modules: Sequence[nn.Module]) -> bytes:
    """Modules as bytes, with all that they hold; for `unpack` and `take` of a process that trusts this one."""
    stream = io.BytesIO()
    _Pickler(stream, protocol=5).dump(list(modules))
    return stream.getvalue()


def unpack(packed: bytes, device: str | torch.device | None = None) -> list[nn.Module]:
    """The modules that were packed, all their tensors on a device (None: on the devices they came from)."""
    modules: list[nn.Module] = _Unpickler(io.BytesIO(packed), device).load()
    return modules


def plain(tensor: Tensor) -> tuple[str, tuple[int, ...], Any]:
    """A tensor as a name of its type, its shape and its bytes as an array, which pickle quickly."""
    flat = tensor.detach().cpu().contiguous().as_strided((tensor.numel(),), (1,))  # one number may have any stride
    return str(tensor.dtype).removeprefix("torch."), tuple(tensor.shape), flat.view(torch.uint8).numpy()


def tensor(plain: tuple[str, tuple[int, ...], Any], device: str | torch.device = "cpu") -> Tensor:
    """The tensor that was made `plain`, in memory of torch's own: products may round otherwise at other addresses."""
    dtype, shape, content = plain
    found = torch.empty(shape, dtype=getattr(torch, dtype))
    found.reshape(-1).view(torch.uint8).numpy()[:] = content
    return found.to(device)


@torch.no_grad()
def take(modules: Sequence[nn.Module], packed: bytes, device: str | torch.device | None = None) -> None:
    """Let modules become what equally built ones were when they were packed; parameters are written in place.

    Args:
        modules: the ones to change.
        packed: of as many modules, as `pack` gives them.
        device: where tensors that are not parameters go to (None: to the devices they came from).
    """
    for own, other in zip(modules, unpack(packed, device), strict=True):
        for mine, its in zip(own.modules(), other.modules(), strict=True):
            held = {name: value for name, value in vars(its).items() if name not in _MODULE}
            mine.__dict__.update(
                {k: value for k, value in held.items() if not isinstance(value, torch.optim.Optimizer)}
            )
        own.load_state_dict(other.state_dict())


@contextmanager
def carried(modules: Sequence[nn.Module], devices: Sequence[str | torch.device]) -> Iterator[None]:
    """Modules on devices, one for each, and at the end back where they were, their optimisers' moments with them.

    Raises:
        FfcolorError: `code` is ``"invalid-setting"``: a device is unknown, or not there.
    """
    homes = [next(module.parameters()).device for module in modules]
    try:
        for module, device in zip(modules, devices, strict=True):
            _move(module, device)
        yield
    finally:
        for module, home in zip(modules, homes, strict=True):
            _move(module, home)


def _move(module: nn.Module, device: str | torch.device) -> None:
    try:
        where = torch.empty(0, device=device).device
    except (RuntimeError, AssertionError) as error:  # unknown to torch, or not built in
        message = f"device is {device!r}, which torch cannot use here ({str(error).splitlines()[0]}); use 'cpu', say"
        raise FfcolorError(message, code="invalid-setting", value=str(device)) from None
    if next(module.parameters()).device == where:
        return
    packed = pack([module])
    module.to(where)
    take([module], packed, where)


class _Pickler(pickle.Pickler):
    """Tensors as arrays: torch's own way through files with check sums takes several times as long."""

    def reducer_override(self, value: Any) -> Any:
        if type(value) is Tensor:
            return _rebuilt, (plain(value), str(value.device))
        return NotImplemented


class _Unpickler(pickle.Unpickler):
    def __init__(self, stream: io.BytesIO, device: str | torch.device | None):
        super().__init__(stream)
        self.device = device

    def find_class(self, module: str, name: str) -> Any:
        if self.device is not None and (module, name) == (__name__, _rebuilt.__name__):
            return lambda content, _: tensor(content, self.device or "cpu")
        return super().find_class(module, name)


def _rebuilt(content: tuple[str, tuple[int, ...], Any], device: str) -> Tensor:
    return tensor(content, device)
