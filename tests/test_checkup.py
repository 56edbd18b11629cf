"""Judging: what each finding means, and what many of them mean together."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from aigw_tui.errors import AuthError, ConfigError, CounterError, SchemaError, TransientError
from aigw_tui.format import iso
from aigw_tui.insight import checkalerts, checkcounter, checkdata, checkgateways, checkmachine, checktoken
from aigw_tui.insight.checkdata import Evidence
from aigw_tui.insight.checkup import EXIT_CODES, Check, State, of_error, verdict
from aigw_tui.insight.permissions import beyond_reading, may_edit_gateways
from aigw_tui.insight.watchlist import DEFAULT_RULES
from aigw_tui.model import Count, Gateway, SpendLimit

NOW = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("states", "code"),
    [
        ("", 0),
        ("ok warning", 0),
        ("ok cannot-tell", 0),
        ("ok cannot-tell!", 3),
        ("cannot-tell! fails", 1),
        ("warning! ok", 0),
    ],
)
def test_verdict(states: str, code: int) -> None:
    """A failure beats all; what cannot be told counts where it is essential (!); warnings are allowed."""
    checks = [
        Check("x", State(word.rstrip("!").replace("-", " ")), "", is_essential=word.endswith("!"))
        for word in states.split()
    ]
    assert EXIT_CODES[verdict(checks)] == code


def test_errors_that_pass_say_nothing() -> None:
    """The network's trouble is no answer; a refusal is one."""
    assert of_error("x", TransientError("no route")).state is State.CANNOT_TELL
    assert of_error("x", AuthError("Invalid API Token")).state is State.FAILS


class TestToken:
    @pytest.mark.parametrize(
        ("status", "left", "state", "words"),
        [
            ("active", None, State.OK, "does not expire"),
            ("active", timedelta(days=90), State.OK, "expires in 90 d"),
            ("active", timedelta(days=3), State.WARNING, "expires in 3 d"),
            ("active", timedelta(hours=-2), State.FAILS, "expired 2 h 00 min ago"),
            ("disabled", None, State.FAILS, "disabled"),
        ],
    )
    def test_standing(self, status: str, left: timedelta | None, state: State, words: str) -> None:
        """An end that is near is a warning, one that has come a failure."""
        found = checktoken.standing("user", status, iso(NOW + left) if left is not None else "", NOW)
        assert found.state is state
        assert words in found.words
        assert bool(found.remedy) == (state is not State.OK)

    def test_an_expiry_nobody_can_read(self) -> None:
        """It is shown as it came."""
        assert "expires soon" in checktoken.standing("account", "active", "soon", NOW).words

    def test_beyond_reading(self) -> None:
        """All that is not Read can change or cost something; many are counted."""
        groups = ("Workers AI Read", "AI Gateway Run", "Workers AI Write", "A Write", "B Write", "C Edit")
        assert beyond_reading(groups) == groups[1:]
        assert checktoken.reach(groups).words.endswith("B Write and 1 more")
        assert (may_edit_gateways(groups), may_edit_gateways(("AI Gateway Write",))) == (False, True)


class TestTraffic:
    """Which of the reasons it is that there are no data."""

    @pytest.mark.parametrize(
        ("seen", "state", "words"),
        [
            (Evidence(None), State.CANNOT_TELL, "could not be asked"),
            (Evidence(7, 240.0), State.OK, "7 requests; the newest row is 4 min old"),
            (Evidence(7), State.OK, "7 requests"),
            (Evidence(0, gateways=()), State.WARNING, "none of the gateways that are watched exists"),
            (Evidence(0, gateways=("prod",), logged=0), State.WARNING, "no requests through prod: neither"),
            (Evidence(0, logged=5, logged_recently=5), State.WARNING, "not ingested yet: the request logs have 5"),
            (Evidence(0, logged=5, logged_recently=4), State.FAILS, "a permission is missing"),
            (Evidence(0, logged=5), State.FAILS, "a permission is missing"),
            (Evidence(0, why="they are off"), State.CANNOT_TELL, "they are off"),
        ],
    )
    def test_reasons(self, seen: Evidence, state: State, words: str) -> None:
        """Each is told by its evidence, and has a remedy."""
        found = checkdata.traffic(seen)
        assert found.state is state
        assert words in found.words
        assert bool(found.remedy) == (state is not State.OK)

    def test_what_only_a_panel_needs(self) -> None:
        """A dataset that the account does not have is no failure; rows that cannot be read are told."""
        assert checkdata.answered("x", 0, 0, SchemaError("no such field"), True).state is State.WARNING
        assert checkdata.answered("x", 5, 2, None, True).state is State.WARNING

    def test_missing_measures_are_told_by_reason(self) -> None:
        """Measures that share a reason share a line."""
        found = checkdata.missing("x", (("a", "refused"), ("b", "refused"), ("c", "too many"), ("", "gone")))
        assert [one.words for one in found] == ["a, b: refused", "c: too many", "all of it: gone"]


class TestGateways:
    def test_everything_about_one(self) -> None:
        """Logging, storage, cache, rate and spending, in words."""
        rule = SpendLimit(5.0, 86_400, model="gpt-5-mini")
        gateway = Gateway("prod", 300, True, 60, 60, "sliding", 1000, "STOP_INSERTING", True, (rule,))
        found = checkgateways.settings(gateway, 10)
        assert found.state is State.OK
        assert found.words == (
            "logs are on, 10 of 1,000 rows stored · cached for 5 min · at most 60 requests in 1 min · "
            "may spend $5.00 in 1 d 0 h for gpt-5-mini · authenticated"
        )

    @pytest.mark.parametrize(
        ("gateway", "stored", "remedy"),
        [
            (Gateway("x", cache_ttl_s=300, collects_logs=False), None, "turn on Collect logs"),
            (Gateway("x", cache_ttl_s=0, collects_logs=True), None, "turn on Cache responses"),
            (Gateway("x", collects_logs=True, log_limit=10, log_strategy="STOP_INSERTING"), 10, "delete logs"),
        ],
    )
    def test_what_is_off_or_full(self, gateway: Gateway, stored: int | None, remedy: str) -> None:
        """Each is a warning with its remedy."""
        found = checkgateways.settings(gateway, stored)
        assert found.state is State.WARNING
        assert remedy in found.remedy

    def test_unknown_is_not_off(self) -> None:
        """Settings that Cloudflare does not say are neither good nor bad."""
        assert checkgateways.settings(Gateway("x"), None).state is State.OK

    def test_globs(self) -> None:
        """A glob that matches one is no wrong name."""
        assert list(checkgateways.exist(("prod-*",), ("prod-api",))) == []
        assert [one.state for one in checkgateways.exist(("dev-*",), ("prod-api",))] == [State.FAILS]

    @pytest.mark.parametrize(("seconds", "words"), [(0.5, "agrees"), (-45, "within"), (600, "behind"), (-600, "ahead")])
    def test_skew(self, seconds: float, words: str) -> None:
        """More than a minute matters."""
        found = checkgateways.skew(seconds)
        assert words in found.words
        assert (found.state is State.WARNING) == (abs(seconds) > 60)


class TestCounter:
    """A Worker's own counter: same day, same limit."""

    GOOD = Count(NOW, NOW.date(), 7214.5, 10_000.0, resets_at=datetime(2026, 11, 24, tzinfo=UTC))

    def test_it_agrees(self) -> None:
        """One line with what it says; a limit that it does not name is no other limit."""
        (found,) = checkcounter.counted(self.GOOD, 10_000, NOW)
        assert (found.state, found.words) == (State.OK, "answers: 7,214 neurons of 10,000 on 23 Nov")
        (found,) = checkcounter.counted(Count(NOW, NOW.date(), 7.0), 10_000, NOW)
        assert found.words == "answers: 7 neurons on 23 Nov; it names no limit"

    @pytest.mark.parametrize(
        ("limit", "words"),
        [
            (9_500.0, "9,500 neurons a day, and neuron_limit is 10,000: it stops 500 early"),
            (12_000.0, "12,000 neurons a day, and neuron_limit is 10,000: it goes on beyond that"),
        ],
    )
    def test_another_limit(self, limit: float, words: str) -> None:
        """Which of them ends first is told."""
        _, found = checkcounter.counted(replace(self.GOOD, limit=limit), 10_000, NOW)
        assert (found.name, found.state, found.words) == ("Worker's limit", State.WARNING, words)
        assert found.remedy

    @pytest.mark.parametrize(
        ("count", "words"),
        [
            (replace(GOOD, day=date(2026, 11, 22)), "it counts 22 Nov, and today is 23 Nov (UTC)"),
            (replace(GOOD, resets_at=datetime(2026, 11, 24, 5, tzinfo=UTC)), "it begins anew at 05:00 UTC"),
        ],
    )
    def test_another_day(self, count: Count, words: str) -> None:
        """Also one that only looks the same now."""
        _, found = checkcounter.counted(count, 10_000, NOW)
        assert (found.name, found.state, found.words) == ("Worker's day", State.WARNING, words)
        assert "00:00 UTC" in found.remedy

    @pytest.mark.parametrize("seconds", [-59, -1, 0, 59])
    def test_around_midnight(self, seconds: int) -> None:
        """Clocks that differ by seconds see another day for seconds."""
        now = datetime(2026, 11, 24, tzinfo=UTC) + timedelta(seconds=seconds)
        for day in (date(2026, 11, 23), date(2026, 11, 24)):
            assert len([*checkcounter.counted(replace(self.GOOD, day=day), 10_000, now)]) == 1

    def test_no_answer(self) -> None:
        """The network's trouble says nothing about the Worker; a refusal, or nonsense, does."""
        assert checkcounter.failed(CounterError("no route", is_passing=True)).state is State.CANNOT_TELL
        assert checkcounter.failed(CounterError("HTTP 401")).state is State.FAILS


class TestAlerts:
    """Rules and those whom they tell."""

    def test_rules(self) -> None:
        """The first ones by name; an empty list watches nothing."""
        words = checkalerts.watched(DEFAULT_RULES, is_own=False).words
        assert words == "neurons used, neurons projected, errors and 2 more (built in)"
        assert checkalerts.watched((), is_own=True).words == "none: nothing is watched"

    def test_a_target_that_nobody_names(self) -> None:
        """Is a warning: whoever wrote it expects messages."""
        found = checkalerts.target("team", "slack", ["errors"], has_report=True)
        assert found.state is State.OK
        assert found.words == "slack, for alert errors, the report; nothing was sent: aigw-tui alerts test does that"
        found = checkalerts.target("team", "slack", [], has_report=False)
        assert found.state is State.WARNING
        assert 'to = ["team"]' in found.remedy

    def test_a_bad_target(self) -> None:
        """Fails, and says how to try it once it is corrected."""
        found = checkalerts.bad_target("team", ConfigError("no url", "add url = …"))
        assert (found.name, found.state) == ("target team", State.FAILS)
        assert found.remedy == "add url = …, then try it: aigw-tui alerts test"


class TestMachine:
    @pytest.mark.parametrize(
        ("columns", "rows", "state"), [(80, 24, State.OK), (200, 23, State.WARNING), (79, 60, State.WARNING)]
    )
    def test_size(self, columns: int, rows: int, state: State) -> None:
        """Both directions count."""
        assert checkmachine.size(columns, rows, is_terminal=True).state is state

    @pytest.mark.parametrize(
        ("term", "depth", "words"),
        [
            ("xterm", "24-bit", "16 million"),
            ("xterm-256color", "256", "256"),
            ("xterm", "16", "16 "),
            ("", "16", "not set"),
        ],
    )
    def test_colors(self, term: str, depth: str, words: str) -> None:
        """How many there are, and what to do about few."""
        assert words in checkmachine.colors(term, depth, is_off=False).words

    @pytest.mark.parametrize(("name", "state"), [("utf-8", State.OK), ("UTF8", State.OK), ("latin-1", State.WARNING)])
    def test_encoding(self, name: str, state: State) -> None:
        """Only UTF-8 has the glyphs."""
        assert checkmachine.encoding(name).state is state

    def test_a_lease_that_ran_out(self) -> None:
        """Nobody asks; one that lasts names until when."""
        made, until = NOW - timedelta(minutes=5), NOW - timedelta(minutes=3)
        assert "nobody" in checkmachine.lease("a", made, until, NOW).words
        assert "14:06:00" in checkmachine.lease("a", made, NOW + timedelta(minutes=1), NOW).words

    def test_a_newer_file(self) -> None:
        """It is only read, and the remedy is an update."""
        assert checkmachine.database("x", 10, 9, 3, "").remedy == "update aigw-tui"
