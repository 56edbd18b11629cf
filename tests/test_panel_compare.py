"""Worker's counter: the verdict, the curve and the causes; what to do where none is configured."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from aigw_tui.model import HOUR, Count, Counter, Scope
from aigw_tui.tui.frame import Form
from aigw_tui.tui.panels.compare import WorkersCounter
from aigw_tui.tui.scene import Scene
from world import ACCOUNT, NOW, TODAY, check_any_size, scene, shown

GOLDEN = Path(__file__).parent / "golden" / "compare-panel.txt"
USED = (0, 600, 1150, 1700, 2200, 2700, 3300, 3900, 4500, 5300, 5600, 6500, 7500, 8500, 9400)
"""At the end of every hour of today; Cloudflare counts 6,710 up to 13:00."""


def polls(limit: float = 9_500) -> tuple[Count, ...]:
    """Asked at every hour's end."""
    return tuple(
        Count(TODAY + HOUR * hour + timedelta(minutes=1), TODAY.date(), float(used), limit, used // 8)
        for hour, used in enumerate(USED)
    )


def counted(*counters: Counter, scope: Scope | None = None) -> Scene:
    found = scene(scope)
    return replace(found, snapshot=replace(found.snapshot, counters=counters))


def test_the_panel() -> None:
    """The verdict with its figures, the ratio over the day, and what makes up the gap."""
    assert shown(WorkersCounter(), counted(Counter(ACCOUNT, polls())), 84, 30) + "\n" == GOLDEN.read_text()


def test_not_configured() -> None:
    """What to set."""
    text = shown(WorkersCounter(), counted(), 84, 8)
    assert "set quota_url in config.toml" in text


def test_cannot_tell() -> None:
    """The reason takes the verdict's place; what was known before stays."""
    counter = Counter(ACCOUNT, polls(), why="HTTP 503", remedy="check quota_url")
    text = shown(WorkersCounter(), counted(counter), 84, 20)
    assert "cannot tell" in text
    assert "HTTP 503 → check quota_url" in text
    assert "8,483 against 6,710" in text


def test_of_several_the_worst() -> None:
    """With its name."""
    fine = tuple(replace(one, used=one.used * 0.88) for one in polls())
    counters = (Counter("other", fine, why="HTTP 500"), Counter(ACCOUNT, polls()))
    text = shown(WorkersCounter(), counted(*counters), 84, 20)
    assert "drifts" in text
    assert text.splitlines()[-1].count("acme") == 1


@settings(max_examples=80)
@given(
    st.integers(0, 120),
    st.integers(0, 40),
    st.sampled_from(["box", "rule", "bare"]),
    st.booleans(),
    st.sampled_from([1.0, 0.0, 1e9, 0.001]),
    st.sampled_from(["", "no JSON but '<html>' " * 4]),
    st.integers(0, 14),
)
def test_any_size(width: int, height: int, form: Form, is_zoomed: bool, factor: float, why: str, count: int) -> None:
    """No figure is cut and nothing raises, from 0×0 on, whatever the Worker says."""
    own = tuple(replace(one, used=one.used * factor) for one in polls()[14 - count :])
    for seen in (counted(Counter(ACCOUNT, own, why)), counted()):
        check_any_size(WorkersCounter(), seen, width, height, form, is_zoomed)


def test_now() -> None:
    """The world's moment is within the last answer's hour, so that its newest whole hour ends at 13:00."""
    assert NOW - polls()[-1].at < HOUR
