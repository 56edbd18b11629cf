"""Alerts in a report: the same words in every format, and never "none" where that is not known."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from html import unescape

import pytest

from aigw_tui.format import clean
from aigw_tui.insight.daily import Report, report
from aigw_tui.insight.firings import Doubt, Firing, Firings
from aigw_tui.insight.quotas import Allowance
from aigw_tui.model import DAY, HOUR, Episode, Scope, Window
from aigw_tui.outlets.report import FORMATS, alertwords, written
from test_hostile import NAMES
from test_report_command import Page
from world import ACCOUNT, NOW, TODAY, empty, scene

MINUTE = timedelta(minutes=1)
DAYS = {"day": Window(TODAY - DAY, TODAY), "today": Window(TODAY, TODAY + DAY), "week": Window(TODAY - DAY * 7, TODAY)}
SECOND = "f" * 32
WHOLE_HOURS = Doubt("errors", ACCOUNT, "acme", 0.0, 1.0, "")


def told(alerts: Firings | None, period: str = "day", scope: Scope | None = None, *, is_empty: bool = False) -> Report:
    """The world's report of yesterday, today or a week with these alerts."""
    snapshot = scene(scope, views=empty() if is_empty else None).snapshot
    found = report(snapshot, {ACCOUNT: Allowance()}, "week" if period == "week" else "day", DAYS[period], alerts)
    return replace(found, quality=found.quality if is_empty else found.quality[:2])


def firing(
    fired: datetime, resolved: datetime | None, wait: timedelta = timedelta(0), severity: str = "warning", **more: str
) -> Firing:
    words = {"rule": "errors", "label": "acme", "condition": "error rate above 5.0 %", **more}
    name, said = words.get("name", ""), words["condition"]
    episode = Episode(words["rule"], ACCOUNT, fired - wait, fired, resolved, severity, 0.25, said, name)
    return Firing(episode, words["label"], "25 %")


@pytest.mark.parametrize(
    ("alerts", "period", "is_empty", "said"),
    [
        (Firings(5), "day", False, "No alerts fired."),
        (Firings(5), "today", False, "No alerts fired so far."),
        (Firings(5, doubts=(WHOLE_HOURS,)), "day", False, "No alert is known to have fired."),
        (Firings(0), "day", False, "No alert rule watches this."),
        (Firings(0, unread=("alert 1: …",)), "day", False, "No alert rule could be read."),
        (Firings(5), "day", True, "Whether an alert fired is not known."),
        (None, "day", False, "Whether an alert fired is not known."),
        (Firings(1, (firing(NOW, None),)), "today", False, "1 alert fired."),
        (Firings(1, (firing(NOW, None, severity="critical"), firing(NOW, None))), "day", True,
         "2 alerts fired, 1 critical."),
    ],
)  # fmt: skip
def test_what_is_said_first(alerts: Firings | None, period: str, is_empty: bool, said: str) -> None:
    """In every format for people; what fired on a day without figures is known all the same."""
    found = told(alerts, period, is_empty=is_empty)
    assert alertwords.verdict(found) == said
    assert said in written(found, "markdown")
    assert said in written(found, "html")
    assert said in written(found, "slack")


@pytest.mark.parametrize(
    ("period", "begin", "wait", "length", "said"),
    [
        ("day", 9.0, 0, 60, "09:00 → 10:00"),
        ("day", 9.0, 15, 60, "08:45, fired 09:00 → 10:00"),
        ("day", 23.0, 0, 60, "23:00 → 24:00"),
        ("day", 23.0, 0, 90, "23:00 → 23 Nov 00:30"),
        ("day", -3.0, 0, 300, "21 Nov 21:00 → 22 Nov 02:00"),
        ("day", 0.0, 15, 60, "21 Nov 23:45, fired 22 Nov 00:00 → 01:00"),
        ("day", 23.0, 0, None, "23:00 → still firing at 24:00"),
        ("today", 33.0, 0, None, "09:00 → still firing"),
        ("week", 9.0, 15, 60, "22 Nov 08:45, fired 09:00 → 10:00"),
        ("week", 23.0, 0, 60, "22 Nov 23:00 → 23 Nov 00:00"),
        ("week", 23.0, 0, None, "22 Nov 23:00 → still firing at 24:00 of 22 Nov"),
    ],
)
def test_when_it_fired(period: str, begin: float, wait: int, length: int | None, said: str) -> None:
    """Hours from yesterday's beginning; the day is named where it is not the report's, and not twice."""
    fired = TODAY - DAY + HOUR * begin
    over = None if length is None else fired + MINUTE * length
    one = firing(fired, over, MINUTE * wait)
    assert alertwords.when(one, told(Firings(1, (one,)), period)) == said


def test_whose_it_is() -> None:
    """The account is named where there are several."""
    found = told(Firings(1, (firing(NOW, None),)))
    assert alertwords.rows(found)[0][0] == "errors: error rate above 5.0 %"
    two = replace(found, labels=((ACCOUNT, "acme"), (SECOND, "beta")))
    when = "23 Nov 14:05 → still firing at 24:00"
    assert alertwords.rows(two)[0] == ("errors, acme: error rate above 5.0 %", "warning", when, "25 %")


def test_doubts_are_a_line_a_rule() -> None:
    """The worst account's, and whose they are; nothing of them where nothing at all was read."""
    spike = Doubt("spike", ACCOUNT, "acme", 0.25, 0.0, "7 days of history are needed, there are 3")
    found = told(Firings(2, doubts=(WHOLE_HOURS, spike)))
    assert [*alertwords.notes(found)] == [
        "“errors”: only whole hours are stored, too coarse for the rule.",
        "“spike”: cannot tell for 25 % of the time: 7 days of history are needed, there are 3.",
    ]
    worse = replace(spike, account=SECOND, label="beta", unknown=1.0)
    two = replace(told(Firings(1, doubts=(spike, worse))), labels=((ACCOUNT, "acme"), (SECOND, "beta")))
    assert [*alertwords.notes(two)] == [
        "“spike” of beta, acme: cannot tell, 7 days of history are needed, there are 3."
    ]
    assert [*alertwords.notes(told(Firings(1, doubts=(spike,)), is_empty=True))] == []


def test_a_narrower_report_says_what_alerts_are_about() -> None:
    narrowed = told(Firings(1), scope=Scope().narrow(gateway="prod"))
    assert [*alertwords.notes(narrowed)] == [
        "Alerts are those of the whole account, whatever this report is narrowed to."
    ]


def test_rules_that_could_not_be_read_are_one_line() -> None:
    """However many there are."""
    found = told(Firings(1, unread=tuple(f"alert {n}: when is missing" for n in range(9))))
    (note,) = alertwords.notes(found)
    assert note.startswith("Not read, so not watched: alert 0: when is missing; alert 1: when is missing; ")
    assert note.endswith("; and 3 more rules.")


def test_many_are_counted() -> None:
    """Fewer in a message; all of them for programs; what Slack takes."""
    many = tuple(firing(NOW - MINUTE * n, None, rule="r" * 48, condition="c" * 99) for n in range(40))
    found = told(Firings(1, many), "today")
    assert written(found, "markdown").count("still firing") == 20
    assert "And 20 more: aigw-tui alerts history lists them." in written(found, "html")
    slack = json.loads(written(found, "slack"))
    assert slack["text"].endswith(", 40 alerts fired")
    texts = [block["text"]["text"] for block in slack["blocks"] if "text" in block]
    assert max(map(len, texts)) < 2_900
    assert sum(text.count("still firing") for text in texts) == 10
    assert "And 30 more" in written(found, "slack")
    assert len(json.loads(written(found, "json"))["alerts"]["fired"]) == 40


@pytest.mark.parametrize("style", ["markdown", "slack", "html"])
def test_one_of_many_is_named(style: str) -> None:
    """Of a rule that is judged for each model."""
    found = told(Firings(2, (firing(NOW, None, name="gpt-5-mini"),)), "today")
    assert "errors [gpt-5-mini]" in unescape(written(found, style).replace("\\[", "[").replace("\\]", "]"))


def test_for_programs() -> None:
    """Times in UTC, null for no end and for what is not known; no list is left out."""
    fired = TODAY - DAY + HOUR * 9
    one = firing(fired, None, MINUTE * 15)
    found = json.loads(written(told(Firings(2, (one,), (WHOLE_HOURS,), ("alert 3: …",))), "json"))["alerts"]
    assert found == {
        "rules": 2,
        "fired": [
            {
                "rule": "errors", "name": None, "account": ACCOUNT, "label": "acme", "severity": "warning",
                "began": "2026-11-22T08:45:00Z", "fired": "2026-11-22T09:00:00Z", "resolved": None,
                "peak": 0.25, "is_estimate": False, "condition": "error rate above 5.0 %", "worst": "25 %",
            }
        ],
        "cannot_tell": [
            {
                "rule": "errors", "account": ACCOUNT, "label": "acme",
                "share": 0.0, "too_coarse_share": 1.0, "why": None,
            }
        ],
        "not_read": ["alert 3: …"],
    }  # fmt: skip
    assert json.loads(written(told(Firings(2)), "json"))["alerts"]["fired"] == []
    assert json.loads(written(told(Firings(2), is_empty=True), "json"))["alerts"]["fired"] is None
    unknown = json.loads(written(told(None), "json"))["alerts"]
    assert unknown == {"rules": None, "fired": None, "cannot_tell": [], "not_read": []}


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", NAMES)
def test_hostile_names(form: str, name: str) -> None:
    """A rule, an account, a condition or a complaint of any text changes no structure, and calls nobody."""

    def made(name: str) -> str:
        alerts = Firings(
            1,
            (firing(NOW, None, rule=name, label=name, condition=name),),
            (Doubt(name, ACCOUNT, name, 0.5, 0.0, name),),
            (name,),
        )
        return written(replace(told(alerts), labels=((ACCOUNT, "acme"), (SECOND, "beta"))), form)

    text, plain = made(name), made("a")
    assert all(c.isprintable() or c in "\n\N{WORD JOINER}" for c in text)
    if form == "html":
        assert Page(text).tags == Page(plain).tags
    elif form == "markdown":
        assert text.count("\n") == plain.count("\n")
        assert "<!channel>" not in text
    else:
        assert [*json.loads(text)] == [*json.loads(plain)]
        assert form == "json" or "<!channel>" not in text


def test_a_critical_one_is_seen() -> None:
    """Its severity has the page's colour of bad news, also in the dark."""
    page = written(told(Firings(1, (firing(NOW, None, severity="critical"),))), "html")
    cell = next(line for line in page.split("<td ") if ">critical<" in line)
    assert cell.startswith('class="cell bad"')
    assert clean("critical") in Page(page).words
