"""`[[alert]]` in config.toml: a rule for each good table, one line for each bad one."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aigw_tui.assembly import demo_feed
from aigw_tui.config import load
from aigw_tui.config.alerts import Rules, load_rules, span_of
from aigw_tui.demo.box import Box
from aigw_tui.insight.alerting import Rule
from aigw_tui.insight.ground import Ground
from aigw_tui.insight.parts import Named
from aigw_tui.insight.quotas import Allowance
from aigw_tui.insight.readings import ACCOUNT_WIDE, EXPRESSIONS, condition
from aigw_tui.insight.watchlist import DEFAULT_RULES
from aigw_tui.model import Scope
from clocks import HandClock
from world import ACCOUNT, NOW, world

GOOD = 'name = "errors"\nwhen = "error_rate"\nabove = 0.05\n'


def rules_of(text: str, folder: Path) -> Rules:
    path = folder / "config.toml"
    path.write_text(text)
    return load_rules(load({"config": str(path)}, {}))


def test_all_fields(tmp_path: Path) -> None:
    """As the reference shows them."""
    text = """[[alert]]
name = "errors"
when = "error_rate"
above = 0.05
clear_below = 0.03
for = "15m"
keep_firing_for = "1h30m"
min_requests = 20
severity = "critical"
scope = { gateway = "prod-*", model = ["a", "b"] }
each = "model"
on_no_data = "alert"
to = ["team"]
"""
    found = rules_of(text, tmp_path)
    assert found.complaints == ()
    assert found.rules == (
        Rule(
            "errors", "error_rate", 0.05, None, 0.03, None, timedelta(minutes=15), timedelta(minutes=90), 20,
            "critical", (("gateway", ("prod-*",)), ("model", ("a", "b"))), "alert", ("team",), "model",
        ),
    )  # fmt: skip


def test_the_example_of_the_readme(tmp_path: Path) -> None:
    """It is a rule as it stands there."""
    text = (Path(__file__).parent.parent / "README.md").read_text()
    example = text.partition("```toml\n[[alert]]")[2].partition("```")[0]
    found = rules_of(f"[[alert]]{example}", tmp_path)
    assert found.complaints == ()
    assert [(rule.name, rule.severity) for rule in found.rules] == [("errors", "critical")]


def test_without_any_the_defaults_hold(tmp_path: Path) -> None:
    """One rule of one's own takes their place; an empty list watches nothing."""
    assert rules_of("", tmp_path) == Rules(DEFAULT_RULES, ())
    assert [rule.name for rule in rules_of(f"[[alert]]\n{GOOD}", tmp_path).rules] == ["errors"]
    assert rules_of("alert = []", tmp_path) == Rules((), ())


def test_the_defaults_are_what_was_promised() -> None:
    """90 % of the neurons, more than 100 % projected, 5 % errors of 20 requests, 6 × MAD, half an hour's silence."""
    said = {rule.name: condition(rule) for rule in DEFAULT_RULES}
    assert said == {
        "neurons used": "neurons used above 90 %",
        "neurons projected": "neurons projected above 100 % for 15 min",
        "errors": "error rate above 5.0 %",
        "token spike": "tokens over usual above 6.0 × MAD",
        "no answer": "time without an answer above 30 min",
    }
    assert [rule.min_requests for rule in DEFAULT_RULES if rule.when == "error_rate"] == [20]


@pytest.mark.parametrize(
    ("table", "why", "remedy"),
    [
        ('name = "x"\nwhen = "error_rat"\nabove = 1', "there is no expression error_rat", "did you mean error_rate?"),
        ('name = "x"\nwhen = "zzz"\nabove = 1', "there is no expression zzz", "use quota_used, "),
        (f"{GOOD}abov = 1", "there is no field abov", "did you mean above?"),
        (f"{GOOD}clear_below = 0.06", "clear_below = 0.06 is over above = 0.05", "use the threshold or less"),
        (f"{GOOD}clear_above = 0.06", "clear_above goes with below", "use clear_below"),
        (f"{GOOD}below = 0.01", "it needs either above or below", "write one of the two"),
        ('name = "x"\nwhen = "error_rate"', "it needs either above or below", "write one of the two"),
        (
            'name = "x"\nwhen = "cache_hit_rate"\nbelow = 0.2\nclear_above = 0.1',
            "clear_above = 0.1 is under",
            "or more",
        ),
        (f'{GOOD}for = "15 minutes"', "for is no length of time", "use one such as 90s, 15m"),
        (f"{GOOD}for = 15", "for is no length of time", "use one such as 90s, 15m"),
        (f'{GOOD}for = "32d"', "for is no length of time", "at most 31d"),
        (f'{GOOD}severity = "warn"', "severity cannot be warn", "did you mean warning?"),
        (f"{GOOD}min_requests = -1", "min_requests is no count", "whole number"),
        (f"{GOOD}min_requests = true", "min_requests is no count", "whole number"),
        (f'{GOOD}scope = {{ gatway = "a" }}', "scope has no gatway", "did you mean gateway?"),
        ('name = "x"\nwhen = "quota_used"\nabove = 1\nscope = { model = "a" }', "quota_used knows no model", "leave"),
        ('when = "error_rate"\nabove = 1', "name is missing", 'write name = "…"'),
        ('name = "x"\nwhen = "error_rate"\nabove = nan', "above is no number", "use a number"),
        ('name = "x"\nwhen = "error_rate"\nabove = "1"', "above is no number", "use a number"),
        (f"{GOOD}to = [1]", "to is no list of names", "write to ="),
        (f'{GOOD}each = "modle"', "each cannot be modle", "did you mean model?"),
        (f'{GOOD}each = "account"', "each cannot be account", "use gateway, provider or model"),
        (f"{GOOD}each = [1]", "each cannot be [1]", "use gateway, provider or model"),
        (f'{GOOD}each = ""', "each cannot be ", "use gateway, provider or model"),
        ('name = "x"\nwhen = "quota_used"\nabove = 1\neach = "model"', "quota_used knows no model", "leave each out"),
        ('name = "x"\nwhen = "quota_projected"\nabove = 1\neach = "gateway"', "knows no gateway", "leave each out"),
        ('name = "x"\nwhen = "no_data"\nabove = 1\neach = "provider"', "no_data knows no provider", "leave each out"),
    ],
)
def test_one_line_for_each_mistake(tmp_path: Path, table: str, why: str, remedy: str) -> None:
    """File and rule named, with what to do; the other rules live."""
    text = f'[[alert]]\n{table}\n[[alert]]\nname = "good"\nwhen = "no_data"\nabove = 5\n'
    found = rules_of(text, tmp_path)
    assert [rule.name for rule in found.rules] == ["good"]
    (error,) = found.complaints
    assert error.why.startswith(f"{tmp_path / 'config.toml'}: alert ")
    assert why in error.why
    assert remedy in error.remedy
    assert "\n" not in str(error)


def test_what_can_be_judged_for_each_can_be_read_for_each() -> None:
    """The expressions that are refused are those that read the account as a whole."""
    of = Ground(world(), ACCOUNT, Allowance(), NOW, NOW)
    whole = [name for name, one in EXPRESSIONS.items() if not isinstance(one.read(Rule("r", name, above=1), of), Named)]
    assert sorted(whole) == sorted(ACCOUNT_WIDE)


def test_two_of_one_name_and_no_table(tmp_path: Path) -> None:
    """The first of a name stays; `alert` that is no list of tables leaves no rule."""
    twice = rules_of(f"[[alert]]\n{GOOD}[[alert]]\n{GOOD}", tmp_path)
    assert len(twice.rules) == 1
    assert "another rule of that name" in twice.complaints[0].why
    assert "alert is no table" in rules_of("alert = 3", tmp_path).complaints[0].why


def test_in_the_monitor_a_bad_rule_is_a_fault(tmp_path: Path) -> None:
    """It is shown with its remedy, and nothing else is lost."""
    path = tmp_path / "config.toml"
    path.write_text('[[alert]]\nname = "x"\nwhen = "error_rat"\nabove = 1\n')
    clock = HandClock(NOW)
    feed = demo_feed(load({"config": str(path)}, {}, demo=True), clock, Box(clock))
    (fault,) = feed.look(Scope()).faults
    assert (fault.what, fault.remedy) == ("alert rule left out", "did you mean error_rate?")
    assert "alert 'x'" in fault.why


@pytest.mark.parametrize(
    ("text", "minutes"), [("90s", 1.5), ("15m", 15), ("2h", 120), ("1d", 1440), ("1h30m", 90), ("0s", 0)]
)
def test_spans(text: str, minutes: float) -> None:
    assert span_of(text) == timedelta(minutes=minutes)


@given(st.text(max_size=12) | st.none() | st.integers())
def test_anything_else_is_no_span(text: object) -> None:
    """It is refused by one exception, or it is a span of at most a month."""
    with suppress(ValueError):
        assert timedelta(0) <= span_of(text) <= timedelta(days=31)


words = st.sampled_from([*EXPRESSIONS, "name", "above", "below", "for", "15m", "scope", "warning"]) | st.text(
    max_size=5
)
values = words | st.integers() | st.floats() | st.booleans() | st.lists(words, max_size=2)


@given(st.lists(st.dictionaries(words, values | st.dictionaries(words, values, max_size=2), max_size=6), max_size=4))
def test_any_tables(tables: list[dict[str, object]]) -> None:
    """Each becomes a rule or a complaint; nothing is raised."""
    config = load({}, {})
    object.__setattr__(config, "later", {"alert": tables})
    found = load_rules(config)
    assert len(found.rules) + len(found.complaints) == len(tables)
