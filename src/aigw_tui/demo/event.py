"""One call of a model: the only fact of the built-in account; every figure is made of these."""

from __future__ import annotations

from typing import NamedTuple

from aigw_tui.demo.catalogue import USD_PER_NEURON, Caller, Model

GATEWAY_DELAY_S = (139, 365)
"""How far behind AI Gateway's rows were seen to be."""
INFERENCE_DELAY_S = (38 * 60, 45 * 60)
"""How far behind neurons are."""


class Event(NamedTuple):
    at: int
    """Start, epoch seconds."""
    delay: int
    """Seconds until the gateway's datasets show it."""
    gateway: str
    """Empty: it went straight to Workers AI."""
    model: Model
    caller: Caller
    status: int
    """HTTP status."""
    fault: int
    """Workers AI's own error code; 0: none."""
    duration_ms: int
    tokens_in: int
    """0 where nothing was inferred: cached, refused, failed."""
    tokens_out: int
    is_cached: bool
    is_limited: bool
    """Turned away by the gateway's rate limit: it never reached a provider, and is not an error of one."""

    @property
    def shown_at(self) -> int:
        """When the gateway's datasets know it, epoch seconds."""
        return self.at + self.delay

    @property
    def counted_at(self) -> int:
        """When the neuron dataset knows it, epoch seconds: its own range of delays, at the same place in it."""
        (least, most), (early, late) = GATEWAY_DELAY_S, INFERENCE_DELAY_S
        return self.at + early + (self.delay - least) * (late - early) // (most - least)

    @property
    def is_error(self) -> bool:
        return self.status >= 400 and not self.is_limited

    @property
    def is_inference(self) -> bool:
        """Whether Workers AI was asked to infer, with success or without."""
        return self.model.burns_neurons and not self.is_cached and not self.is_limited

    @property
    def neurons(self) -> float:
        return self.model.price(self.tokens_in, self.tokens_out) if self.model.burns_neurons else 0.0

    @property
    def cost(self) -> float:
        """USD, list price; 0 where the model has none."""
        price = self.model.price(self.tokens_in, self.tokens_out)
        return price * USD_PER_NEURON if self.model.burns_neurons else price
