"""¹ Neurons: the verdict first, the gauge, and what is the scope's own."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from aigw_tui.model import Pace, Quota, Scope
from aigw_tui.tui.frame import Form, framed
from aigw_tui.tui.panels.neurons import Neurons
from world import (
    BGE,
    GPT,
    LLAMA,
    NEURON_QUOTA,
    NOW,
    area,
    check_any_size,
    empty,
    neuron_row,
    recorded,
    recorded_all,
    request_row,
    scene,
    shown,
)  # fmt: skip

PACE = NEURON_QUOTA.pace
assert PACE is not None
LASTS = replace(PACE, low=6100.0, likely=7000.0, high=7900.0, runs_out=None)
MODEL = Scope().narrow(provider="workers-ai", model=LLAMA)
SCOPES = (
    Scope(), Scope(pattern="llama"), MODEL, Scope().narrow(gateway="prod"), Scope().narrow(provider="openai"),
    Scope().narrow(status="429"),
)  # fmt: skip


def test_the_tile() -> None:
    """Verdict and percent, a gauge of two half rows, what is used with the limit under its mark, the projection."""
    assert shown(Neurons(), scene(), 36, 7) == (
        "╭─ ¹ Neurons today ────────────────╮\n"
        "│ ▲ runs out 19:10–21:40 UTC  72 % │\n"
        "│ ▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄┃▄▄▄▄▄ │\n"
        "│ ▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀┃▀▀▀▀▀ │\n"
        "│ 7,214 used              10,000   │\n"
        "│ ~10,800–12,300 by midnight       │\n"
        "╰──────────────────────────────────╯"
    )


def test_the_small_box() -> None:
    """At 80×24 one row of gauge, and no projection."""
    assert shown(Neurons(), scene(), 44, 5) == (
        "╭─ ¹ Neurons today ────────────────────────╮\n"
        "│ ▲ runs out 19:10–21:40 UTC          72 % │\n"
        "│ ▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄┃▄▄▄▄▄▄▄ │\n"
        "│ 7,214 used                    10,000     │\n"
        "╰──────────────────────────────────────────╯"
    )


def test_the_bare_form() -> None:
    """At 40×10 three lines without a border; in one line the verdict alone."""
    assert shown(Neurons(), scene(), 40, 3, "bare") == (
        "▲ runs out 19:10–21:40 UTC          72 %\n"
        "▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄┃▄▄▄▄▄▄▄\n"
        "7,214 used                    10,000"
    )
    assert shown(Neurons(), scene(), 20, 1, "bare") == "▲ 19:10–21:40   72 %"
    assert shown(Neurons(), scene(), 4, 1, "bare") == "72 %"


def test_narrowed_to_a_model() -> None:
    """The gauge still judges the account; the figures are the model's, and its share."""
    lines = shown(Neurons(), scene(MODEL), 36, 7).split("\n")
    assert lines[1] == "│ ▲ runs out 19:10–21:40 UTC  72 % │"
    assert lines[4:6] == ["│ 4,112 this model        10,000   │", "│ 57 % of the account's 7,214      │"]
    room = area(36, 7)
    gauge = Neurons().draw(Neurons().look(scene(MODEL), room), room).lines[1]
    assert [span.role for span in gauge] == ["neuron1", "dollar2", "neuron3", "strong", "over1", "over2"]


def test_a_pattern_narrows_as_well() -> None:
    """A filter that matches one model leaves that model's part."""
    assert "│ 216 these models" in shown(Neurons(), scene(Scope(pattern="^@cf/baai")), 36, 7)


def test_a_gateway_gets_an_estimate() -> None:
    """Neurons know no gateway: tokens times price, marked, and never the account's figure."""
    text = shown(Neurons(), scene(Scope().narrow(gateway="prod")), 36, 7)
    assert "~3,411 this gateway" in text
    assert "~47 % of the account's 7,214" in text


def test_an_estimate_says_what_it_lacks() -> None:
    """A model without a price is not counted as 0: it is said."""
    views = recorded(
        [request_row(9, BGE, "workers-ai", tokens_in=10**7, tokens_out=0), request_row(9, "@cf/x/new", "workers-ai")]
    )
    text = shown(Neurons(), scene(Scope().narrow(gateway="prod"), views), 60, 7)
    assert "7,214, 1 unpriced" in text
    unpriced = recorded([request_row(9, "@cf/x/new", "workers-ai")])
    text = shown(Neurons(), scene(Scope().narrow(gateway="prod"), unpriced), 60, 7)
    assert "– this gateway" in text
    assert "1 unpriced" in text


def test_other_providers_burn_nothing() -> None:
    """A scope without Workers AI has measured traffic and no neurons."""
    assert "│ 0 this model" in shown(Neurons(), scene(Scope().narrow(provider="openai", model=GPT)), 36, 7)


def test_a_status_cannot_be_told() -> None:
    """What no dataset can tell is unknown, not 0."""
    assert "│ – this status" in shown(Neurons(), scene(Scope().narrow(status="429")), 36, 7)


def test_a_nowcast_stands_beside_what_is_measured() -> None:
    """The late hours are an estimate: with `~`, and the percent that contains it too."""
    quota = replace(NEURON_QUOTA, used=4214.0, nowcast=183.4, pace=LASTS)
    text = shown(Neurons(), scene(quotas=(quota,)), 36, 7)
    assert "│ 4,214 used ~183 more    10,000   │" in text
    assert "│ ✓ lasts to 00:00 UTC       ~44 % │" in text


def test_the_border_carries_the_verdict() -> None:
    """Amber or red only when there is something to worry about."""
    room, panel = area(36, 7), Neurons()
    tints = [
        panel.draw(panel.look(scene(quotas=(quota,)), room), room).tint
        for quota in (NEURON_QUOTA, replace(NEURON_QUOTA, used=9100.0), replace(NEURON_QUOTA, pace=LASTS))
    ]
    assert tints == ["warn:filling", "bad:filling", ""]


def test_the_border_shows_the_focus_all_the_same() -> None:
    """As everywhere; the verdict's own line keeps its colour."""
    panel = Neurons()
    room = area(36, 7, is_focused=True)
    drawing = panel.draw(panel.look(scene(), room), room)
    assert drawing.tint
    rows = framed(drawing, "box", 36, 7, panel.KEY, panel.TITLE, is_focused=True)
    assert {row[0].role for row in rows} == {row[-1].role for row in rows} == {"accent"}
    assert {span.role for row in rows for span in row if "runs out" in span.text} == {"warn"}


def test_nothing_read_yet() -> None:
    """Words, not zeros."""
    assert shown(Neurons(), scene(views=empty(), quotas=()), 36, 7).split("\n")[1:4] == [
        "│ – used                           │",
        "│ no neurons were read yet; the    │",
        "│ first figures come with the next │",
    ]


def test_nothing_used_yet() -> None:
    """Shortly after midnight 0 is explained by the delay."""
    quota = replace(NEURON_QUOTA, used=0.0, pace=LASTS)
    text = shown(Neurons(), scene(quotas=(quota,)), 36, 7)
    assert "│ 0 used" in text
    assert "neurons arrive 40 minutes late" in text


def test_of_several_accounts_the_worst_is_shown() -> None:
    """The account whose allowance is used up furthest, with its name."""
    seen = scene(quotas=(replace(NEURON_QUOTA, used=100.0), replace(NEURON_QUOTA, account="b")))
    seen = replace(seen, snapshot=replace(seen.snapshot, labels=(("a", "acme"), ("b", "beta"))))
    text = shown(Neurons(), seen, 36, 7)
    assert "7,214 used" in text
    assert "beta" in text


def test_zoomed() -> None:
    """The whole day by the hour with its axis, and who burned most."""
    text = shown(Neurons(), scene(), 100, 30, is_zoomed=True)
    assert "│ 00          03          06          09          12          15          18          21 " in text
    assert "llama-3.3-70b-instruct-fp8-fast                      4,112    57 %" in text


def test_looking_twice_sees_the_same() -> None:
    """Equal looks paint nothing, also when the clock has moved on."""
    later = scene()
    later = replace(later, snapshot=replace(later.snapshot, now=NOW + timedelta(minutes=1)))
    assert Neurons().look(scene(), area(36, 7)) == Neurons().look(later, area(36, 7))


@given(
    st.integers(0, 120),
    st.integers(0, 40),
    st.sampled_from(["box", "rule", "bare"]),
    st.booleans(),
    st.sampled_from(SCOPES),
    st.one_of(st.none(), st.floats(0, 1e12)),
    st.one_of(st.none(), st.floats(0, 1e12)),
    st.one_of(st.none(), st.floats(1, 1e9)),
)
def test_any_size_and_any_figures(
    width: int, height: int, form: Form, is_zoomed: bool, scope: Scope, used: float | None, more: float | None,
    limit: float | None,
) -> None:  # fmt: skip
    """No figure is cut and nothing raises, from 0×0 on."""
    pace = None if used is None else Pace((), used, used * 1.5, used * 2)
    quota = Quota("neurons", "neurons", used, limit, more, pace=pace)
    check_any_size(Neurons(), scene(scope, quotas=(quota,)), width, height, form, is_zoomed)


def test_zoomed_says_what_passed_no_gateway() -> None:
    """One line, where it can be known; in a gateway's scope it cannot."""
    views = recorded_all(
        requests=[request_row(9, LLAMA, "workers-ai", requests=69)], failures=[], neurons=[neuron_row(9, LLAMA, 100)]
    )
    text = "~31 % of today's inferences bypass your gateways"
    assert text in shown(Neurons(), scene(views=views), 70, 30, is_zoomed=True)
    assert "bypass" not in shown(Neurons(), scene(Scope().narrow(gateway="prod"), views), 70, 30, is_zoomed=True)


def test_what_is_used_and_the_limit_stay_apart() -> None:
    """Large figures become short before an estimate stands without its word."""
    quota = replace(NEURON_QUOTA, used=149_057_968.0, nowcast=313_000_000.0)
    assert "│ 149M used ~313M more          10,000     │" in shown(Neurons(), scene(quotas=(quota,)), 44, 5)


def test_nothing_burned_yet_is_not_unread() -> None:
    """Hours of today were read, and are empty so far."""
    quota = replace(NEURON_QUOTA, used=None, pace=None)
    text = shown(Neurons(), scene(views=empty("neurons"), quotas=(quota,)), 60, 5)
    assert "none counted yet today" in text
    assert "not read" in shown(Neurons(), scene(views=empty(), quotas=(quota,)), 30, 1, "bare")
