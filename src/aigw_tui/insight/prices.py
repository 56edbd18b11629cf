"""What a Workers AI model's tokens burn, from Cloudflare's price table of July 2026 (embeddings older)."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from aigw_tui.model import USD_PER_NEURON, Price

DIGITS = 3
"""Those of a list price behind the point: a price that is the same to so many digits is known better in neurons."""

PLAIN_NAME = re.compile(r"@(?:cf|hf)/\w[\w.-]*/\w[\w.-]*", re.ASCII)
"""What may stand in a path: no part of it is `..`."""
OTHER_WORK = re.compile("m2m100|translat|guard|rerank|embed|whisper|tts|vision|image", re.IGNORECASE)
"""Models with a price for output that do not simply write text."""

_newer: dict[str, Price] = {}


def prefer(newer: Mapping[str, Price]) -> None:
    """From now on these go before the shipped prices, in the whole process; none: the shipped ones alone."""
    _newer.clear()
    _newer.update({model: _merged(price, shipped().get(model)) for model, price in newer.items()})


def price_of(model: str) -> Price | None:
    return _newer.get(model) or shipped().get(model)


@cache
def shipped() -> dict[str, Price]:
    """Model → price, as it was when this program was made."""
    text = files("aigw_tui").joinpath("data", "neuron_prices.csv").read_text(encoding="utf-8")
    return {
        line["model"]: Price(_number(line["neurons_per_m_input_tokens"]), _number(line["neurons_per_m_output_tokens"]))
        for line in csv.DictReader(text.splitlines())
    }


def neurons(model: str, tokens_in: float | None, tokens_out: float | None) -> float | None:
    """An estimate (~) from uncached tokens: token prices reproduce measured neurons. None where one is not known."""
    price = price_of(model)
    if price is None or tokens_in is None or price.tokens_in is None:
        return None
    if tokens_out and price.tokens_out is None:
        return None
    return (tokens_in * price.tokens_in + (tokens_out or 0) * (price.tokens_out or 0)) / 1e6


def cheapest_text_model(tokens_in: int, tokens_out: int) -> tuple[str, float] | None:
    """(model, neurons) for so many tokens: of those that write text, which have a price for what they write."""
    models = {
        model: cost
        for model in {*shipped(), *_newer}
        if PLAIN_NAME.fullmatch(model) and not OTHER_WORK.search(model)
        if (price := price_of(model)) and price.tokens_out and (cost := neurons(model, tokens_in, tokens_out))
    }
    return min(models.items(), key=lambda item: (item[1], item[0]), default=None)


def _merged(newer: Price, older: Price | None) -> Price:
    if older is None:
        return newer
    return Price(_better(newer.tokens_in, older.tokens_in), _better(newer.tokens_out, older.tokens_out))


def _better(newer: float | None, older: float | None) -> float | None:
    if newer is None or older is None:
        return older if newer is None else newer
    is_same = abs(newer - older) * USD_PER_NEURON <= 0.5001 * 10**-DIGITS
    return older if is_same else newer


def _number(text: str | None) -> float | None:
    return float(text) if text else None
