"""The bottom line: at most seven keys, those that work now."""

from __future__ import annotations

from collections.abc import Sequence

from aigw_tui.tui.lines import Line, Span, fit, gap, width_of

MOST = 7


def key_line(keys: Sequence[tuple[str, str]], width: int) -> Line:
    """`enter narrow   esc back …`: as many as fit, the last two (help, quit) always."""
    shown = list(keys[: MOST - 2]) + list(keys[-2:]) if len(keys) > MOST else list(keys)
    spans = _spans(shown)
    while width_of(spans) > width and len(shown) > 2:
        shown.pop(-3)
        spans = _spans(shown)
    return fit(spans, width)


def _spans(keys: Sequence[tuple[str, str]]) -> Line:
    spans: list[Span] = [gap(1)]
    for n, (key, word) in enumerate(keys):
        spans += [gap(3)] if n else []
        spans += [Span(key, "accent", bold=True), Span(f" {word}", "muted")]
    return tuple(spans)
