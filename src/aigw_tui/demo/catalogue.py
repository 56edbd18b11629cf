"""What the built-in account is made of: gateways, models with their prices, callers, and who sends what where."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

ACCOUNT_ID = "0de30acc0de30acc0de30acc0de30acc"
ACCOUNT_NAME = "acme"
TOKEN = "cfut_demo_opens_only_the_built_in_account_0001"  # noqa: S105 - fake: it opens nothing but this box
ACCOUNT_TOKEN = "cfat_demo_opens_only_the_built_in_account_0002"  # noqa: S105 - as above, but owned by the account

WORKERS_AI = "workers-ai"
USD_PER_NEURON = 0.011 / 1000


@dataclass(frozen=True, slots=True)
class Model:
    """A model with the habits of its callers and its list price."""

    name: str
    provider: str
    tokens_in: int
    """Typical tokens of a prompt."""
    tokens_out: int
    duration_ms: int
    """Typical duration of a call that reaches the provider."""
    cacheable: float
    """How often its calls are found in the cache, in proportion to the account's hit rate."""
    price_in: float
    """Per million tokens: neurons for Workers AI, USD for the others; 0 where there is no price."""
    price_out: float

    @property
    def burns_neurons(self) -> bool:
        return self.provider == WORKERS_AI

    def price(self, tokens_in: int, tokens_out: int) -> float:
        """Neurons for Workers AI, USD for the others."""
        return (tokens_in * self.price_in + tokens_out * self.price_out) / 1e6


@dataclass(frozen=True, slots=True)
class Gateway:
    name: str
    calls_per_minute: int
    """The rate limit; 0: none."""
    cache_ttl_s: int


@dataclass(frozen=True, slots=True)
class Caller:
    """A program with a key of its own."""

    user_agent: str
    source: str
    """How it reaches Workers AI: `rest` or `binding`."""
    metadata: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Route:
    """Calls of one model through one gateway; without a gateway they go straight to Workers AI."""

    gateway: str
    model: Model
    weight: float
    """Calls on an ordinary weekday."""


GATEWAYS = (Gateway("prod-api", 0, 3600), Gateway("chat-widget", 60, 900), Gateway("batch", 30, 86_400))

CALLERS = {
    "prod-api": (
        Caller("acme-api/2.4", "rest", (("team", "search"), ("plan", "pro"))),
        Caller("acme-api/2.4", "rest", (("team", "support"), ("plan", "free"))),
    ),
    "chat-widget": (
        Caller("acme-widget/1.9", "rest", (("team", "web"), ("plan", "free"))),
        Caller("acme-widget/1.8", "rest", (("team", "web"), ("plan", "pro"))),
    ),
    "batch": (Caller("acme-nightly/0.7", "rest", (("team", "data"),)),),
    "": (Caller("", "binding", ()),),
}
RUNAWAY = Caller("acme-reindex/0.3", "rest", (("team", "data"), ("key", "reindex")))


@cache
def neuron_prices() -> dict[str, dict[str, str]]:
    """Model → its line of the price table, as text."""
    text = files("aigw_tui").joinpath("data", "neuron_prices.csv").read_text(encoding="utf-8")
    return {line["model"]: line for line in csv.DictReader(text.splitlines())}


def _workers(name: str, tokens_in: int, tokens_out: int, duration_ms: int, cacheable: float = 1.0) -> Model:
    line = neuron_prices()[name]
    price_in, price_out = (float(line[f"neurons_per_m_{way}_tokens"] or 0) for way in ("input", "output"))
    return Model(name, WORKERS_AI, tokens_in, tokens_out, duration_ms, cacheable, price_in, price_out)


@cache
def routes() -> tuple[Route, ...]:
    """Every model and where it is called."""
    llama = _workers("@cf/meta/llama-3.3-70b-instruct-fp8-fast", 112, 25, 760)
    small = _workers("@cf/meta/llama-3.1-8b-instruct-fp8-fast", 220, 110, 420, 1.1)
    guard = _workers("@cf/meta/llama-guard-3-8b", 75, 4, 240, 1.1)
    qwen = _workers("@cf/qwen/qwen3-30b-a3b-fp8", 520, 100, 980, 0.6)
    bge = _workers("@cf/baai/bge-base-en-v1.5", 250, 0, 90, 1.2)
    translate = _workers("@cf/meta/m2m100-1.2b", 80, 80, 510)
    mini = Model("gpt-5-mini", "openai", 6_800, 1_700, 2_300, 0.95, 0.25, 2.00)
    nano = Model("gpt-5-nano", "openai", 3_000, 400, 1_100, 0.5, 0.05, 0.40)
    haiku = Model("claude-haiku-4-5", "anthropic", 3_100, 760, 1_700, 0.9, 1.00, 5.00)
    sonnet = Model("claude-sonnet-4-5", "anthropic", 2_400, 480, 4_200, 0.5, 3.00, 15.00)
    flash = Model("gemini-2.5-flash", "google-ai-studio", 4_000, 920, 1_300, 1.0, 0.30, 2.50)
    mistral = Model("mistral-small-latest", "mistral", 900, 260, 940, 1.0, 0.10, 0.30)
    unpriced = Model("qwen/qwen3-32b", "groq", 1_400, 300, 610, 0.6, 0.0, 0.0)
    return (
        Route("prod-api", llama, 400),
        Route("prod-api", mini, 190),
        Route("prod-api", bge, 150),
        Route("prod-api", haiku, 95),
        Route("prod-api", guard, 80),
        Route("prod-api", flash, 55),
        Route("prod-api", oss(), 35),
        Route("prod-api", sonnet, 30),
        Route("chat-widget", llama, 390),
        Route("chat-widget", small, 140),
        Route("chat-widget", guard, 60),
        Route("chat-widget", mini, 55),
        Route("chat-widget", mistral, 55),
        Route("chat-widget", flash, 45),
        Route("batch", bge, 120),
        Route("batch", qwen, 75),
        Route("batch", oss(), 55),
        Route("batch", nano, 45),
        Route("batch", unpriced, 40),
        Route("batch", haiku, 35),
        Route("", bge, 70),
        Route("", translate, 45),
    )


@cache
def oss() -> Model:
    """The model that the runaway key calls."""
    return _workers("@cf/openai/gpt-oss-120b", 300, 170, 2_600, 0.5)
