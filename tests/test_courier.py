"""The courier: one message an episode, again after four hours, one at its end; the report once a day; nothing twice."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from account import StillClock
from aigw_tui.config import Config, load
from aigw_tui.courier import Courier, messages, report_message
from aigw_tui.history.episodes import Verdicts
from aigw_tui.history.protocol import StoredRow
from aigw_tui.insight.alerting import Rule
from aigw_tui.model import DAY, HOUR, Episode, Scope, Silences, day_of
from aigw_tui.outlets.notify import Target
from aigw_tui.secret import Secret
from test_alarms import MINUTE, WAITING, Instance
from wire import Reply, Wire, http, serve
from world import NOW

OK = http(b"ok")
RULE = replace(WAITING, to=("team",))
LAST_HOUR = NOW.replace(minute=0) - HOUR


def episode(account: str = "a", fired: timedelta = HOUR, resolved: timedelta | None = None) -> Episode:
    """It fired so long ago; it ended so long ago."""
    over = None if resolved is None else NOW - resolved
    return Episode("errors", account, NOW - fired - MINUTE, NOW - fired, over, "critical", 0.2, "error rate above 5 %")


def kinds(*episodes: Episode) -> list[tuple[str, str]]:
    return [(message.kind, message.title) for _, message in messages(episodes, {"a": "acme"}, NOW)]


def test_one_message_for_an_episode_and_one_for_its_end() -> None:
    """Repeated after four hours; what ended long ago is no news."""
    assert kinds(episode()) == [("firing", "errors fires: acme")]
    assert [kind for kind, _ in kinds(episode(fired=HOUR * 9))] == ["firing", "repeat"]
    assert kinds(episode(resolved=MINUTE)) == [("resolved", "errors is over: acme")]
    assert kinds(episode(fired=DAY * 3, resolved=DAY * 2)) == []


def test_what_fires_together_is_one_message() -> None:
    """Five hundred accounts: one message with some of the names and how many more."""
    found = [message for _, message in messages([episode(f"{n:03}") for n in range(500)], {}, NOW)]
    assert [(one.title, len(one.lines), one.lines[-1]) for one in found] == [
        ("errors fires: 500 accounts", 21, "and 480 more")
    ]


def test_the_same_is_told_by_the_same_id() -> None:
    """Whatever the moment and the order, so that no restart and no second process tells it twice."""
    once = {message.id for _, message in messages([episode("a"), episode("b")], {}, NOW)}
    again = {message.id for _, message in messages([episode("b"), episode("a")], {"b": "B"}, NOW + MINUTE * 7)}
    assert once == again


class Post(Instance):
    """A monitor without a screen, with a target."""

    def __init__(self, path: Path, clock: StillClock, wire: Wire, config: Config, *rules: Rule) -> None:
        super().__init__(path, clock, *rules)
        target = Target("team", "webhook", url=Secret(f"{wire.url}/hook"))
        self.courier = Courier(self.feed, rules, (target,), config)

    async def run(self, seconds: float) -> None:
        end = self.clock.slept + seconds
        while self.clock.slept < end:
            await anext(self.steps)
            await self.courier(self.feed.look(Scope()))


@asynccontextmanager
async def posting(
    tmp_path: Path, *replies: Reply, rule: Rule = RULE, **settings: object
) -> AsyncIterator[tuple[Wire, Post, Post]]:
    """Two of them on one history, in front of a sink."""
    config = replace(load({}, {}, demo=True), **settings)  # type: ignore[arg-type]
    clock, path = StillClock(NOW), tmp_path / "history.sqlite"
    async with serve(*(replies or (OK,))) as wire:
        one, other = (Post(path, clock, wire, config, rule) for _ in range(2))
        yield wire, one, other
        await one.feed.close()
        await other.feed.close()


def told(wire: Wire) -> list[str]:
    return [json.loads(asked.body)["kind"] for asked in wire.asked]


async def test_two_instances_tell_it_once(home: Path, tmp_path: Path) -> None:
    """Firing, still firing after four hours, and its end."""
    async with posting(tmp_path) as (wire, one, other):
        for _ in range(10):
            await one.run(60)
            await other.run(60)
        assert told(wire) == ["firing"]
        await one.run(4 * 3600)
        await other.run(60)
        assert told(wire) == ["firing", "repeat"]


async def test_a_restart_tells_nothing_again(home: Path, tmp_path: Path) -> None:
    """The second begins with the history of the first, while the episode goes on."""
    async with posting(tmp_path) as (wire, one, other):
        await one.run(900)
        await one.feed.close()
        await other.run(900)
        assert told(wire) == ["firing"]


async def test_a_silenced_rule_is_not_told(home: Path, tmp_path: Path) -> None:
    """As long as it is silent."""
    async with posting(tmp_path) as (wire, one, _):
        one.feed.alarms.silence("costly", NOW)
        await one.run(900)
        assert wire.asked == []


async def test_a_target_that_fails_is_shown_until_it_works(home: Path, tmp_path: Path) -> None:
    """A fault with the target's name, never its address; the message comes later."""
    async with posting(tmp_path, http(b"no", 500), http(b"no", 500), OK) as (wire, one, _):
        while not wire.asked:
            await one.run(30)
        (fault,) = [fault for fault in one.feed.look(Scope()).faults if fault.dataset == "delivery"]
        assert fault.what == "message not delivered"
        assert "team" in fault.why
        assert "hook" not in repr(fault)
        (undelivered,) = one.feed.look(Scope()).undelivered
        assert (undelivered.target, undelivered.waiting) == ("team", 1)
        assert undelivered.why == "127.0.0.1 answers 500 (Internal Server Error)"
        assert undelivered.next_at is not None
        assert one.feed.look(Scope()) == one.feed.look(Scope())
        assert "hook" not in repr(undelivered)
        await one.run(1800)
        assert one.feed.look(Scope()).undelivered == ()
        assert not [fault for fault in one.feed.look(Scope()).faults if fault.dataset == "delivery"]
        assert len({json.loads(asked.body)["id"] for asked in wire.asked}) == 1


def called(hour: datetime, names: Iterable[str], errors: int) -> list[StoredRow]:
    """A hundred calls of each model in that hour."""
    tail = (0, 10, 5, 10, 5, 0.5, None, None)
    return [(int(hour.timestamp()), "g", "openai", name, 100, errors, *tail) for name in names]


async def test_five_hundred_models_are_one_message(home: Path, tmp_path: Path) -> None:
    """Over HTTP: one when they fire, one for those that join an hour later, and one at the end of the first."""
    many, more = [f"m{n:03}" for n in range(490)], [f"n{n}" for n in range(10)]
    rule = Rule("errors", "error_rate", above=0.05, min_requests=20, to=("team",), each="model")
    async with posting(tmp_path, rule=rule) as (wire, one, other):
        rows = [*called(LAST_HOUR, many, 50), *called(LAST_HOUR, more, 0)]
        one.account.rows["requests"] = other.account.rows["requests"] = rows
        for _ in range(5):
            await one.run(60)
            await other.run(60)
        (message,) = [json.loads(asked.body) for asked in wire.asked]
        assert message["title"] == "errors fires: 490 models, acme"
        assert (message["lines"][0], message["lines"][-1]) == ("acme, m000: error rate above 5.0 %", "and 470 more")
        rows += [*called(LAST_HOUR + HOUR, many, 0), *called(LAST_HOUR + HOUR, more, 50)]
        one.clock.pass_(50 * 60)
        for _ in range(4):
            await one.run(120)
            await other.run(60)
        found = [json.loads(asked.body) for asked in wire.asked[1:]]
        assert sorted(message["title"] for message in found) == [
            "errors fires: 10 models, acme",
            "errors is over: 490 models, acme",
        ]


async def test_a_silenced_name_is_left_out(home: Path, tmp_path: Path) -> None:
    """The others are told; and it is not told later by a message that was sent without it."""
    rule = Rule("errors", "error_rate", above=0.05, min_requests=20, to=("team",), each="model")
    async with posting(tmp_path, rule=rule) as (wire, one, _):
        one.account.rows["requests"] = called(LAST_HOUR, ("a", "b"), 50)
        one.feed.alarms.silence("errors", NOW, "a")
        await one.run(300)
        one.feed.alarms.silence("errors", NOW, "a")
        await one.run(300)
        (message,) = [json.loads(asked.body) for asked in wire.asked]
        assert message["title"] == "errors [b] fires: acme"
        assert message["lines"] == ["acme, b: error rate above 5.0 %"]


def test_names_of_several_accounts() -> None:
    """How many of both; the same message whoever of them is silenced."""
    found = [replace(episode(account), name=name) for account in ("a", "b") for name in ("x", "y")]
    (rule, message), *more = messages(found, {"a": "acme"}, NOW, {"errors": "model"})
    assert (rule, message.title, more) == ("errors", "errors fires: 2 models, 2 accounts", [])
    silences = Silences({("errors", "x"): NOW + HOUR})
    ((_, other),) = messages(found, {"a": "acme"}, NOW, {"errors": "model"}, silences)
    assert (other.id, len(other.lines)) == (message.id, 2)
    assert [*messages(found, {}, NOW, {}, Silences({("errors", ""): NOW + HOUR}))] == []


async def test_nothing_waits_for_a_name_that_is_no_target(home: Path, tmp_path: Path) -> None:
    """It was told of at the start; the targets that there are get theirs."""
    config = replace(load({}, {}, demo=True), report_at=time(6), report_to=("taem",))
    async with serve(OK) as wire:
        rule = replace(RULE, to=("taem", "team"))
        one = Post(tmp_path / "history.sqlite", StillClock(NOW), wire, config, rule)
        await one.run(900)
        assert (told(wire), one.feed.outbox.waiting()) == (["firing"], ())
        await one.feed.close()


@pytest.mark.parametrize(("at", "count"), [(time(6), 1), (time(14), 1), (time(23), 0)])
async def test_the_report_goes_out_once_a_day(home: Path, tmp_path: Path, at: time, count: int) -> None:
    """From its time of day on, by whoever runs then, to the targets that want it."""
    settings: dict[str, Any] = {"report_at": at, "report_to": ("team",)}
    async with posting(tmp_path, **settings) as (wire, one, other):
        await one.run(200)
        await other.run(200)
        reports = [json.loads(asked.body) for asked in wire.asked if json.loads(asked.body)["kind"] == "report"]
        assert len(reports) == count
        assert all("22 November 2026" in report["title"] for report in reports)


async def test_the_report_tells_what_the_monitor_saw(home: Path, tmp_path: Path) -> None:
    """Its lines and its page name the alert of that day, as it was seen."""
    async with posting(tmp_path, report_at=time(14), report_to=("team",)) as (wire, one, _):
        day = NOW - DAY
        seen = Episode("errors", "a", day, day + MINUTE * 5, day + HOUR, "warning", 0.2, "error rate above 5.0 %")
        one.history.alerts.judge(lambda _: Verdicts({}, (seen,)))
        await one.run(200)
        (report,) = [found for asked in wire.asked if (found := json.loads(asked.body))["kind"] == "report"]
        assert "| errors: error rate above 5.0 % | warning | 14:05, fired 14:10 → 15:05 | 20 % |" in report["lines"]
        message = await report_message(one.feed, Config(), one.feed.look(Scope()), day_of(day))
        assert "14:05, fired 14:10 → 15:05" in (message.html or "")
