"""What a Workers AI model's tokens burn, from Cloudflare's price table of July 2026 (embeddings older)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

USD_PER_NEURON = 0.011 / 1000
"""Above the daily allowance, on a paid plan (documented)."""


@dataclass(frozen=True, slots=True)
class Price:
    """Neurons per million tokens; None where the model has no such tokens or the price is not known."""

    tokens_in: float | None
    tokens_out: float | None


@cache
def prices() -> dict[str, Price]:
    """Model → price."""
    text = files("aigw_tui").joinpath("data", "neuron_prices.csv").read_text(encoding="utf-8")
    return {
        line["model"]: Price(_number(line["neurons_per_m_input_tokens"]), _number(line["neurons_per_m_output_tokens"]))
        for line in csv.DictReader(text.splitlines())
    }


def neurons(model: str, tokens_in: float | None, tokens_out: float | None) -> float | None:
    """An estimate (~) from uncached tokens: token prices reproduce measured neurons. None where one is not known."""
    price = prices().get(model)
    if price is None or tokens_in is None or price.tokens_in is None:
        return None
    if tokens_out and price.tokens_out is None:
        return None
    return (tokens_in * price.tokens_in + (tokens_out or 0) * (price.tokens_out or 0)) / 1e6


def _number(text: str | None) -> float | None:
    return float(text) if text else None
