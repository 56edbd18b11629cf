"""Workers AI's own error codes: what they mean in words, and where they can be told."""

from __future__ import annotations

from aigw_tui.insight.scoped import Pairs, is_covered, where
from aigw_tui.model import Scope, Views

WORDS = {
    "3003": "incomplete request",
    "3006": "request too large",
    "3007": "timeout",
    "3008": "aborted",
    "3023": "account blocked",
    "3036": "daily free allocation used up",
    "3039": "fine-tune lacks files",
    "3040": "out of capacity",
    "3041": "private model, not allowed",
    "3042": "invalid model name",
    "4006": "daily free allocation used up",
    "5004": "invalid data",
    "5005": "model without LoRA",
    "5007": "no such model",
    "5016": "model's terms not accepted",
    "5018": "private model, not allowed",
    "5019": "SDK too old",
}
"""Code → meaning, as Cloudflare's page of Workers AI errors had it in July 2026; 4006 was seen beside 3036."""
NO_ERROR = ("", "0")
"""`0` is none; the empty name is an account that tells no codes."""


def where_refused(views: Views, scope: Scope) -> Pairs | None:
    """What lets through the scope's rows of `refusals` that ended with an error.

    None where the scope is narrower than Workers AI counts: it knows no gateway, provider or HTTP status.
    """
    if not is_covered(scope, "refusals"):
        return None
    codes = tuple(code for code in views.names("refusals", "code") if code not in NO_ERROR)
    return (*where(views, scope, "refusals"), ("code", codes))


def in_words(code: str) -> str:
    """`3040 out of capacity`; a code that is not known is its number alone."""
    return f"{code} {WORDS[code]}" if code in WORDS else code
