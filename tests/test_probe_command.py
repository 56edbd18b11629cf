"""`probe`: what is sent and to whom, how long until it is seen, and what it means when it is not."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from aigw_tui import cli
from aigw_tui.cloudflare.client import Client
from aigw_tui.cloudflare.logs import Logs
from aigw_tui.cloudflare.through import gateways_url, send_tiny
from aigw_tui.commands.probe import worker_address
from aigw_tui.demo.box import ACCOUNT_ID, TOKEN, Box, Limits
from aigw_tui.demo.server import Server
from aigw_tui.errors import AigwError, AuthError, ConfigError, TransientError
from aigw_tui.insight.prices import cheapest_text_model, neurons, prefer, shipped
from aigw_tui.model import LogRow, Price, Window
from aigw_tui.probing import Finding, Trace, Watcher, verdict
from aigw_tui.secret import Secret
from aigw_tui.transport import InProcess, Transport
from wire import CANARY, NOW, BentClock, Script, answered, said

QUIET = NOW.replace(hour=3, minute=20)
"""A time of day with few other requests."""
GATEWAY_TOKEN = "gateway-token-canary-0123456789"
MODEL = "@cf/ibm-granite/granite-4.0-h-micro"
HEADERS = {"authorization": f"Bearer {TOKEN}", "cf-aig-authorization": f"Bearer {TOKEN}"}

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> BentClock:
    clock = BentClock(QUIET)
    monkeypatch.setattr("aigw_tui.clock.SystemClock", lambda: clock)
    return clock


@pytest.fixture
def box(clock: BentClock) -> Box:
    return Box(clock)


@pytest.fixture
def run(box: Box, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """The command against the box over loopback: exit code, stdout, stderr."""
    with Server(box) as server:
        monkeypatch.setenv("CLOUDFLARE_API_BASE_URL", server.url)
        monkeypatch.setenv("CLOUDFLARE_API_TOKEN", TOKEN)
        monkeypatch.setenv("AIGW_GATEWAY_TOKEN_COMMAND", f"printf {TOKEN}")

        def ran(*line: str) -> tuple[int, str, str]:
            code = cli.main(["probe", *line])
            out, err = capsys.readouterr()
            assert TOKEN not in out + err
            return code, out, err

        yield ran


class Terminal(io.StringIO):
    """Text that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def lines_of(out: str) -> dict[str, str]:
    return {line[:11].strip(): line[11:] for line in out.splitlines()}


def sent_through(box: Box) -> list[Any]:
    """What somebody sent through the box's gateways."""
    return list(box.account._sent)


class TestSending:
    """One request through a gateway."""

    def test_it_is_seen_in_both(self, run: Run, box: Box) -> None:
        """Cost before, then the request, its log within seconds, and the analytics after the delay of that request."""
        code, out, err = run("--gateway", "batch", "--yes")
        (event,) = sent_through(box)
        found = lines_of(out)
        assert code == 0
        assert "neurons (~)" in err.splitlines()[0]
        assert (event.gateway, event.model.name, event.tokens_out) == ("batch", MODEL, 1)
        assert found["sent"].startswith(f"{MODEL} through batch: HTTP 200")
        assert found["logs"].startswith("seen after 5 s: batch")
        minutes = int(found["analytics"].removeprefix("seen after ").split(" ")[0])
        assert 0 <= minutes * 60 - (event.delay // 60) * 60 <= 60
        assert "1 request " in found["analytics"]
        assert found["verdict"].startswith("proven")

    def test_demo(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        """The built-in account plays the gateway, too, on its own clock; no gateway need be named."""
        bent = BentClock()
        monkeypatch.setattr("aigw_tui.reach.demo_clock", lambda *_: bent)
        assert cli.main(["probe", "--demo", "--yes"]) == 0
        assert lines_of(capsys.readouterr().out)["verdict"].startswith("proven")
        assert 139 <= sum(bent.waits) <= 400

    def test_nobody_can_be_asked(self, run: Run, box: Box) -> None:
        """Without a terminal and without --yes nothing is sent: one line, exit code 2."""
        code, out, err = run("--gateway", "batch")
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert "--yes" in err
        assert sent_through(box) == []

    @pytest.mark.parametrize(
        ("said_by_person", "is_sent"), [("y\n", True), ("yes\n", True), ("n\n", False), ("", False)]
    )
    def test_asked(
        self, run: Run, box: Box, monkeypatch: pytest.MonkeyPatch, said_by_person: str, is_sent: bool
    ) -> None:
        """On a terminal the person decides, and is told the cost; anything but yes sends nothing."""
        monkeypatch.setattr("sys.stdin", Terminal(said_by_person))
        monkeypatch.setattr("sys.stderr", seen := Terminal())
        code, out, _ = run("--gateway", "batch")
        assert "neurons (~). Send it? [y/N]" in seen.getvalue()
        assert (code, bool(out), len(sent_through(box))) == (0, is_sent, int(is_sent))

    def test_the_model_that_is_named(self, run: Run, box: Box) -> None:
        """Instead of the cheapest; what is no model's name is not sent anywhere."""
        assert run("--gateway", "batch", "--yes", "--model", "@cf/meta/llama-3.2-1b-instruct")[0] == 0
        assert sent_through(box)[0].model.name == "@cf/meta/llama-3.2-1b-instruct"
        for name in ("../../evil", "//evil.example/x", "@cf/../evil", "@cf/a/b?c", "gpt-5", "@cf/meta/*"):
            code, out, _ = run("--gateway", "batch", "--yes", "--model", name)
            assert (code, out) == (2, "")
        assert len(sent_through(box)) == 1

    def test_an_authenticated_gateway(self, run: Run, box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
        """Without a token for it nothing is sent; with a wrong one its refusal is said with a remedy."""
        monkeypatch.setenv("AIGW_GATEWAY_TOKEN_COMMAND", f"printf {GATEWAY_TOKEN}")
        code, out, err = run("--gateway", "batch", "--yes")
        assert (code, out) == (1, "")
        assert "HTTP 401" in err
        assert "gateway_token_command" in err
        assert GATEWAY_TOKEN not in err
        monkeypatch.delenv("AIGW_GATEWAY_TOKEN_COMMAND")
        code, out, err = run("--gateway", "batch", "--yes")
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert "gateway_token_command" in err
        assert sent_through(box) == []

    @pytest.mark.parametrize(
        ("line", "said_of_it"),
        [
            ("--yes", "--gateway prod-api or chat-widget"),
            ("--gateway bach --yes", "did you mean batch?"),
            ("--data x", "--url"),
            ("--url https://a.example --watch-only x", "not allowed with"),
            ("--url ftp://a.example --yes", "https://"),
            ("--url http://a.example --yes", "https://"),
            ("--url https://me:secret@a.example --yes", "https://"),
            ("--patience 0", "minutes"),
            ("--patience nan", "minutes"),
        ],
    )
    def test_wrong_words(self, run: Run, line: str, said_of_it: str) -> None:
        """One line, exit code 2, nothing sent."""
        code, out, err = run(*line.split())
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert said_of_it in err

    async def test_nothing_is_sent_twice(self) -> None:
        """A request that may have arrived is not repeated, and the person is told."""
        script = Script(TransientError("gone"), said({}))
        with pytest.raises(TransientError, match="gone") as caught:
            await send_tiny(script, BentClock(), "a", "g", MODEL)
        assert "may have arrived" in caught.value.remedy
        assert len(script.asked) == 1

    async def test_turned_away(self) -> None:
        """What the gateway itself refuses ends it; what the provider refuses is logged, and can be watched."""
        refused = {"success": False, "errors": [{"code": 10_000, "message": "no \x1b[31m"}], "result": None}
        for status, kind in ((401, AuthError), (403, AuthError), (404, AigwError)):
            with pytest.raises(kind) as caught:
                await send_tiny(Script(said(refused, status)), BentClock(), "a", "g", MODEL)
            assert str(caught.value).isprintable()
        sent = await send_tiny(Script(said(refused, 429, cf_aig_log_id="x\x07")), BentClock(), "a", "g", MODEL)
        assert (sent.status, sent.log, sent.complaint) == (429, "x\ufffd", "no \ufffd[31m")
        html = await send_tiny(Script(answered(b"<html>", 502)), BentClock(), "a", "g", MODEL)
        assert (html.status, html.complaint) == (502, "<html>")

    def test_where_gateways_are(self) -> None:
        """Cloudflare's have a host of their own; those of another API are at its own origin and nowhere else."""
        assert gateways_url("https://api.cloudflare.com/client/v4") == "https://gateway.ai.cloudflare.com/v1"
        assert gateways_url("http://127.0.0.1:8787/client/v4") == "http://127.0.0.1:8787/v1"
        assert gateways_url("https://api.cloudflare.com.evil.example/x") == "https://api.cloudflare.com.evil.example/v1"

    def test_the_cheapest_model(self) -> None:
        """None that writes text costs less; a newer price counts; names that are no plain names never do."""
        found = cheapest_text_model(40, 1)
        assert found == (MODEL, neurons(MODEL, 40, 1))
        writers = [name for name, price in shipped().items() if price.tokens_out and "m2m100" not in name]
        assert all((neurons(name, 40, 1) or 0) >= found[1] for name in writers)
        prefer({"@cf/x/new": Price(1, 1), "@cf/../evil": Price(0.1, 0.1), "@cf/x/translate": Price(0.1, 0.1)})
        assert cheapest_text_model(40, 1) == ("@cf/x/new", neurons("@cf/x/new", 40, 1))
        prefer({"@cf/x/embeddings": Price(0.1, None)})
        assert cheapest_text_model(40, 1) == found


class Worker:
    """A Worker on loopback; what it was asked, and what it does with a question."""

    def __init__(self, act: Callable[[], None]) -> None:
        self.asked: list[tuple[str, str, dict[str, str], bytes]] = []
        self.act = act
        self.status = 200


@contextmanager
def serving(worker: Worker) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", "0")))
            headers = {name.lower(): value for name, value in self.headers.items()}
            worker.asked.append((self.command, self.path, headers, body))
            worker.act()
            self.send_response_only(worker.status)
            if worker.status == 302:
                self.send_header("Location", "https://elsewhere.example/")
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_POST = do_GET  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class TestWorker:
    """The person's own Worker."""

    def through(self, box: Box, gateway: str = "chat-widget") -> Callable[[], None]:
        def act() -> None:
            path = f"/v1/{ACCOUNT_ID}/{gateway}/workers-ai/{MODEL}"
            assert box.answer("POST", path, HEADERS, b"{}").status == 200

        return act

    def test_it_goes_through_a_gateway(self, run: Run, box: Box) -> None:
        """Proven, with the gateway's name; the Worker gets no token of any kind, and all of the address."""
        worker = Worker(self.through(box))
        with serving(worker) as url:
            code, out, err = run("--url", f"{url}/ask?key=private", "--yes")
        ((method, path, headers, body),) = worker.asked
        assert (method, path, body) == ("GET", "/ask?key=private", b"")
        assert not any("aig" in name or name == "authorization" for name in headers)
        assert TOKEN not in str(headers)
        assert code == 0
        assert lines_of(out)["verdict"] == (
            "proven: the only request of these seconds went through chat-widget; its log and its analytics are there"
        )
        assert "private" not in out + err

    def test_it_does_not(self, run: Run, box: Box) -> None:
        """Nothing appears in the time that is documented: exit code 1, and what to change."""
        worker = Worker(lambda: None)
        with serving(worker) as url:
            code, out, _ = run("--url", url, "--data", '{"q": "hi"}', "--yes")
        assert worker.asked[0][0] == "POST"
        assert (worker.asked[0][3], worker.asked[0][2]["content-type"]) == (b'{"q": "hi"}', "application/json")
        assert code == 1
        assert "without a gateway" in lines_of(out)["verdict"]

    def test_others_at_the_same_time(self, run: Run, box: Box) -> None:
        """Two requests in the same seconds prove nothing."""

        def both() -> None:
            self.through(box, "batch")()
            self.through(box, "prod-api")()

        with serving(Worker(both)) as url:
            code, out, _ = run("--url", url, "--yes")
        assert code == 1
        assert lines_of(out)["verdict"].startswith("cannot tell")

    def test_a_redirect(self, run: Run) -> None:
        """It is not followed: one line, exit code 1."""
        worker = Worker(lambda: None)
        worker.status = 302
        with serving(worker) as url:
            code, out, err = run("--url", url, "--yes", "--quiet")
        assert (code, out) == (1, "")
        assert "use the address that answers itself" in err

    def test_not_with_the_built_in_account(self, capsys: pytest.CaptureFixture[str]) -> None:
        """It has no Worker of the person's."""
        assert cli.main(["probe", "--demo", "--url", "https://a.example"]) == 2
        assert "no Worker of yours" in capsys.readouterr().err

    def test_addresses(self) -> None:
        """The origin that the request is locked to, and the path with its query."""
        assert worker_address("https://a.example") == ("https://a.example", "/")
        assert worker_address("https://a.example:8443/x/y?z=%20") == ("https://a.example:8443", "/x/y?z=%20")
        for wrong in (
            "a.example",
            "https://",
            "https://a b/",
            "https://a.example/\x1b",
            "http://10.0.0.1/",
            "https://[",
        ):
            with pytest.raises(ConfigError):
                worker_address(wrong)


class TestWatching:
    """Nothing is sent, or nothing is seen."""

    def test_watch_only(self, run: Run, box: Box) -> None:
        """A log that is there already tells when its request was, so that the analytics can be asked for it."""
        path = f"/v1/{ACCOUNT_ID}/batch/workers-ai/{MODEL}"
        headers = dict(box.answer("POST", path, HEADERS, b"{}").headers)
        code, out, _ = run("--watch-only", headers["cf-aig-log-id"])
        found = lines_of(out)
        assert code == 0
        assert "sent" not in found
        assert "batch" in found["logs"]
        assert found["analytics"].startswith("seen after")
        assert len(sent_through(box)) == 1
        again = lines_of(run("--watch-only", headers["cf-aig-log-id"])[1])
        assert (again["logs"][:13], again["analytics"][:13]) == ("there already", "there already")

    def test_an_id_of_nothing(self, run: Run, clock: BentClock) -> None:
        """After three minutes it is given up: without a log nobody knows what to look for in the analytics."""
        code, out, _ = run("--watch-only", "nothing")
        assert code == 1
        assert 180 <= sum(clock.waits) < 200
        assert "without its log" in lines_of(out)["analytics"]

    def test_patience(self, run: Run, box: Box, clock: BentClock) -> None:
        """`--patience` is for both; then it is said that analytics may still come."""
        code, out, _ = run("--gateway", "batch", "--yes", "--patience", "1")
        assert code == 1
        assert 60 <= sum(clock.waits) < 70
        assert "was logged, but the analytics do not show it" in lines_of(out)["verdict"]

    def test_a_gateway_that_does_not_log(self, run: Run, box: Box) -> None:
        """That is a setting, not a fault: the analytics are proof enough."""
        box.limits = replace(box.limits, unlogged=frozenset({"batch"}))
        code, out, _ = run("--gateway", "batch", "--yes")
        assert code == 0
        assert "collects no logs" in lines_of(out)["verdict"]

    def test_logs_elsewhere_and_no_analytics(self, run: Run, box: Box) -> None:
        """Where neither may be asked, that is the verdict."""
        denied = frozenset({"aiGatewayRequestsAdaptiveGroups"})
        box.limits = Limits(has_logs=False, denied=denied)
        code, out, _ = run("--gateway", "batch", "--yes")
        found = lines_of(out)
        assert code == 1
        assert "elsewhere" in found["logs"]
        assert "not seen" in found["analytics"]
        assert found["verdict"].startswith("cannot tell")

    async def test_what_passes_is_tried_again(self, box: Box, clock: BentClock) -> None:
        """Failures in between cost time, not the answer; the last words are said when time is up."""
        ups = iter([True, False, False, True])

        class Shaky(Logs):
            async def row(self, gateway: str, log: str) -> LogRow | None:
                if next(ups, True):
                    raise TransientError("gone")
                return None

            async def rows(self, gateway: str, wanted: Any) -> Any:
                if False:
                    yield

        transport = Transport("https://demo.invalid/client/v4", Secret(TOKEN), inner=InProcess(box.answer))
        watcher = Watcher(
            Client(transport, clock), Shaky(transport, clock, ACCOUNT_ID), clock, clock.monotonic(), 30, 60
        )
        moment = clock.now() - timedelta(hours=30)
        trace = Trace(("none",), Window(moment, moment + timedelta(seconds=5)), "id")
        found = {each.place: each async for each in watcher.findings(trace)}
        assert (found["logs"].after_s, "gone" in found["logs"].why) == (None, True)
        assert found["analytics"] == Finding("analytics")
        assert sum(clock.waits) >= 60


SEEN = Finding("logs", 5, 1, LogRow("i", NOW, "a", "prod"))
COUNTED = Finding("analytics", 200, 1)


@pytest.mark.parametrize(
    ("logs", "analytics", "more", "is_proven", "words"),
    [
        (SEEN, COUNTED, {}, True, "went through prod"),
        (SEEN, Finding("analytics"), {}, False, "it may come later"),
        (SEEN, Finding("analytics", why="not permitted"), {}, False, "not permitted"),
        (Finding("logs"), COUNTED, {}, False, "its log store may be full"),
        (Finding("logs"), COUNTED, {"is_logging": False}, True, "collects no logs"),
        (Finding("logs"), Finding("analytics"), {}, False, "nothing appeared"),
        (Finding("logs"), Finding("analytics"), {"is_own": True}, False, "without a gateway"),
        (SEEN, replace(COUNTED, count=3), {"is_own": True}, True, "only request"),
        (replace(SEEN, count=2), COUNTED, {"is_own": True}, False, "cannot tell"),
        (Finding("logs"), replace(COUNTED, count=2), {"is_own": True}, False, "cannot tell"),
        (Finding("logs", why="x"), Finding("analytics", why="y"), {}, False, "cannot tell"),
    ],
)
def test_verdicts(logs: Finding, analytics: Finding, more: Mapping[str, Any], is_proven: bool, words: str) -> None:
    """What two findings prove, and what to do about the rest."""
    found = verdict(logs, analytics, **{"is_logging": True, "is_own": False, **more})
    assert found[0] is is_proven
    assert words in found[1]


def test_no_secret_anywhere(
    clock: BentClock, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither token is in what is printed or in any file, whatever the gateway echoes back."""

    class Echo(Box):
        def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Any:
            found = super().answer(method, path, {**headers, "authorization": f"Bearer {TOKEN}"}, body)
            if path.startswith("/v1/"):
                headers = {name: value for name, value in headers.items() if "authorization" in name.lower()}
                echoed = {"errors": [{"code": 2009, "message": str(sorted(headers.items()))}]}
                body = json.dumps(echoed).encode()
                return replace(found, status=401, body=body, headers=(("Content-Length", str(len(body))),))
            return found

    monkeypatch.setenv("CLOUDFLARE_API_TOKEN", CANARY)
    monkeypatch.setenv("AIGW_GATEWAY_TOKEN_COMMAND", f"printf {GATEWAY_TOKEN}")
    with Server(Echo(clock)) as server:
        code = cli.main(["probe", "-vv", "--base-url", server.url, "--gateway", "batch", "--yes"])
    out, err = capsys.readouterr()
    seen = out + err + "".join(path.read_text(errors="replace") for path in home.rglob("*") if path.is_file())
    assert code == 1
    assert "•••" in err
    assert CANARY not in seen
    assert GATEWAY_TOKEN not in seen
