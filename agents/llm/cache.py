"""A key-value cache for sampling: room for every step is taken once, and rows that have ended are closed up.

The cache that transformers grows by concatenation copies itself at every step and keeps ended rows to the end.

Promises: the same attention as transformers' own cache; dropping rows moves only as many rows as were
dropped.
Does not promise anything for layers that are not plain attention (sliding windows, linear attention): these
keep transformers' own layers, which are right, only slower.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from transformers import DynamicCache
from transformers.cache_utils import DynamicLayer


class Slab(DynamicLayer):
    """One layer's keys and values in tensors of full size, used up to a length and a number of rows."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self.room = room
        self.length = 0

    @classmethod
    def of(cls, layer: DynamicLayer, rows: Tensor, room: int) -> Slab:
        """A slab whose row i is row `rows[i]` of a layer."""
        slab = cls(room)
        slab.dtype, slab.device, slab.is_initialized = layer.dtype, layer.device, True
        slab.length = layer.get_seq_length()
        slab.keys, slab.values = (_roomy(part, rows, room) for part in _filled(layer))
        return slab

    def update(self, key_states: Tensor, value_states: Tensor, *_: Any, **__: Any) -> tuple[Tensor, Tensor]:
        """Writes the new states in place and returns views of all there are."""
        keys, values = _filled(self)
        rows, end = key_states.shape[0], self.length + key_states.shape[-2]
        keys[:rows, :, self.length : end] = key_states
        values[:rows, :, self.length : end] = value_states
        self.length = end
        return keys[:rows, :, :end], values[:rows, :, :end]

    def get_seq_length(self) -> int:
        """How many positions are filled."""
        return self.length

    def batch_select_indices(self, indices: Tensor) -> None:
        """Row i becomes what row `indices[i]` was; `indices[i]` is i or lies beyond the rows that stay."""
        moved = (indices != torch.arange(len(indices), device=indices.device)).nonzero()[:, 0]
        for part in _filled(self):
            part[moved, :, : self.length] = part[indices[moved], :, : self.length]


def _filled(layer: DynamicLayer) -> tuple[Tensor, Tensor]:
    """The states of a layer that has seen something."""
    assert layer.keys is not None
    assert layer.values is not None
    return layer.keys, layer.values


def _roomy(part: Tensor, rows: Tensor, room: int) -> Tensor:
    _, heads, length, size = part.shape
    full = part.new_empty(len(rows), heads, room, size)
    full[:, :, :length] = part[rows]
    return full


def spread(cache: DynamicCache, rows: Tensor, room: int) -> None:
    """Gives row `rows[i]` of a cache to row i of the new batch, with room for so many positions in all."""
    layers: list[Any] = cache.layers
    for number, layer in enumerate(layers):
        if type(layer) is DynamicLayer:
            layers[number] = Slab.of(layer, rows, room)
        else:
            layer.batch_select_indices(rows)
