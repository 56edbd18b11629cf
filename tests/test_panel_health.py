"""³ Health: how much fails, when it was worst, and whether it is over."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aigw_tui.history.protocol import StoredRow
from aigw_tui.model import PERIODS, Scope
from aigw_tui.tui.frame import Form
from aigw_tui.tui.panels.health import Health
from world import (
    GPT,
    area,
    check_any_size,
    empty,
    failure_row,
    recorded,
    recorded_all,
    request_row,
    scene,
    shown,
    world,
)

SCOPES = (Scope(), Scope(PERIODS[1]), Scope(PERIODS[2]), Scope().narrow(status="429"), Scope(pattern="nothing"))


def test_the_tile() -> None:
    """The rate with the reading it comes from, the hours, the worst of them in words, what was turned away."""
    assert shown(Health(), scene(), 31, 7) == (
        "╭─ ³ Health ──────────────────╮\n"
        "│ 1.2 % errors    14 of 1,204 │\n"
        "│          █                  │\n"
        "│ ▁▁▁▁▁▁▁▁▁█▁▁▁▁▁▁▁▁▁▁▁▁▁▁    │\n"
        "│ 11 at 09:00, since then 2   │\n"
        "│ 10 rate-limited             │\n"
        "╰─────────────────────────────╯"
    )


def test_only_the_outage_is_red() -> None:
    """An hour in which more than 5 % failed; single failures of busy hours, and of filling ones, are not."""
    room, panel = area(31, 7), Health()
    base = panel.draw(panel.look(scene(), room), room).lines[2]
    assert [(span.role, len(span.text)) for span in base if span.role not in ("edge", "grid", "text")] == [
        ("neuron1", 1), ("bad", 1), ("neuron1", 1), ("neuron1:filling", 1),
    ]  # fmt: skip


def test_one_failure_of_few_is_no_outage() -> None:
    """Red needs twenty requests, as the default alert does."""
    assert [
        panel_roles([request_row(9, requests=requests, errors=2)]) for requests in (19, 20)
    ] == [{"neuron1"}, {"bad"}]  # fmt: skip


def panel_roles(rows: list[StoredRow]) -> set[str]:
    """The roles of the bars."""
    room, panel = area(31, 7), Health()
    lines = panel.draw(panel.look(scene(views=recorded(rows)), room), room).lines[1:3]
    return {span.role.removesuffix(":filling") for line in lines for span in line} - {"edge", "grid", "text"}


def test_nothing_failed() -> None:
    """A good day is said in words."""
    text = shown(Health(), scene(Scope().narrow(provider="openai", model=GPT)), 31, 7)
    assert "│ 0 % errors         0 of 198 │" in text
    assert "nothing failed" in text
    assert "none rate-limited" in text


def test_by_day() -> None:
    """A long window is by day; the running day has no `since then`."""
    text = shown(Health(), scene(Scope(PERIODS[2])), 31, 7)
    assert "│ 0.1 % errors   14 of 11,512 │" in text
    assert "14 on 23 Nov, so far" in text


def test_narrowed_to_a_status() -> None:
    """What failed with that status, of all requests of the scope: requests themselves know no status."""
    text = shown(Health(), scene(Scope().narrow(status="429")), 31, 7)
    assert "│ 0.8 % with 429  10 of 1,204 │" in text
    assert "9 at 09:00, since then 1" in text


def test_rate_limits_that_were_not_read_are_unknown() -> None:
    """Without failures read there is no count, and no 0 either."""
    assert "– rate-limited" in shown(Health(), scene(views=recorded([request_row(9)])), 31, 7)


def test_nothing_yet() -> None:
    """Not read, and read without rows, are words."""
    assert "not read yet" in shown(Health(), scene(views=empty(), quotas=()), 31, 7)
    assert "no requests through these" in shown(Health(), scene(views=empty("requests")), 31, 7)


def test_zoomed() -> None:
    """The hours over an axis, and the status codes."""
    lines = shown(Health(), scene(), 60, 20, is_zoomed=True).split("\n")
    assert [line.split()[1:4] for line in lines[-4:-1]] == [
        ["429", "limited", "10"],
        ["408", "2", "14"],
        ["500", "2", "14"],
    ]


def test_the_parts_add_up_to_the_errors() -> None:
    """What a rate limit turned away stands apart, without a share where Cloudflare counts it as no error."""
    rows = [failure_row(9, "429", "1", 13, errors=0), failure_row(9, "429", requests=8), failure_row(9, "500")]
    views = recorded_all(requests=[request_row(9, requests=100, errors=9)], failures=rows)
    lines = shown(Health(), scene(views=views), 60, 20, is_zoomed=True).split("\n")
    assert [line.strip("│ ").split() for line in lines[-4:-1]] == [
        ["429", "8", "89", "%"],
        ["500", "1", "11", "%"],
        ["429", "limited", "13"],
    ]


@given(
    st.integers(0, 120),
    st.integers(0, 40),
    st.sampled_from(["box", "rule", "bare"]),
    st.booleans(),
    st.sampled_from(SCOPES),
    st.booleans(),
)
def test_any_size(width: int, height: int, form: Form, is_zoomed: bool, scope: Scope, is_huge: bool) -> None:
    """No figure is cut and nothing raises, from 0×0 on."""
    views = recorded([request_row(9, requests=10**15, errors=10**14)]) if is_huge else world()
    check_any_size(Health(), scene(scope, views), width, height, form, is_zoomed)
