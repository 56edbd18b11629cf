"""What is said about answers that history does not keep: none yet, refused, or for less than was asked."""

from __future__ import annotations

from collections.abc import Sequence

from aigw_tui.format import clean
from aigw_tui.model import DAY, HOUR, Live, Window

NOT_YET = "not answered yet; the first figures come with the next answer"


def refusal(answers: Sequence[Live]) -> str:
    """Why there is no answer, and the remedy; empty where an account answered, or none was asked yet."""
    if not answers or any(not one.why for one in answers):
        return ""
    return "; ".join(clean(text) for text in (answers[0].why, answers[0].remedy) if text)


def silent(answers: Sequence[Live]) -> str:
    """`without 1 of 2 accounts`, where some answered and some refused; else empty."""
    refused = sum(bool(one.why) for one in answers)
    return f"without {refused} of {len(answers)} accounts" if 0 < refused < len(answers) else ""


def shorter(answers: Sequence[Live], window: Window) -> str:
    """`newest 32 days`, where an answer does not reach as far back as the window; else empty."""
    cut = [one.window for one in answers if not one.why and one.window.since >= window.since + HOUR]
    if not cut:
        return ""
    length = min(one.length for one in cut)
    return f"newest {round(length / DAY)} days" if length >= DAY * 2 else f"newest {max(round(length / HOUR), 1)} hours"
