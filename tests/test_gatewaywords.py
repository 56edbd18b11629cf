"""A gateway's settings in words, fullest first."""

from __future__ import annotations

import pytest

from aigw_tui.insight.gatewaywords import settings, span
from aigw_tui.model import Gateway, SpendLimit

RULES = (SpendLimit(5.0, 86_400), SpendLimit(0.5, 3600, model="g\x1b[m"))


def test_everything() -> None:
    """In full, in brief, and the first of them; no model's name reaches a terminal as it is."""
    gateway = Gateway("g", 900, collects_logs=True, rate_limit=1200, rate_interval_s=60, spend_limits=RULES)
    assert settings(gateway) == (
        "logs on · cached for 15 min · at most 1,200 requests in 1 min · may spend $5.00 in 1 d, $0.50 in 1 h for g�[m",
        "logs on · cache 15 min · 1,200 in 1 min · 2 spend limits",
        "logs on · cache 15 min · 1,200 in 1 min …",
        "logs on · cache 15 min …",
        "logs on …",
    )


def test_off_is_not_unknown() -> None:
    """What is not known is left out; what is off, or has no limit, is said."""
    off = Gateway("g", 0, collects_logs=False, rate_limit=0)
    assert settings(off)[0] == "logs off · cache off · no rate limit · no spend limit"
    assert settings(Gateway("g"))[0] == "no spend limit"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (60, "1 min"),
        (900, "15 min"),
        (3600, "1 h"),
        (5400, "90 min"),
        (86_400, "1 d"),
        (604_800, "7 d"),
        (45, "45 s"),
        (61, "1 min"),
        (0, "0 s"),
        (None, "–"),
    ],
)
def test_spans(seconds: float | None, words: str) -> None:
    """The largest unit that is exact."""
    assert span(seconds) == words
