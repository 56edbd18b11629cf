"""Delivery: over HTTP on loopback to targets that answer well, badly and not at all; once; given up after a day."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import sys
import traceback
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from aigw_tui import log
from aigw_tui.errors import AigwError, BadDataError, ConfigError, LocalError, TransientError
from aigw_tui.history import open_history
from aigw_tui.history.outbox import Outbox
from aigw_tui.history.sqlite import SqliteHistory
from aigw_tui.outlets import notify
from aigw_tui.outlets.notify import Outcome, Target, posting
from aigw_tui.outlets.notify.channels import channel_of
from aigw_tui.outlets.notify.delivery import GIVEN_UP_AFTER, MOST_AT_ONCE
from aigw_tui.secret import Secret
from messages import FIRED, HOOK, at, numbered
from wire import NOW, BentClock, Reply, http, serve

OK = http(b"ok")
REDIRECT = http(b"", 301, Location="https://elsewhere.example/canary-hook-4b1d9e7702")


async def hangs(_: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


def echo(body: bytes, status: int) -> bytes:
    """An answer that quotes the secret path."""
    return http(body + HOOK.encode(), status)


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[SqliteHistory, SqliteHistory]]:
    """The same file, opened twice."""
    path = tmp_path / "history.sqlite"
    found = open_history(path, "https://x", NOW).history, open_history(path, "https://x", NOW).history
    yield found
    for history in found:
        history.close()


@pytest.fixture
def outbox(two: tuple[SqliteHistory, SqliteHistory]) -> Outbox:
    return two[0].outbox


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def plain(outcomes: tuple[Outcome, ...]) -> list[tuple[str, str]]:
    return [(outcome.id, outcome.state) for outcome in outcomes]


async def test_a_message_arrives_once(outbox: Outbox) -> None:
    """The documented JSON, with its id in the header and in the body; then nothing waits and nothing is sent again."""
    clock = BentClock()
    async with serve(OK) as wire:
        targets = [at(f"{wire.url}/{HOOK}?a=b%20c")]
        notify.post(outbox, ["team"], FIRED, NOW)
        first, second = [await notify.deliver(outbox, targets, clock) for _ in range(2)]
    assert (plain(first), second) == ([(FIRED.id, "delivered")], ())
    (asked,) = wire.asked
    assert (asked.method, asked.path) == ("POST", f"/client/v4/{HOOK}?a=b%20c")
    assert (asked.headers["content-type"], asked.headers["idempotency-key"]) == ("application/json", FIRED.id)
    assert json.loads(asked.body) == {
        "schema": "aigw-tui.message/1",
        "id": "errors.prod.20261123T140500",
        "kind": "firing",
        "severity": "warning",
        "at": "2026-11-23T14:05:00Z",
        "title": "errors on prod at 7.2 %",
        "lines": ["7.2 % of 1,204 requests failed in the last 15 min.", "Most of them: 429 from workers-ai."],
        "facts": [{"name": "gateway", "value": "prod"}, {"name": "since", "value": "14:05 UTC"}],
    }
    assert outbox.waiting() == ()


@pytest.mark.parametrize(
    ("reply", "kind", "words"),
    [
        (REDIRECT, BadDataError, "redirect to elsewhere.example, which is not followed"),
        (echo(b"no such hook ", 400), ConfigError, "answers 400 (Bad Request)"),
        (echo(b"gone ", 410), ConfigError, "answers 410 (Gone)"),
        (echo(b"", 429), TransientError, "answers 429 (Too Many Requests)"),
        (echo(b"", 500), TransientError, "answers 500 (Internal Server Error)"),
        (echo(b"", 599), TransientError, "answers 599"),
        (b"", TransientError, "broke before"),
        (hangs, TransientError, "in time"),
    ],
)
@pytest.mark.parametrize("kind_of_target", ["webhook", "slack", "discord", "ntfy"])
async def test_each_bad_answer_has_its_words(
    kind_of_target: str, reply: Reply, kind: type[AigwError], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of every kind of target; neither the words nor the exception hold the URL."""
    if reply is hangs:
        monkeypatch.setattr(posting, "DEADLINE_S", 0.05)
    async with serve(reply) as wire:
        target = at(f"{wire.url}/{HOOK}", kind_of_target)
        with pytest.raises(AigwError) as caught:
            await channel_of(kind_of_target).send(target, FIRED)
    error = caught.value
    assert type(error) is kind
    assert words in error.why
    assert len(wire.asked) == 1
    seen = "".join(traceback.format_exception(error)) + repr(vars(error)) + repr(target)
    assert HOOK not in seen
    assert error.__context__ is None or HOOK not in repr(vars(error.__context__))


async def test_a_busy_target_is_left_alone(outbox: Outbox) -> None:
    """For as long as it asks, with all that waits for it; then all arrives in order."""
    clock = BentClock()
    async with serve(http(b"", 429, Retry_After="120"), OK) as wire:
        targets = [at(wire.url)]
        for number in range(3):
            notify.post(outbox, ["team"], numbered(number), NOW + timedelta(seconds=number))
        clock.advance(10)
        (first,) = await notify.deliver(outbox, targets, clock)
        clock.advance(119)
        assert await notify.deliver(outbox, targets, clock) == ()
        clock.advance(1)
        then = await notify.deliver(outbox, targets, clock)
    assert (first.state, first.next_at) == ("retry", NOW + timedelta(seconds=130))
    assert plain(then) == [(f"m{number:05}", "delivered") for number in range(3)]
    assert [json.loads(asked.body)["id"] for asked in wire.asked] == ["m00000", "m00000", "m00001", "m00002"]


async def test_a_refused_message_lets_others_pass(outbox: Outbox) -> None:
    """What one message is answered with 400 says nothing of the next."""
    async with serve(http(b"", 400), OK) as wire:
        for number in range(2):
            notify.post(outbox, ["team"], numbered(number), NOW)
        outcomes = await notify.deliver(outbox, [at(wire.url)], BentClock())
    assert plain(outcomes) == [("m00000", "retry"), ("m00001", "delivered")]
    assert outcomes[0].remedy == "check the url of [target.team]"


async def test_pauses_grow_and_end(outbox: Outbox) -> None:
    """15 s, doubled up to 15 min, and after 24 h it is given up, which is said and stays to be read."""
    clock, pauses = BentClock(), list[float]()
    notify.post(outbox, ["team"], FIRED, NOW)
    async with serve(http(b"", 500)) as wire:
        while True:
            (outcome,) = await notify.deliver(outbox, [at(wire.url)], clock)
            if outcome.next_at is None:
                break
            pauses.append((outcome.next_at - clock.now()).total_seconds())
            clock.advance(pauses[-1])
        assert pauses[:8] == [15, 30, 60, 120, 240, 480, 900, 900]
        assert set(pauses[6:]) == {900}
        assert (outcome.state, outcome.why) == ("given up", "127.0.0.1 answers 500 (Internal Server Error)")
        assert timedelta(0) <= NOW + GIVEN_UP_AFTER - clock.now() <= timedelta(minutes=15)
        assert [row.failure for row in outbox.given_up()] == [outcome.why]
        clock.advance(86_400)
        assert await notify.deliver(outbox, [at(wire.url)], clock) == ()
    assert len(wire.asked) == len(pauses) + 1


async def test_what_waited_too_long_is_not_sent(outbox: Outbox, caplog: pytest.LogCaptureFixture) -> None:
    """The program was off for a day, or nobody knows the target: it is given up and said, not told as news."""
    notify.post(outbox, ["team", "gone"], FIRED, NOW - timedelta(hours=24))
    async with serve(OK) as wire:
        outcomes = await notify.deliver(outbox, [at(wire.url)], BentClock())
    assert [(outcome.target, outcome.state) for outcome in outcomes] == [("gone", "given up"), ("team", "given up")]
    assert wire.asked == []
    assert len([record for record in caplog.records if "given up" in record.message]) == 2


async def test_two_processes_send_once(two: tuple[SqliteHistory, SqliteHistory]) -> None:
    """Both post the same messages and both deliver, at the same time: each message is sent by one of them."""
    clock, ids = BentClock(), [f"m{number:05}" for number in range(10)]
    async with serve(OK) as wire:
        targets = [at(wire.url)]
        for history in two:
            for number in range(10):
                notify.post(history.outbox, ["team"], numbered(number), NOW)
        found = await asyncio.gather(*(notify.deliver(history.outbox, targets, clock) for history in two))
        rest = [await notify.deliver(history.outbox, targets, clock) for history in two]
    assert sorted(outcome.id for outcomes in found for outcome in outcomes) == ids
    assert sorted(json.loads(asked.body)["id"] for asked in wire.asked) == ids
    assert rest == [(), ()]


RIVAL = """
import asyncio, sys
from pathlib import Path
from aigw_tui.clock import SystemClock
from aigw_tui.history import open_history
from aigw_tui.outlets import notify
sys.path.insert(0, sys.argv[3])
from messages import at, numbered

async def rival():
    clock, count = SystemClock(), 0
    outbox = open_history(Path(sys.argv[1]), "https://x", clock.now()).history.outbox
    for number in range(40):
        notify.post(outbox, ["team"], numbered(number), clock.now())
    while outbox.waiting():
        count += len(await notify.deliver(outbox, [at(sys.argv[2])], clock))
    print(count)

asyncio.run(rival())
"""


async def test_real_processes_send_once(tmp_path: Path) -> None:
    """Three of them, on one file, with the same forty messages."""
    async with serve(OK) as wire:
        words = [sys.executable, "-c", RIVAL, str(tmp_path / "history.sqlite"), wire.url, str(Path(__file__).parent)]
        rivals = [await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.PIPE) for _ in range(3)]
        counts = [int((await rival.communicate())[0]) for rival in rivals]
    assert sum(counts) == 40
    assert sorted(json.loads(asked.body)["id"] for asked in wire.asked) == [f"m{number:05}" for number in range(40)]


async def test_targets_do_not_wait_for_each_other(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that hangs costs its own deadline; what waits for another has arrived by then."""
    monkeypatch.setattr(posting, "DEADLINE_S", 0.2)
    async with serve(hangs) as bad, serve(OK) as good:
        for number in range(5):
            notify.post(outbox, ["bad", "good"], numbered(number), NOW)
        targets = [at(bad.url, name="bad"), at(good.url, name="good")]
        outcomes = await notify.deliver(outbox, targets, BentClock())
    assert [outcome.state for outcome in outcomes] == ["retry", *["delivered"] * 5]
    assert len(bad.asked) == 1


async def test_a_flood_is_let_out_in_parts(outbox: Outbox) -> None:
    """One call sends a bounded number to a target."""
    async with serve(OK) as wire:
        for number in range(MOST_AT_ONCE + 5):
            notify.post(outbox, ["team"], numbered(number), NOW)
        counts = [len(await notify.deliver(outbox, [at(wire.url)], BentClock())) for _ in range(3)]
    assert counts == [MOST_AT_ONCE, 5, 0]


async def test_a_damaged_message(two: tuple[SqliteHistory, SqliteHistory]) -> None:
    """It is given up; those behind it arrive."""
    notify.post(two[0].outbox, ["team"], FIRED, NOW)
    notify.post(two[0].outbox, ["team"], numbered(1), NOW)
    two[0]._db.execute("UPDATE outbox SET message = substr(message, 9) WHERE id = ?", (FIRED.id,))
    async with serve(OK) as wire:
        outcomes = await notify.deliver(two[0].outbox, [at(wire.url)], BentClock())
    assert plain(outcomes) == [(FIRED.id, "given up"), ("m00001", "delivered")]


async def test_a_disk_that_refuses(two: tuple[SqliteHistory, SqliteHistory]) -> None:
    """It is the caller's to know."""
    two[0]._db.execute("DROP TABLE outbox")
    with pytest.raises(LocalError):
        await notify.deliver(two[0].outbox, [at("http://127.0.0.1:1")], BentClock())


async def test_a_test(outbox: Outbox) -> None:
    """Every target is tried at once, past the outbox; what fails says why and is not tried again."""
    async with serve(OK) as good, serve(http(b"", 404)) as bad:
        targets = [at(good.url, name="good"), at(bad.url, name="bad")]
        outcomes = await notify.deliver_test(targets, BentClock())
    assert [(one.target, one.state, one.why) for one in outcomes] == [
        ("good", "delivered", ""),
        ("bad", "given up", "127.0.0.1 answers 404 (Not Found)"),
    ]
    assert json.loads(good.asked[0].body)["kind"] == "test"
    assert outbox.waiting() == ()


@pytest.mark.parametrize(
    "url", ["http://example.com/x", "ftp://127.0.0.1/x", "https:///x", "nonsense", "https://[::1", ""]
)
async def test_a_url_that_a_command_prints_is_checked(url: str) -> None:
    """https, or http on loopback: else nothing is sent, and the URL is not quoted."""
    target = Target("team", "webhook", url=lambda: Secret(url))
    with pytest.raises(ConfigError) as caught:
        await channel_of("webhook").send(target, FIRED)
    assert not url or url not in str(caught.value)


async def test_a_canary_is_seen_nowhere(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The URL of a webhook is in no log (at any level), outcome, or byte of the store, however it is answered."""
    caplog.set_level(logging.DEBUG)
    log.start(tmp_path / "log" / "x.log", verbosity=2)
    clock, outcomes, asked = BentClock(), list[Outcome](), 0
    history = open_history(tmp_path / "history.sqlite", "https://x", NOW).history
    for number, reply in enumerate((OK, REDIRECT, echo(b"", 400), echo(b"", 429), echo(b"", 500), b"")):
        async with serve(reply) as wire:
            notify.post(history.outbox, ["team"], numbered(number), clock.now())
            outcomes += await notify.deliver(history.outbox, [at(f"{wire.url}/{HOOK}")], clock)
            clock.advance(3_600)
            asked += len(wire.asked)
    history.close()
    assert asked > 5
    written = everything_in(tmp_path)
    assert b"has not reached team" in written
    everything = written + repr(outcomes).encode() + caplog.text.encode()
    assert not re.search(HOOK.encode(), everything)
