"""A Worker's own counter: what it says is read with suspicion, and what it is told is its own token alone."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aigw_tui.cloudflare.counter import WorkerCounter, count_of
from aigw_tui.config import load
from aigw_tui.errors import ConfigError, CounterError
from aigw_tui.history import open_history
from aigw_tui.history.sqlite import SqliteHistory
from aigw_tui.model import DAY, Count, Window
from aigw_tui.secret import Secret
from wire import CANARY, NOW, BentClock, Wire, answered, http, serve

WORKER_TOKEN = "worker-canary-that-must-never-be-seen-0123456789"
SAID = {
    "date": "2026-11-23",
    "neuronsUsed": 7214.5,
    "neuronsLimit": 9500,
    "neuronsRemaining": 2285.5,
    "isExceeded": False,
    "resetAt": "2026-11-24T00:00:00.000Z",
    "inferenceCount": 1443,
}
COUNT = Count(NOW, NOW.date(), 7214.5, 9500.0, 1443, 2285.5, False, (NOW + DAY).replace(hour=0, minute=0))


def read(said: Any, fields: Mapping[str, str] | None = None) -> Count:
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    return count_of(answered(body), fields or {}, NOW)


def tried(said: Any) -> Count | str:
    """The count, or the reason why there is none."""
    try:
        return read(said)
    except CounterError as error:
        return error.why


def why(said: Any, fields: Mapping[str, str] | None = None) -> str:
    with pytest.raises(CounterError) as caught:
        read(said, fields)
    assert caught.value.remedy
    return caught.value.why


class TestShapes:
    """What it may look like."""

    @pytest.mark.parametrize("said", [SAID, {"success": True, "quota": SAID}])
    def test_both(self, said: dict[str, Any]) -> None:
        """Plain and wrapped mean the same."""
        assert read(said) == COUNT

    def test_other_names(self) -> None:
        """They are mapped, deeper ones too, and the others keep theirs."""
        said = {"day": "2026-11-23", "usage": {"total": 12}, "inferenceCount": 3}
        found = read(said, {"date": "day", "neuronsUsed": "usage.total"})
        assert (found.day, found.used, found.inferences) == (date(2026, 11, 23), 12.0, 3)

    def test_the_least(self) -> None:
        """A sum alone is enough: it is of the server's own day, and the rest is unknown, not 0."""
        assert read({"neuronsUsed": 0}) == Count(NOW, NOW.date(), 0.0)

    def test_another_day(self) -> None:
        """Is read as it is: who compares says what that means."""
        assert read({**SAID, "date": "2026-11-22"}).day == date(2026, 11, 22)

    def test_a_day_with_a_zone(self) -> None:
        """A moment is of the UTC day that it lies in."""
        assert read({**SAID, "date": "2026-11-23T23:30:00-05:00"}).day == date(2026, 11, 24)


class TestNonsense:
    """Every reason is one clean line."""

    @pytest.mark.parametrize(
        ("said", "reason"),
        [
            ({**SAID, "neuronsUsed": -3}, "neuronsUsed is negative: -3"),
            ({**SAID, "neuronsUsed": "many"}, 'neuronsUsed is no number that neurons can have: "many"'),
            ({**SAID, "neuronsUsed": True}, "neuronsUsed is no number that neurons can have: true"),
            (b'{"neuronsUsed": NaN}', "neuronsUsed is no number that neurons can have: NaN"),
            (b'{"neuronsUsed": 1e999}', "neuronsUsed is no number that neurons can have: Infinity"),
            ({**SAID, "neuronsLimit": -1}, "neuronsLimit is negative: -1"),
            ({**SAID, "inferenceCount": []}, "inferenceCount is no number that neurons can have: []"),
            ({**SAID, "date": "today"}, 'date is no day: "today"'),
            ({"date": "2026-11-23"}, "it does not say neuronsUsed"),
            ([], "JSON of another shape"),
            (b"<!doctype html><title>Sign in</title>", "no JSON but '<!doctype html><title>Sign in</title>'"),
            (b"", "an empty answer"),
            ({"success": False, "error": "KV is \x1b[2Jdown"}, "it says that it failed: KV is �[2Jdown"),
            (b"[" * 100_000, "no JSON but"),
            (b'{"neuronsUsed": 1' + b"0" * 5_000 + b"}", "no JSON but"),
        ],
    )
    def test_a_reason(self, said: Any, reason: str) -> None:
        """It names what is wrong, and shows no more of it than is harmless."""
        found = why(said)
        assert found.startswith(reason)
        assert found.isprintable()
        assert len(found) < 200

    def test_a_mapped_name(self) -> None:
        """The person sees the name that the Worker uses."""
        assert why({"neuronsUsed": 3}, {"neuronsUsed": "usage.total"}) == "it does not say usage.total"

    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
            lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([*SAID, "quota"]), inner),
            max_leaves=12,
        )
    )
    @example({"neuronsUsed": 1, "resetAt": 1e15, "date": "0001-01-01T00:00:00+14:00"})
    def test_any_json(self, said: Any) -> None:
        """Either a count that can be, or a reason."""
        found = tried(said)
        if isinstance(found, str):
            assert found.isprintable()
        else:
            assert 0 <= found.used <= 1e15
            assert found.limit is None or found.limit >= 0
            assert found.inferences is None or found.inferences >= 0

    @given(st.binary(max_size=300))
    def test_any_bytes(self, body: bytes) -> None:
        """No bytes get through as anything but a reason, or a count."""
        found = tried(body)
        assert isinstance(found, Count) or found.isprintable()


class TestWire:
    """Over HTTP, where it can be down, slow, elsewhere or not ours."""

    @staticmethod
    def asked(*replies: Any, path: str = "/quota?of=today", token: str = WORKER_TOKEN) -> tuple[Count | str, Wire]:
        async def whole() -> tuple[Count | str, Wire]:
            async with serve(*replies) as wire:
                url = wire.url.removesuffix("/client/v4") + path
                counter = WorkerCounter(url, BentClock(), Secret(token) if token else None)
                try:
                    return await counter.ask(), wire
                except CounterError as error:
                    return str(error), wire
                finally:
                    await counter.close()

        return asyncio.run(whole())

    def test_its_own_token(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """GET, the whole path with its query, the Worker's token; nothing of the API's token in any byte."""
        monkeypatch.setenv("CLOUDFLARE_API_TOKEN", CANARY)
        found, wire = self.asked(http(json.dumps(SAID).encode(), content_type="text/plain"))
        assert found == COUNT
        (request,) = wire.asked
        assert (request.method, request.path) == ("GET", "/quota?of=today")
        assert request.headers["authorization"] == f"Bearer {WORKER_TOKEN}"
        assert CANARY not in str(request)

    def test_no_token(self) -> None:
        """Where none is configured none is sent."""
        _, wire = self.asked(http(b"{}"), token="")
        assert "authorization" not in wire.asked[0].headers

    @pytest.mark.parametrize(
        ("reply", "reason"),
        [
            (http(b"{}", 401), "HTTP 401 → set quota_token_command"),
            (http(b"<h1>no</h1>", 502), "no JSON but '<h1>no</h1>' (HTTP 502)"),
            (http(b"{}", 500), "HTTP 500"),
            (http(b"", 302, location="https://elsewhere.example/login"), "redirect to elsewhere.example"),
            (http(b"{", length=900), "broke before its answer was complete"),
            (http(b"x" * (2 * 1024 * 1024)), "more than 1 MiB"),
        ],
    )
    def test_a_bad_answer(self, reply: bytes, reason: str) -> None:
        """One line, which speaks of the Worker and not of Cloudflare's API, and never of a token."""
        found, _ = self.asked(reply)
        assert isinstance(found, str)
        assert reason in found
        assert "CLOUDFLARE" not in found
        assert WORKER_TOKEN not in found

    def test_what_it_echoes(self) -> None:
        """An error that quotes the token is masked."""
        body = json.dumps({"success": False, "error": f"bad token {WORKER_TOKEN}"}).encode()
        found, _ = self.asked(http(body))
        assert isinstance(found, str)
        assert "bad token •••" in found

    def test_slow(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """It is waited for so long and no longer."""
        monkeypatch.setattr("aigw_tui.cloudflare.counter.DEADLINE_S", 0.2)

        async def hang(_: asyncio.StreamWriter) -> None:
            await asyncio.Event().wait()

        found, _ = self.asked(hang)
        assert "no complete answer" in str(found)

    def test_down(self) -> None:
        """Nobody listens there."""

        async def whole() -> None:
            with pytest.raises(CounterError, match="refused the connection"):
                await WorkerCounter("http://127.0.0.1:1/quota", BentClock()).ask()

        asyncio.run(whole())


class TestSettings:
    """Where it is, and whose token it gets."""

    def test_a_token_belongs_to_its_worker(self, tmp_path: Path) -> None:
        """An account with a Worker of its own never sends it the token of another."""
        file = tmp_path / "config.toml"
        file.write_text(
            'quota_url = "https://one.example"\nquota_token_command = ["printf", "one-token"]\n'
            '[account."a"]\nquota_url = "https://two.example"\n'
            '[account."b"]\nquota_url = "https://three.example"\nquota_token_command = ["printf", "three-token"]\n'
            '[account."c"]\nquota_tolerance = 0.3\n'
        )
        config = load({"config": str(file)}, {})
        tokens = {account: config.quota_token(account) for account in ("", "a", "b", "c")}
        assert tokens == {"": Secret("one-token"), "a": None, "b": Secret("three-token"), "c": Secret("one-token")}
        assert config.for_account("c").quota_url == "https://one.example"
        assert (config.for_account("c").quota_tolerance, config.for_account("a").quota_tolerance) == (0.3, 0.1)

    @pytest.mark.parametrize(
        "url",
        ["http://worker.example/q", "https://me:secret-word@worker.example", "https://w.example//x", "ftp://w", "/q"],
    )
    def test_a_url_that_gives_away(self, url: str) -> None:
        """https or loopback, without a password; the complaint does not show it."""
        with pytest.raises(ConfigError) as caught:
            load({}, {"AIGW_QUOTA_URL": url})
        assert "AIGW_QUOTA_URL" in str(caught.value)
        assert "secret-word" not in str(caught.value)

    def test_fields(self) -> None:
        """By variable or table; a name that no counter has is refused with those that there are."""
        assert load({}, {"AIGW_QUOTA_FIELDS": "neuronsUsed=a.b, date=day"}).quota_fields == {
            "neuronsUsed": "a.b",
            "date": "day",
        }
        with pytest.raises(ConfigError, match="neuronsUsed"):
            load({}, {"AIGW_QUOTA_FIELDS": "neurons=a"})


class TestHistory:
    """Every poll is kept, by server and account."""

    def test_kept(self) -> None:
        """Oldest first, half-open, each account its own; what is kept of a count is its figures."""
        history = open_history(None, "https://a.example", NOW).history
        polls = [Count(NOW + timedelta(minutes=n), NOW.date(), 5.0 * n, 9500.0, n) for n in range(3)]
        history.counters.add("a", *reversed(polls))
        history.counters.add("b", COUNT)
        assert history.counters.polls("a", Window(NOW, NOW + timedelta(minutes=2))) == tuple(polls[:2])
        assert history.counters.newest("a") == polls[-1].at
        assert history.counters.newest("c") is None
        assert history.counters.polls("b", Window(NOW, NOW + DAY))[0].inferences == 1443
        other = SqliteHistory(history._db, "https://b.example")
        assert other.counters.polls("a", Window(NOW, NOW + DAY)) == ()

    def test_a_month(self) -> None:
        """Older ones go when a new one comes."""
        history = open_history(None, "https://a.example", NOW).history
        for days in (40, 20, 0):
            history.counters.add("a", Count(NOW - DAY * days, NOW.date(), 1.0))
        assert len(history.counters.polls("a", Window(NOW - DAY * 60, NOW + DAY))) == 2
