"""The words of `--plain`: whole, true, and without marks that a voice stumbles over."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from accounts import account_id, burned, histories
from aigw_tui.insight.summary import summary_of
from aigw_tui.model import Alert, Fault, Freshness, Period, Phase, Progress, Quota, Scope, Snapshot, State, Window
from aigw_tui.model.time import period_of
from aigw_tui.outlets.spoken import Said, all_said, aloud
from aigw_tui.outlets.teller import Teller
from world import (
    ACCOUNT,
    COST_QUOTA,
    LLAMA,
    NEURON_QUOTA,
    NOW,
    TODAY,
    empty,
    recorded,
    recorded_sampled,
    request_row,
    scene,
)

LIVE = Freshness(State.LIVE, NOW)


def look(scope: Scope | None = None, **more: object) -> Snapshot:
    return scene(scope, **more).snapshot  # type: ignore[arg-type]


def said(snapshot: Snapshot, freshness: Freshness = LIVE) -> dict[str, Said]:
    return {one.subject[0]: one for one in all_said(snapshot, freshness, summary_of(snapshot))}


def test_the_whole_account() -> None:
    """Account, window, neurons with limit and pace, requests, errors, cache, cost and the busiest models."""
    assert [one.text for one in said(look()).values()] == [
        "acme, all gateways, today, 23 November 2026",
        "live, last answer 14:05 UTC",
        "7,214 of 10,000 neurons (72 %), runs out 19:10 to 21:40 UTC",
        "1,204 requests, 14 errors (1.2 %), 34 % from the cache",
        "cost $1.23 of $5.00 a day, $1.90 to $2.40 by midnight",
        "busiest: llama-3.3-70b-instruct-fp8-fast 650 requests, gpt-5-mini 198 requests, bge-base-en-v1.5 161 requests",
    ]


def test_a_part_of_it() -> None:
    """Neurons stay the account's, and say so; the part's own are an estimate."""
    found = said(look(Scope().narrow(gateway="batch")))
    assert found["where"].text == "acme, batch, today, 23 November 2026"
    assert found["neurons"].text.startswith("7,214 of 10,000 neurons of the whole account (72 %), ")
    assert ", about " in found["requests"].text
    assert found["requests"].text.endswith(" neurons")
    assert found["cost"].text.startswith("cost $")
    assert "a day" not in found["cost"].text


def test_list_prices_are_not_owed() -> None:
    """Of models of Workers AI alone."""
    found = said(look(Scope().narrow(provider="workers-ai", model=LLAMA)))
    assert found["cost"].text == "nothing is owed; list price of Workers AI $0.04"


def test_unknown_is_said_as_unknown() -> None:
    """Never as 0: nothing read, nothing counted, nothing priced."""
    found = said(look(views=empty(), quotas=()))
    assert found["neurons"].text == "neurons are not counted yet"
    assert found["requests"].text == "requests were not read yet"
    assert found["cost"].text == "cost is unknown"
    assert said(look(views=empty("requests"), quotas=()))["requests"].text == "no requests yet"
    unpriced = said(look(views=recorded([request_row(9, cost=None)]), quotas=()))
    assert unpriced["cost"].text == "cost is unknown; 1 model without a price"
    no_hits = said(look(views=recorded([(*request_row(9)[:6], None, *request_row(9)[7:])]), quotas=()))
    assert no_hits["requests"].text == "10 requests, no errors, cache hits unknown"


def test_what_is_not_counted_yet() -> None:
    """An estimate stands beside what is measured, and the share is of both."""
    quota = replace(NEURON_QUOTA, nowcast=527.0)
    text = said(look(quotas=(quota,)))["neurons"].text
    assert text == "7,214 of 10,000 neurons, about 527 more not counted yet (77 %), runs out 19:10 to 21:40 UTC"


@pytest.mark.parametrize(
    ("quota", "end"),
    [
        (replace(NEURON_QUOTA, pace=None), "no verdict yet"),
        (replace(NEURON_QUOTA, pace=replace(NEURON_QUOTA.pace, runs_out=None)), "lasts to 00:00 UTC"),  # type: ignore[type-var]
        (replace(NEURON_QUOTA, used=10_400.0), "used up"),
    ],
)
def test_every_end(quota: Quota, end: str) -> None:
    """In the words of the screen, without its marks."""
    assert said(look(quotas=(quota,)))["neurons"].text.endswith(f", {end}")


def test_a_sample_is_about() -> None:
    """Counts of a sample are not told as if they had been counted."""
    text = said(look(views=recorded_sampled(requests=[request_row(9)]), quotas=()))["requests"].text
    assert text.startswith("about 10 requests, ")


def test_several_accounts() -> None:
    """The one that is worst off, by its name."""
    one, two = account_id(1), account_id(2)
    views = histories(requests=[(one, request_row(9)), (two, request_row(9))])
    quotas = (burned(one, 9_100.0), replace(COST_QUOTA, account=one, used=1.0), burned(two, 4_000.0))
    snapshot = replace(look(views=views, quotas=quotas), labels=((one, "acme"), (two, "globex")))
    found = said(replace(snapshot, faults=(Fault("AuthError", "token refused", "401", "another", NOW, two),)))
    assert found["where"].text.startswith("2 accounts, all gateways, today")
    assert found["neurons"].text.startswith("acme, the worst off: 9,100 of 10,000 neurons (91 %), ")
    assert found["fault"].text == "problem: globex: token refused: 401; to do: another"


@pytest.mark.parametrize(
    ("period", "words"),
    [
        (Period("7 d", days=7), "the last 7 days"),
        (Period("24 h", hours=24), "the last 24 hours"),
        (Period("1 h", hours=1), "this hour"),
        (period_of(Window(TODAY, NOW)), "23 November 00:00 to 23 November 14:05"),
    ],
)
def test_windows(period: Period, words: str) -> None:
    assert said(look(Scope(period)))["where"].text == f"acme, all gateways, {words}, 23 November 2026"


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ("▲ runs out 19:10–21:40 UTC", "runs out 19:10 to 21:40 UTC"),
        ("▲ runs out 24 Nov–26 Nov", "runs out 24 Nov to 26 Nov"),
        ("✓ lasts", "lasts"),
        ("–", "unknown"),
        ("<0.1 %", "less than 0.1 %"),
        ("$1.20–$2.40", "$1.20 to $2.40"),
    ],
)
def test_marks_become_words(written: str, heard: str) -> None:
    assert aloud(written) == heard


def test_hostile_names() -> None:
    """Whatever an account or a rule is called, a line stays one line of what can be printed."""
    evil = "a\x1b[31m\nb\u202e"
    alert = Alert(evil, ACCOUNT, "critical", Phase.FIRING, "words", 0.9, "90 %", NOW)
    snapshot = replace(look(), labels=((ACCOUNT, evil), ("b", evil)), alerts=(alert,))
    for one in said(snapshot).values():
        assert one.text.isprintable()


ALERT = Alert("errors", ACCOUNT, "warning", Phase.FIRING, "error rate above 5.0 %", 0.07, "7.0 %", NOW)
FAULT = Fault("TransientError", "out of reach", "a timeout", "wait", NOW)


class TestTeller:
    """What is told when."""

    def tell(self, teller: Teller, snapshot: Snapshot, minutes: float, freshness: Freshness = LIVE) -> list[str]:
        moved = replace(snapshot, now=NOW + timedelta(minutes=minutes))
        return [told.text for told in teller.look(moved, freshness)]

    def test_at_first_all_then_what_changes(self) -> None:
        """The time stands before the first line of the opening, and before each line after it."""
        teller = Teller()
        lines = self.tell(teller, look(), 0)
        assert lines[0] == "14:05 UTC: acme, all gateways, today, 23 November 2026"
        assert lines[1] == "live, last answer 14:05 UTC"
        assert self.tell(teller, look(), 1) == []
        moved = replace(look(quotas=(replace(NEURON_QUOTA, used=8_000.0), COST_QUOTA)), revision=2)
        assert self.tell(teller, moved, 2) == ["14:07 UTC: 8,000 of 10,000 neurons (80 %), runs out 19:10 to 21:40 UTC"]

    def test_names_of_one_rule_are_one_line(self) -> None:
        """Some of them and how many more; said again when it fires for others, and over with the last."""
        teller = Teller()
        self.tell(teller, look(), 0)
        fires = tuple(replace(ALERT, name=name, each="model") for name in ("a", "b", "c", "d", "e"))
        said = self.tell(teller, replace(look(), alerts=fires), 1)
        assert said == ["14:06 UTC: warning alert errors, a 7.0 %, b 7.0 %, c 7.0 % and 2 more: error rate above 5.0 %"]
        assert self.tell(teller, replace(look(), alerts=fires), 2) == []
        said = self.tell(teller, replace(look(), alerts=fires[:1]), 3)
        assert said == ["14:08 UTC: warning alert errors, a 7.0 %: error rate above 5.0 %"]
        assert self.tell(teller, look(), 4) == ["14:09 UTC: alert errors is over"]

    def test_figures_wait_and_are_not_lost(self) -> None:
        """They are told once a minute; what was held back is told at the next look, even if nothing moves any more."""
        teller = Teller()
        self.tell(teller, look(), 0)
        moved = replace(look(quotas=(replace(NEURON_QUOTA, used=8_000.0), COST_QUOTA)), revision=2)
        assert self.tell(teller, moved, 0.2) == []
        assert len(self.tell(teller, moved, 1)) == 1
        assert self.tell(teller, moved, 2) == []

    def test_alerts_and_faults_do_not_wait(self) -> None:
        """They are told at once, and when they are over; silenced ones never, and their figures not again."""
        teller = Teller()
        self.tell(teller, look(), 0)
        firing = replace(look(), alerts=(ALERT,), faults=(FAULT,))
        assert self.tell(teller, firing, 0.1) == [
            "14:05 UTC: warning alert errors: 7.0 %; error rate above 5.0 %, since 14:05 UTC",
            "14:05 UTC: problem: out of reach: a timeout; to do: wait",
        ]
        assert self.tell(teller, replace(firing, alerts=(replace(ALERT, figure="8.0 %"),)), 0.2) == []
        over = replace(look(), alerts=(replace(ALERT, phase=Phase.INACTIVE),))
        assert self.tell(teller, over, 0.3) == [
            "14:05 UTC: alert errors is over", "14:05 UTC: over: out of reach", "14:05 UTC: no alert fires"
        ]  # fmt: skip
        silenced = replace(look(), alerts=(replace(ALERT, silenced_until=NOW),))
        assert self.tell(Teller(), silenced, 0)[-1] == "no alert fires"

    def test_before_the_first_answer(self) -> None:
        """One line, so that nobody listens to nothing; figures come all at once."""
        teller, starting = Teller(), Freshness()
        nothing = look(views=empty(), quotas=())
        assert self.tell(teller, nothing, 0, starting) == ["14:05 UTC: starting; figures come with the first answer"]
        assert self.tell(teller, nothing, 1, starting) == []
        assert self.tell(teller, look(), 2)[0].startswith("14:07 UTC: acme")

    def test_what_history_holds_is_told_at_once(self) -> None:
        """With the time of its last answer."""
        lines = self.tell(Teller(), look(), 0, Freshness(State.STARTING, NOW - timedelta(hours=2)))
        assert lines[1] == "starting, last answer 12:05 UTC"

    def test_stale_and_live_again(self) -> None:
        """Each is told when it begins."""
        teller = Teller()
        self.tell(teller, look(), 0)
        stale = Freshness(State.STALE, NOW, is_stale=True)
        assert self.tell(teller, look(), 6, stale) == ["14:11 UTC: stale, last answer 14:05 UTC"]
        assert self.tell(teller, look(), 7, stale) == []
        assert self.tell(teller, look(), 8) == ["14:13 UTC: live, last answer 14:05 UTC"]

    def test_the_past(self) -> None:
        """Where it begins and where it ends, not each step."""
        teller = Teller()
        self.tell(teller, look(), 0)
        for done, lines in ((1, ["14:05 UTC: reading the past"]), (2, [])):
            reading = replace(LIVE, progress=Progress(done, 9, TODAY))
            assert self.tell(teller, look(), 0.1, reading) == lines
        assert self.tell(teller, look(), 0.2) == ["14:05 UTC: the past is read"]

    def test_a_heartbeat(self) -> None:
        """Ten minutes after the last line, and again ten minutes after that."""
        teller = Teller()
        self.tell(teller, look(), 0)
        told = [self.tell(teller, look(), minute) for minute in range(1, 25)]
        beats = [lines for lines in told if lines]
        assert beats == [[f"14:{minute} UTC: no change; live, last answer 14:05 UTC"] for minute in (15, 25)]

    def test_the_day_turns(self) -> None:
        """The new date is told."""
        teller = Teller()
        self.tell(teller, look(), 0)
        assert "00:05 UTC: acme, all gateways, today, 24 November 2026" in self.tell(
            teller, replace(look(), hour=None), 600
        )
