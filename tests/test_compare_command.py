"""`compare`: the built-in account's Worker over HTTP, for people and for programs, and Workers that talk nonsense."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Self

import pytest
import time_machine

from account import StillClock
from aigw_tui import cli
from aigw_tui.demo.box import ACCOUNT_ID, TOKEN, Box
from aigw_tui.demo.reply import Reply
from aigw_tui.demo.server import Server
from aigw_tui.demo.worker import PATH, WORKER_TOKEN
from aigw_tui.history import open_history
from aigw_tui.insight.comparing import Comparison
from aigw_tui.model import DAY, Window, day_of
from aigw_tui.outlets.comparetable import table
from world import NOW

GOLDEN = Path(__file__).parent / "golden"
Run = Callable[..., tuple[int, str, str]]


class Watched(Box):
    """A box that remembers who sent which token where."""

    seen: list[tuple[str, str]]

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        lower = {name.lower(): value for name, value in headers.items()}
        self.seen.append((path.partition("?")[0], lower.get("authorization", "")))
        return super().answer(method, path, headers, body)


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Watched]:
    """The built-in account and its Worker on loopback, at the world's moment, with an empty history."""
    box = Watched(StillClock(NOW))
    box.seen = []
    with Server(box) as server:
        origin = server.url.removesuffix("/client/v4")
        monkeypatch.setenv("CLOUDFLARE_API_BASE_URL", server.url)
        monkeypatch.setenv("CLOUDFLARE_ACCOUNT_ID", ACCOUNT_ID)
        monkeypatch.setenv("CLOUDFLARE_API_TOKEN", TOKEN)
        monkeypatch.setenv("AIGW_STORE", str(tmp_path / "history.sqlite"))
        monkeypatch.setenv("AIGW_QUOTA_URL", origin + PATH)
        monkeypatch.setenv("AIGW_QUOTA_TOKEN_COMMAND", f"printf {WORKER_TOKEN}")
        yield box


@pytest.fixture
def polled(box: Watched, tmp_path: Path) -> Watched:
    """A monitor has asked the Worker every ten minutes since midnight."""
    opened = open_history(tmp_path / "history.sqlite", _base(), NOW)
    with closing(opened.history) as history:
        history.counters.add(ACCOUNT_ID, *box.counted())
    return box


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Exit code, stdout and stderr of `compare` at the world's moment."""

    def ran(*words: str, later: timedelta = timedelta(0)) -> tuple[int, str, str]:
        with time_machine.travel(NOW + later, tick=False):
            code = cli.main(["compare", *words])
        return code, *capsys.readouterr()

    return ran


class TestAnswers:
    """What it says when both answer."""

    @pytest.mark.usefixtures("polled")
    def test_the_table(self, run: Run) -> None:
        """The bytes; it drifts, so the exit code is 1."""
        assert run() == (1, (GOLDEN / "compare.txt").read_text(), "")

    @pytest.mark.usefixtures("polled")
    def test_the_document(self, run: Run) -> None:
        """The bytes are the contract, and the reasons add up to the gap."""
        code, out, err = run("--format", "json")
        assert (code, out, err) == (1, (GOLDEN / "compare.json").read_text(), "")
        (found,) = json.loads(out)["accounts"]
        assert sum(one["neurons"] or 0 for one in found["reasons"]) == pytest.approx(found["gap"])
        assert found["worker"]["neurons"] - found["workers_ai"]["neurons"] == pytest.approx(found["gap"])

    @pytest.mark.usefixtures("polled")
    def test_a_wider_tolerance(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        """What drifted agrees: exit code 0."""
        monkeypatch.setenv("AIGW_QUOTA_TOLERANCE", "0.5")
        code, out, _ = run()
        assert code == 0
        assert out.startswith("agrees: ")

    def test_tokens_stay_where_they_belong(self, box: Watched, run: Run) -> None:
        """The Worker is sent its own token alone, the API never sees it, and no token is printed."""
        code, out, err = run()
        assert code == 1
        at_worker = {token for path, token in box.seen if path == PATH}
        elsewhere = {token for path, token in box.seen if path != PATH}
        assert (at_worker, elsewhere) == ({f"Bearer {WORKER_TOKEN}"}, {f"Bearer {TOKEN}"})
        assert TOKEN not in out + err
        assert WORKER_TOKEN not in out + err

    @pytest.mark.usefixtures("box")
    def test_the_first_time(self, run: Run, tmp_path: Path) -> None:
        """Asked once it is an estimate, said so; the answer is kept, and known offline."""
        code, out, _ = run()
        assert code == 1
        assert "counts ~0.8" in out
        assert run("--offline")[1] == out
        with closing(open_history(tmp_path / "history.sqlite", _base(), NOW).history) as history:
            assert len(history.counters.polls(ACCOUNT_ID, Window(day_of(NOW), NOW + DAY))) == 1

    @pytest.mark.parametrize("width", [80, 40, 24])
    def test_narrow(self, width: int, run: Run, polled: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
        """Words are wrapped; figures are not."""
        monkeypatch.setattr("aigw_tui.commands.compare._width", lambda: width)
        lines = run()[1].splitlines()
        assert all(len(line) <= max(width, 42) for line in lines)

    def test_colours(self) -> None:
        """The verdict alone has one."""
        one = Comparison("a", "agrees", "both are 3")
        assert list(table(one, "", None, has_color=True)) == ["\x1b[32magrees\x1b[0m: both are 3"]


class Nonsense:
    """A Worker that answers every request with the same bytes."""

    def __init__(self, status: int, body: bytes) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Nothing."""

        self.http = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}/"

    def __enter__(self) -> Self:
        Thread(target=self.http.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.http.shutdown()
        self.http.server_close()


class TestCannotTell:
    """Exit code 3, with the reason; Cloudflare's figures come all the same."""

    @pytest.mark.parametrize(
        ("status", "body", "reason"),
        [
            (200, b"<html>Sign in</html>", "no JSON but '<html>Sign in</html>'"),
            (503, b"", "HTTP 503"),
            (200, b'{"neuronsUsed": -5}', "neuronsUsed is negative"),
            (200, b'{"date": "2026-11-22", "neuronsUsed": 5}', "counts 22 Nov, and today is 23 Nov"),
            (200, b'{"success": false, "error": "no KV"}', "it says that it failed: no KV"),
        ],
    )
    def test_nonsense(
        self, box: Watched, run: Run, monkeypatch: pytest.MonkeyPatch, status: int, body: bytes, reason: str
    ) -> None:
        """One line says what is wrong."""
        with Nonsense(status, body) as worker:
            monkeypatch.setenv("AIGW_QUOTA_URL", worker.url)
            code, out, err = run()
        assert (code, err) == (3, "")
        assert out.startswith("cannot tell: ")
        assert reason in " ".join(out.split())

    @pytest.mark.usefixtures("polled")
    def test_down_after_it_answered(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        """What it said before is shown, and decides nothing."""
        monkeypatch.setenv("AIGW_QUOTA_URL", "http://127.0.0.1:1/quota")
        code, out, _ = run("--format", "json")
        (found,) = json.loads(out)["accounts"]
        assert (code, found["verdict"]) == (3, "cannot_tell")
        assert "refused the connection" in found["why"]
        assert found["remedy"] == "check quota_url; asked again by itself"
        assert found["ratio"]

    @pytest.mark.usefixtures("polled")
    def test_cloudflare_is_silent(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        """A Worker alone is no comparison."""
        run()
        monkeypatch.setenv("CLOUDFLARE_API_TOKEN", "x" * 40)
        code, out, err = run(later=timedelta(minutes=2))
        assert code == 3
        assert out.startswith("cannot tell: Cloudflare did not answer")
        assert "token refused" in err


class TestConfiguration:
    """What must be set, and whose it is."""

    def test_not_set(self, box: Watched, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        """Exit code 2, one line, and nobody is asked."""
        monkeypatch.delenv("AIGW_QUOTA_URL")
        code, out, err = run()
        assert (code, out, box.seen) == (2, "", [])
        assert "there is no quota_url → set quota_url" in err

    @pytest.mark.usefixtures("box")
    def test_of_several_accounts(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        """One Worker cannot count for two; named, it is compared with the one."""
        monkeypatch.setenv("CLOUDFLARE_ACCOUNT_ID", f"{ACCOUNT_ID},{'b' * 32}")
        code, out, err = run()
        assert (code, out) == (2, "")
        assert "several are watched" in err
        assert run("--account", ACCOUNT_ID)[0] == 1


def test_the_built_in_account() -> None:
    """Needs nothing, drifts plausibly with a curve over the day, and loads no screen."""
    script = (
        "import sys; from aigw_tui import cli; code = cli.main(['compare', '--demo', '--at', '14:05',"
        " '--format', 'json']); print(*sys.modules, file=sys.stderr); sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    (found,) = json.loads(done.stdout)["accounts"]
    assert done.returncode == {"agrees": 0, "drifts": 1}[found["verdict"]]
    assert 0.5 < found["ratio"] < 1.5
    assert len(found["curve"]) == 13
    assert {"price", "cache", "limit"} <= {one["kind"] for one in found["reasons"]}
    assert not {"textual", "plotext", "rich"} & set(done.stderr.split())


def _base() -> str:
    return os.environ["CLOUDFLARE_API_BASE_URL"]
