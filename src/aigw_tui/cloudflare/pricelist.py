"""What the list of models says about prices: dollars for a million tokens, as neurons."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from aigw_tui.format import clean
from aigw_tui.model import USD_PER_NEURON, Price

UNITS = ("per M input tokens", "per M output tokens")


def prices_of(models: Iterable[Mapping[str, Any]]) -> dict[str, Price]:
    """Model → price, of those that have one for tokens; whatever is no price in USD is passed over."""
    found = {}
    for model in models:
        name, properties = model.get("name"), model.get("properties")
        tokens_in, tokens_out = (_neurons(properties, unit) for unit in UNITS)
        if isinstance(name, str) and (tokens_in is not None or tokens_out is not None):
            found[clean(name)] = Price(tokens_in, tokens_out)
    return found


def _neurons(properties: object, unit: str) -> float | None:
    for each in properties if isinstance(properties, list) else ():
        values = each.get("value") if isinstance(each, dict) and each.get("property_id") == "price" else None
        for value in values if isinstance(values, list) else ():
            if isinstance(value, dict) and value.get("unit") == unit and value.get("currency", "USD") == "USD":
                return _in_neurons(value.get("price"))
    return None


def _in_neurons(usd: object) -> float | None:
    if not isinstance(usd, (int, float)) or isinstance(usd, bool) or not 0 <= usd < 1e6 or not math.isfinite(usd):
        return None
    return usd / USD_PER_NEURON
