"""What a model's tokens burn."""

from __future__ import annotations

from dataclasses import dataclass

USD_PER_NEURON = 0.011 / 1000
"""Above the daily allowance, on a paid plan (documented)."""


@dataclass(frozen=True, slots=True)
class Price:
    """Neurons per million tokens; None where the model has no such tokens or the price is not known."""

    tokens_in: float | None
    tokens_out: float | None
