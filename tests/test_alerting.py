"""The state machine of alert rules: `for`, `keep_firing_for`, clear thresholds, missing data, machines that slept."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aigw_tui.insight.alerting import EVERY, RESTING, Rule, replay, step
from aigw_tui.insight.alertstate import read, written
from aigw_tui.model import AlertState, Phase

START = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
RULE = Rule("errors", "error_rate", above=5.0)
WORDS = {Phase.INACTIVE: ".", Phase.PENDING: "p", Phase.FIRING: "F", Phase.RECOVERING: "r"}

Values = list[float | None]


def drawn(rule: Rule, values: Values) -> str:
    """The phase after each minute: `.` inactive, `p` pending, `F` firing, `r` recovering."""
    state, text = RESTING, ""
    for n, value in enumerate(values):
        state = step(rule, state, value, START + MINUTE * n)
        text += WORDS[state.phase]
    return text


@pytest.mark.parametrize(
    ("rule", "values", "phases"),
    [
        (RULE, [4, 6, 6, 4], ".FF."),
        (RULE, [5, 5.1], ".F"),
        (replace(RULE, above=None, below=5.0), [5, 4.9, 5], ".F."),
        (replace(RULE, wait=MINUTE * 2), [6, 6, 6, 4, 6, 6], "ppF.pp"),
        (replace(RULE, keep_firing_for=MINUTE * 2), [6, 4, 4, 4, 4], "Frr.."),
        (replace(RULE, keep_firing_for=MINUTE * 2), [6, 4, 6, 4, 4, 4], "FrFrr."),
        (replace(RULE, clear_below=3.0), [6, 4, 3.1, 3, 4, 6], "FFF..F"),
        (replace(RULE, above=None, below=5.0, clear_above=7.0), [4, 6, 7, 6, 4], "FF..F"),
        (replace(RULE, clear_below=3.0, wait=MINUTE), [6, 4, 6, 6, 4], "p.pFF"),
        (replace(RULE, clear_below=3.0, keep_firing_for=MINUTE * 2), [6, 2, 4, 2, 2, 2], "FrFrr."),
    ],
)
def test_phases(rule: Rule, values: Values, phases: str) -> None:
    """Minute by minute. The threshold itself is not beyond it, and a clear threshold is over when it is reached."""
    assert drawn(rule, values) == phases


@pytest.mark.parametrize(("on_no_data", "phases"), [("keep", "..pFF.p"), ("clear", "..pF..p"), ("alert", ".pFFF.p")])
def test_no_data(on_no_data: Literal["keep", "alert", "clear"], phases: str) -> None:
    """Kept: nothing fires and nothing clears. Otherwise it counts as under, or as beyond, the threshold."""
    rule = replace(RULE, on_no_data=on_no_data, wait=MINUTE)
    assert drawn(rule, [4, None, 6, 6, None, 4, 6]) == phases


def test_a_gap_does_not_count_towards_for() -> None:
    """A machine that slept for an hour while a rule with 15 minutes was pending has seen two minutes of it."""
    rule = replace(RULE, wait=MINUTE * 15)
    state = step(rule, RESTING, 6, START)
    state = step(rule, state, 6, START + MINUTE)
    state = step(rule, state, 6, START + MINUTE * 61)
    assert state.phase is Phase.PENDING
    for n in range(62, 75):
        state = step(rule, state, 6, START + MINUTE * n)
        assert state.phase is Phase.PENDING
    assert step(rule, state, 6, START + MINUTE * 75).phase is Phase.FIRING


def test_two_intervals_are_no_gap() -> None:
    """One round that failed is forgiven; what comes after more than two intervals is not."""
    rule = replace(RULE, wait=MINUTE * 2)
    state = step(rule, RESTING, 6, START)
    assert step(rule, state, 6, START + MINUTE * 2).phase is Phase.FIRING
    assert step(rule, state, 6, START + MINUTE * 3).phase is Phase.PENDING
    assert step(rule, state, 6, START + MINUTE * 3, MINUTE * 2).phase is Phase.FIRING


def test_figures_that_are_missing_for_long_do_not_count_either() -> None:
    """An hour without values between two that are beyond the threshold is not an hour beyond it."""
    rule = replace(RULE, wait=MINUTE * 10)
    assert drawn(rule, [6, *[None] * 60, 6]) == "p" * 62


def test_the_episode_remembers_its_worst() -> None:
    """From the first value beyond the threshold on; for a rule with `below` the worst is the least."""
    state = RESTING
    for n, value in enumerate((9.0, 1.0, 6.0, 8.0, 7.0)):
        state = step(RULE, state, value, START + MINUTE * n)
    assert (state.peak, state.value, state.began) == (8.0, 7.0, START + MINUTE * 2)
    low = replace(RULE, above=None, below=5.0)
    assert step(low, step(low, RESTING, 4, START), 2, START + MINUTE).peak == 2


rules = st.builds(
    Rule,
    st.just("r"),
    st.just("error_rate"),
    above=st.just(5.0),
    clear_below=st.none() | st.floats(0, 5),
    wait=st.integers(0, 8).map(lambda n: MINUTE * n),
    keep_firing_for=st.integers(0, 8).map(lambda n: MINUTE * n),
    on_no_data=st.sampled_from(["keep", "alert", "clear"]),
)
series = st.lists(st.none() | st.floats(0, 10), min_size=1, max_size=60)


@given(rules, series)
def test_a_moment_counts_once(rule: Rule, values: Values) -> None:
    """Judging a moment again, by another process with another figure, changes nothing that was known of it."""
    state = RESTING
    for n, value in enumerate(values):
        now = START + MINUTE * n
        state = step(rule, state, value, now)
        if value is not None:
            assert step(rule, state, 10 - value, now) == state
            assert step(rule, state, 10 - value, now - MINUTE) == state


@given(rules, series)
def test_it_never_fires_before_its_time(rule: Rule, values: Values) -> None:
    """Between the first value beyond the threshold and firing lies `for`, and no value at rest."""
    found = replay(
        rule, lambda moment: values[(moment - START) // MINUTE], [START + MINUTE * n for n in range(len(values))]
    )
    for one in found.transitions:
        if one.state.phase is Phase.FIRING and one.before in (Phase.PENDING, Phase.INACTIVE):
            assert one.state.began is not None
            assert one.at - one.state.began >= rule.wait
            first = (one.state.began - START) // MINUTE
            seen = values[first : (one.at - START) // MINUTE + 1]
            assert all(value is None or value > 5.0 for value in seen)


@given(rules, series, st.integers(0, 60))
def test_a_restart_changes_nothing(rule: Rule, values: Values, cut: int) -> None:
    """Stored as text in the middle and read again, the rest goes the same way."""
    moments = [START + EVERY * n for n in range(len(values))]
    value = dict(zip(moments, values, strict=True)).__getitem__
    whole = replay(rule, value, moments)
    first = replay(rule, value, moments[:cut])
    second = replay(rule, value, moments[cut:], read(written(first.state)))
    assert (*first.transitions, *second.transitions) == whole.transitions
    assert second.state == whole.state


@pytest.mark.parametrize("text", [None, "", "{", "[]", "7", '{"phase": "odd"}', '{"seen": "x"}', '{"seen": 1e300}'])
def test_a_damaged_state_is_a_rule_at_rest(text: str | None) -> None:
    assert read(text) == RESTING == AlertState()
