"""`logs`: rows of all gateways as one stream, in four formats; followed; and the bodies of one request."""

from __future__ import annotations

import base64
import csv
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from aigw_tui import cli
from aigw_tui.cloudflare.logs import Logs
from aigw_tui.cloudflare.logstream import followed, merged
from aigw_tui.demo.box import ACCOUNT_ID, TOKEN, Box, Limits
from aigw_tui.demo.catalogue import GATEWAYS
from aigw_tui.demo.logs import id_of
from aigw_tui.demo.server import Server
from aigw_tui.errors import AigwError, BudgetError, ForbiddenError, TransientError
from aigw_tui.format import cells
from aigw_tui.insight.requestfields import FIELDS
from aigw_tui.model import LogFilter, LogRow, Window
from aigw_tui.outlets.bodies import as_json, as_text
from aigw_tui.outlets.logtable import Csv, Json, Ndjson, Table
from aigw_tui.secret import Secret
from aigw_tui.transport import InProcess, Transport
from wire import CANARY, NOW, BentClock

PROGRAM = (sys.executable, "-m", "aigw_tui")
DAY = Window(NOW.replace(hour=0, minute=0), NOW)
NAMES = [gateway.name for gateway in GATEWAYS]

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> BentClock:
    clock = BentClock()
    monkeypatch.setattr("aigw_tui.clock.SystemClock", lambda: clock)
    return clock


@pytest.fixture
def box(clock: BentClock) -> Box:
    return Box(clock, limits=Limits(accounts=2))


@pytest.fixture
def run(box: Box, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """The command against the box over loopback: exit code, stdout, stderr."""
    with Server(box) as server:
        monkeypatch.setenv("CLOUDFLARE_API_BASE_URL", server.url)
        monkeypatch.setenv("CLOUDFLARE_API_TOKEN", TOKEN)
        monkeypatch.setenv("CLOUDFLARE_ACCOUNT_ID", ACCOUNT_ID)

        def ran(*line: str) -> tuple[int, str, str]:
            code = cli.main(["logs", *line])
            out, err = capsys.readouterr()
            assert TOKEN not in out + err
            return code, out, err

        yield ran


def truth(box: Box, since: datetime, until: datetime, gateway: str = "") -> list[str]:
    """The ids of the account's routed calls that are over, newest first."""
    events = [
        event
        for event in box.account.events(since.timestamp(), until.timestamp())
        if event.gateway and gateway in ("", event.gateway) and event.at + event.duration_ms / 1000 <= until.timestamp()
    ]
    return [id_of(event) for event in reversed(events)]


def rows_of(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


class TestListing:
    """What is printed of the past."""

    def test_all_gateways_by_time(self, run: Run, box: Box) -> None:
        """Every call of the time, of all gateways, newest first, over many pages; the end of a run over HTTP."""
        code, out, err = run("--hours", "3", "--limit", "10000", "--format", "ndjson")
        rows = rows_of(out)
        assert (code, err) == (0, "")
        assert {row["id"] for row in rows} == set(truth(box, NOW.replace(hour=12, minute=0), NOW))
        assert len(rows) == len({row["id"] for row in rows}) > 150
        times = [row["time"] for row in rows]
        assert times == sorted(times, reverse=True)
        assert {row["gateway"] for row in rows} == set(NAMES)

    def test_the_newest_fifty(self, run: Run, box: Box) -> None:
        """Unless told otherwise."""
        rows = rows_of(run("--format", "ndjson")[1])
        assert [row["id"] for row in rows] == truth(box, DAY.since, NOW)[:50]

    @pytest.mark.parametrize(
        ("line", "holds"),
        [
            ("--errors", lambda row: row["success"] is False),
            ("--status 429 --status 5xx", lambda row: row["status"] == 429 or row["status"] >= 500),
            ("--model @cf/meta/*", lambda row: row["model"].startswith("@cf/meta/")),
            ("--model gpt-5-mini --provider openai", lambda row: row["model"] == "gpt-5-mini"),
            ("--provider google-*", lambda row: row["provider"] == "google-ai-studio"),
            ("--min-duration 4000", lambda row: row["duration_ms"] >= 4000),
            ("--metadata team=data --metadata key=reindex", lambda row: row["metadata"].get("key") == "reindex"),
            ("--gateway b*", lambda row: row["gateway"] == "batch"),
            ("--since 5h --until 4h", lambda row: "2026-11-23T09:05" <= row["time"] < "2026-11-23T10:05"),
        ],
    )
    def test_filters(self, run: Run, line: str, holds: Callable[[dict[str, Any]], bool]) -> None:
        """Exactly those rows of all that pass."""
        everything = rows_of(run("--limit", "10000", "--format", "ndjson")[1])
        found = rows_of(run(*line.split(), "--limit", "10000", "--format", "ndjson")[1])
        assert found == [row for row in everything if holds(row)]
        assert found

    def test_json(self, run: Run) -> None:
        """One object with its schema; the rows are those of ndjson; none are an empty list."""
        document = json.loads(run("--limit", "3", "--format", "json")[1])
        assert document["schema"] == "aigw-tui.logs/1"
        assert document["window"] == {"since": "2026-11-23T00:00:00Z", "until": "2026-11-23T14:05:00Z"}
        assert document["rows"] == rows_of(run("--limit", "3", "--format", "ndjson")[1])
        assert list(document["rows"][0]) == list(FIELDS)
        code, out, err = run("--model", "none", "--format", "json")
        assert (code, json.loads(out)["rows"]) == (0, [])
        assert "no such log" in err

    def test_csv(self, run: Run) -> None:
        """The same fields in the same order; the header also over nothing."""
        lines = list(csv.DictReader(io.StringIO(run("--limit", "60", "--format", "csv")[1])))
        rows = rows_of(run("--limit", "60", "--format", "ndjson")[1])
        assert [line["id"] for line in lines] == [row["id"] for row in rows]
        assert [line["model"] for line in lines] == [row["model"] for row in rows]
        assert [json.loads(line["metadata"]) for line in lines] == [row["metadata"] for row in rows]
        assert run("--model", "none", "--format", "csv", "--quiet") == (0, ",".join(FIELDS) + "\n", "")

    def test_table(self, run: Run) -> None:
        """A line a row below the titles, times in UTC."""
        lines = run("--limit", "5")[1].splitlines()
        assert lines[0].split() == (
            "time (UTC) gateway model provider status cached in out cost duration id".split()  # noqa: SIM905
        )
        assert len(lines) == 6
        assert lines[1].startswith("11-23 14:0")

    def test_several_accounts(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        """All that the token sees, by name in a table; one of them by its name."""
        monkeypatch.delenv("CLOUDFLARE_ACCOUNT_ID")
        out = run("--limit", "2000", "--week")[1]
        assert {line.split()[2] for line in out.splitlines()[1:]} == {"acme", "acme-2"}
        assert {row["account"] for row in rows_of(run("--account", "acme", "--format", "ndjson")[1])} == {ACCOUNT_ID}
        assert run("--account", "acne")[2] == "aigw-tui: configuration: there is no account acne → did you mean acme?\n"

    @pytest.mark.parametrize(
        ("line", "said"),
        [
            ("--gateway prod-apo", "did you mean prod-api?"),
            ("--status 42", "429, or 5xx"),
            ("--metadata team", "key=value"),
            ("--limit 0", "whole number"),
            ("--follow --until 1h --since 2h", "--until"),
            ("--follow --format json", "ndjson"),
            ("--follow --bodies x", "one of them"),
        ],
    )
    def test_wrong_words(self, run: Run, line: str, said: str) -> None:
        """One line, exit code 2, nothing on stdout."""
        code, out, err = run(*line.split())
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert said in err

    def test_no_logs_there(self, run: Run, box: Box) -> None:
        """An account that keeps its logs elsewhere: one line that says so for a gateway, and exit code 1."""
        box.limits = replace(box.limits, has_logs=False)
        code, out, err = run("--gateway", "batch")
        assert (code, out, err.count("\n")) == (1, "", 1)
        assert "elsewhere" in err

    def test_no_token(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        """A refused token is exit code 1, none at all 2."""
        monkeypatch.setenv("CLOUDFLARE_API_TOKEN", CANARY)
        code, out, err = run()
        assert (code, out) == (1, "")
        assert CANARY not in err
        monkeypatch.delenv("CLOUDFLARE_API_TOKEN")
        assert run()[0] == 2

    def test_demo(self, capsys: pytest.CaptureFixture[str]) -> None:
        """The built-in account answers, too."""
        assert cli.main(["logs", "--demo", "--limit", "2", "--format", "ndjson"]) == 0
        assert len(rows_of(capsys.readouterr().out)) == 2


class TestBodies:
    """Request and response of one log."""

    def test_one_request(self, run: Run, box: Box, home: Path) -> None:
        """Both, after a warning; whichever gateway it is of; and no trace of them in any file of the program."""
        log = truth(box, DAY.since, NOW, "batch")[3]
        code, out, err = run("-vv", "--bodies", log, "--format", "json")
        found = json.loads(out)
        assert (code, found["id"], found["gateway"]) == (0, log, "batch")
        assert "personal data" in err
        words = str(found["request"].get("input") or found["request"]["messages"][0]["content"]).strip("[]'")
        assert len(words) > 20
        assert words in run("-vv", "--bodies", log)[1]
        kept = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
        assert words.encode() not in kept

    def test_no_such_log(self, run: Run) -> None:
        """One line."""
        code, out, err = run("--bodies", "../x")
        assert (code, out, err.count("\n")) == (1, "", 1)
        assert "no gateway has a log ../x" in err

    ROW = LogRow("id", NOW, "a", "g", model="m")

    def test_harmless(self) -> None:
        """No body brings an escape sequence to the terminal; what was not kept is said; JSON loses nothing."""
        hostile = "\x1b]52;c;aGk=\x07\u202e\x9b31m"
        text = as_text(self.ROW, {"request": json.dumps({"a": hostile}).encode(), "response": None})
        assert text.replace("\n", "").isprintable()
        assert "(not kept)" in text
        bare = as_text(self.ROW, {"request": f"data: {hostile}\r\n\ndata: x".encode(), "response": b"\xff\xfe"})
        assert bare.replace("\n", "").isprintable()
        both = json.loads(as_json(self.ROW, {"request": json.dumps(hostile).encode(), "response": None}))
        assert (both["request"], both["response"]) == (hostile, None)

    def test_envelopes(self) -> None:
        """A body in Cloudflare's envelope is shown without it, one that only looks a little like it is not touched."""
        sealed = {"success": True, "errors": [], "messages": [], "result": {"a": 1}}
        parts = {"request": json.dumps(sealed).encode(), "response": b'{"result": 5, "success": true}'}
        found = json.loads(as_json(self.ROW, parts))
        assert (found["request"], found["response"]) == ({"a": 1}, {"result": 5, "success": True})


HOSTILE = (
    "\x1b[31mred",
    "a,b\"c'd",
    "line\nbreak",
    "=cmd()",
    "@SUM(A1)",
    "\u202eevil",
    "模型" * 30,
    "x" * 300,
    "[/]",
    "",
)
NUMBERS = (None, 0, 7, 2**62)


def rows() -> list[LogRow]:
    """As ingest lets them through: clean."""
    from aigw_tui.cloudflare.logfields import row_of

    entries = [
        {"id": f"i{n}", "created_at": "2026-11-23T14:00:00Z", "model": name, "provider": name, "metadata": {name: name}}
        | {"tokens_in": NUMBERS[n % 4], "cost": None if n % 2 else 12.5, "status_code": 200, "duration": n**9}
        for n, name in enumerate((*HOSTILE, "@cf/meta/llama", "@hf/a/b"))
    ]
    return [row for entry in entries if (row := row_of(entry, "a", "g"))]


class TestDrawings:
    """Formats, whatever the names are."""

    def test_csv_is_safe_and_comes_back(self) -> None:
        """No cell is a formula; names of models come back as they were; one line a row."""
        drawn = Csv().head(()) + "".join(map(Csv().row, rows()))
        lines = list(csv.DictReader(io.StringIO(drawn)))
        assert len(lines) == len(rows()) == drawn.count("\n") - 1
        assert [line["model"] for line in lines[-2:]] == ["@cf/meta/llama", "@hf/a/b"]
        assert not any(
            cell.startswith(("=", "+", "-", "@", "\t", "\r")) and not cell.startswith(("@cf/", "@hf/"))
            for line in lines
            for cell in line.values()
        )
        assert lines[0]["status"] == "200"
        assert [lines[n]["tokens_in"] for n in range(4)] == ["", "0", "7", str(2**62)]

    def test_json_comes_back(self) -> None:
        """Integers stay integers, unknown is null, and the bytes are plain ASCII."""
        document = Json(DAY, NOW)
        drawn = document.head(()) + "".join(map(document.row, rows())) + document.foot()
        assert drawn.isascii()
        found = json.loads(drawn)["rows"]
        assert found == [json.loads(Ndjson().row(row)) for row in rows()]
        assert [row["tokens_in"] for row in found[:4]] == [None, 0, 7, 2**62]
        assert (found[-3]["model"], found[-2]["model"]) == (None, "@cf/meta/llama")

    @pytest.mark.parametrize("width", [None, 40, 80, 100, 120, 200])
    def test_a_table_fits(self, width: int | None) -> None:
        """No line is wider than a terminal of 80 columns or more; all are aligned, clean, and one line a row."""
        table = Table(width, {"a": "\x1b]0;x\x07"}, has_gateways=True)
        lines = [table.head(rows()), *map(table.row, rows())]
        assert all(line.endswith("\n") and line[:-1].isprintable() for line in lines)
        assert width is None or width < 80 or max(cells(line[:-1]) for line in lines) <= width
        table = Table(width, {}, has_gateways=False)
        heading = table.head(rows())
        place = cells(heading[: heading.index("status")])
        for line in map(table.row, rows()):
            head, number = line[: line.index("200")], cells(line[: line.index("200")])
            assert number == place + len("status") - len("200"), head

    def test_unknown_is_a_dash(self) -> None:
        """Never 0."""
        table = Table(None, {}, has_gateways=False)
        bare = LogRow("id", NOW, "a", "g")
        table.head([bare])
        assert table.row(bare).split()[2:] == ["–"] * 8 + ["id"]

    def test_a_later_longer_name_is_shortened_on_a_terminal_alone(self) -> None:
        """The first rows decide the widths; a file gets every name whole."""
        short, long = (LogRow("id", NOW, "a", "g", model=name) for name in ("m", "a-model-with-a-long-name"))
        for width, is_whole in ((80, False), (None, True)):
            table = Table(width, {}, has_gateways=False)
            table.head([short])
            assert (long.model in table.row(long)) is is_whole


def sources(box: Box, clock: BentClock) -> list[tuple[Logs, str]]:
    transport = Transport("https://demo.invalid/client/v4", Secret(TOKEN), inner=InProcess(box.answer))
    return [(Logs(transport, clock, ACCOUNT_ID), name) for name in NAMES]


class TestStream:
    """Several gateways as one, and time going on."""

    async def test_followed(self, box: Box, clock: BentClock) -> None:
        """Each request once, oldest first within a batch, however late it came into the log; asked at each interval."""
        said: list[AigwError] = []
        stream = followed(sources(box, clock), LogFilter(DAY), clock, 60, 10, lambda error, _: said.append(error))
        first = [row.id for row in await anext(stream)]
        assert first == list(reversed(truth(box, DAY.since, NOW)[:10]))
        known = set(truth(box, DAY.since, NOW))
        found: list[str] = []
        for _ in range(40):
            batch = await anext(stream)
            assert [row.at for row in batch] == sorted(row.at for row in batch)
            found += [row.id for row in batch]
        await stream.aclose()
        assert set(found) == set(truth(box, DAY.since, clock.now())) - known
        assert len(found) == len(set(found)) > 50
        assert clock.waits.count(60) == 40
        assert said == []

    async def test_what_passes_is_said_and_waited_for(self, clock: BentClock) -> None:
        """A failure in between costs nothing but time; a used up budget is waited for; without permission it ends."""
        until = NOW + timedelta(minutes=8)
        troubles: list[AigwError | None] = [None, TransientError("gone"), BudgetError("x", until), None]

        class Troubled(Logs):
            async def rows(self, gateway: str, wanted: LogFilter) -> Any:
                if not troubles:
                    raise ForbiddenError("no")
                if trouble := troubles.pop(0):
                    raise trouble
                yield LogRow(f"at {clock.now():%H:%M}", clock.now(), "a", gateway)

        said: list[str] = []
        logs = Troubled(Transport("https://x.invalid"), clock, "a")
        stream = followed([(logs, "g")], LogFilter(DAY), clock, 60, 5, lambda error, _: said.append(error.why))
        batches = [[row.id for row in await anext(stream)] for _ in range(4)]
        assert batches == [["at 14:05"], [], [], ["at 14:14"]]
        assert said == ["gone", "x"]
        with pytest.raises(ForbiddenError):
            await anext(stream)

    async def test_one_gateway_that_may_not_be_read(self, clock: BentClock) -> None:
        """It is said, and the others are shown; when none may be read that is the answer."""

        class Guarded(Logs):
            async def rows(self, gateway: str, wanted: LogFilter) -> Any:
                if gateway == "shut":
                    raise ForbiddenError("no")
                yield LogRow("x", clock.now(), "a", gateway)

        logs = Guarded(Transport("https://x.invalid"), clock, "a")
        said: list[str] = []

        def say(_: AigwError, gateway: str) -> None:
            said.append(gateway)

        found = [row.gateway async for row in merged([(logs, "shut"), (logs, "open")], LogFilter(DAY), say)]
        assert (found, said) == (["open"], ["shut"])
        with pytest.raises(ForbiddenError):
            [row async for row in merged([(logs, "shut")], LogFilter(DAY), say)]


class TestProcess:
    """The program as a process."""

    def start(self, *words: str) -> subprocess.Popen[str]:
        line = [*PROGRAM, "logs", "--demo", "--follow", "--format", "ndjson", *words]
        return subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def test_interrupted(self) -> None:
        """Ctrl-C ends it with 130 and without a word."""
        with self.start("--limit", "1") as process:
            assert process.stdout
            assert process.stderr
            assert json.loads(process.stdout.readline())["id"]
            process.send_signal(signal.SIGINT)
            assert process.wait(10) == 130
            assert process.stderr.read() == ""

    def test_a_closed_pipe(self) -> None:
        """It ends by itself when nobody reads any more, also when there is nothing new to be written."""
        with self.start("--limit", "1", "--speed", "60", "--model", "gpt-5-mini", "--min-duration", "1") as process:
            assert process.stdout
            assert process.stderr
            assert json.loads(process.stdout.readline())["id"]
            process.stdout.close()
            assert process.wait(10) == 0
            assert process.stderr.read() == ""

    def test_no_secret_anywhere(self, box: Box, home: Path) -> None:
        """Neither in what is printed nor in a file, in any form, with the most verbose log and a refused token."""
        environ = {**os.environ, "CLOUDFLARE_API_TOKEN": CANARY, "CLOUDFLARE_ACCOUNT_ID": ACCOUNT_ID}
        with Server(box) as server:
            line = [*PROGRAM, "logs", "-vv", "--base-url", server.url]
            done = subprocess.run(line, env=environ, capture_output=True, text=True, check=False)
        assert done.returncode == 1
        seen = done.stdout + done.stderr
        seen += "".join(path.read_text(errors="replace") for path in home.rglob("*") if path.is_file())
        assert not {CANARY, base64.b64encode(CANARY.encode()).decode()} & {*seen.split()}
        assert CANARY not in seen
