"""`doctor` against a server on loopback, with faults: every line says what is so and what to do."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from aigw_tui import cli
from aigw_tui.clock import FastClock
from aigw_tui.demo.box import ACCOUNT_ID, ACCOUNT_TOKEN, TOKEN, Box, Limits
from aigw_tui.demo.server import Server
from aigw_tui.history import open_history
from aigw_tui.model import Clock
from wire import CANARY, NOW

REQUESTS = "aiGatewayRequestsAdaptiveGroups"
NEURONS = "aiInferenceAdaptiveGroups"

Examine = Callable[..., tuple[int, dict[str, Any]]]
"""Words of the command line → exit code and the JSON document."""
Serve = Callable[..., str]


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """A built-in account on loopback, of any kind, in the environment with its token."""
    with ExitStack() as stack:

        def start(limits: Limits = Limits(), token: str = TOKEN, clock: Clock | None = None) -> str:  # noqa: B008
            server = stack.enter_context(Server(Box(clock or FastClock(NOW), limits=limits)))
            monkeypatch.setenv("CLOUDFLARE_API_BASE_URL", server.url)
            monkeypatch.setenv("CLOUDFLARE_API_TOKEN", token)
            return server.url

        yield start


@pytest.fixture(autouse=True)
def afternoon() -> Iterator[None]:
    """The program and the server agree about the time."""
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def examine(capsys: pytest.CaptureFixture[str]) -> Examine:
    def run(*words: str) -> tuple[int, dict[str, Any]]:
        code = cli.main(["doctor", "--json", *words])
        out, err = capsys.readouterr()
        assert err == ""
        found: dict[str, Any] = json.loads(out)
        return code, found

    return run


def check(document: dict[str, Any], name: str) -> dict[str, Any]:
    """The one check of that name."""
    (found,) = (one for one in document["checks"] if one["name"] == name)
    assert isinstance(found, dict)
    return found


def test_all_is_well(serve: Serve, examine: Examine) -> None:
    """A good token: every dataset answers, the gateways are listed with their settings, rows are fresh; exit code 0."""
    serve()
    code, found = examine()
    assert (code, found["schema"]) == (0, "aigw-tui.doctor/1")
    assert {one["state"] for one in found["checks"]} <= {"ok", "warning"}
    assert "of a user, does not expire; from CLOUDFLARE_API_TOKEN" in check(found, "token")["words"]
    assert check(found, "dataset requests")["state"] == "ok"
    assert "62 days back, 32 days in one question" in check(found, f"limits {REQUESTS}")["words"]
    assert "at most 60 requests in 1 min" in check(found, "gateway chat-widget")["words"]
    assert "min old" in check(found, "last 24 h")["words"]
    assert "agrees" in check(found, "clock")["words"]


def test_every_check_names_its_remedy(serve: Serve, examine: Examine) -> None:
    """Whatever is not well says what to do, whatever is well does not."""
    serve(Limits(denied=frozenset((NEURONS,)), unlogged=frozenset(("batch",)), may_edit=True))
    code, found = examine("--gateway", "prd-api")
    assert code == 1
    for one in found["checks"]:
        assert (one["remedy"] is not None) == (one["state"] in ("warning", "fails")), one


@pytest.mark.parametrize("token", [CANARY, "x"])
def test_wrong_token(serve: Serve, examine: Examine, token: str) -> None:
    """A refused token fails, what hangs on it is not asked, and it is shown nowhere; exit code 1."""
    serve(token=token)
    code, found = examine("--account", ACCOUNT_ID)
    assert code == 1
    assert check(found, "token")["state"] == "fails"
    assert check(found, "last 24 h")["state"] == "cannot tell"


def test_no_token(examine: Examine) -> None:
    """Without a token it says how to get one; this machine is examined all the same."""
    code, found = examine()
    assert code == 1
    assert "aigw-tui setup" in check(found, "token")["remedy"]
    assert check(found, "database")["state"] == "ok"


def test_offline(monkeypatch: pytest.MonkeyPatch, examine: Examine) -> None:
    """Where nothing answers nothing fails, but nothing can be told either, and the cause is said; exit code 3."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    monkeypatch.setenv("CLOUDFLARE_API_BASE_URL", f"http://127.0.0.1:{port}/client/v4")
    monkeypatch.setenv("CLOUDFLARE_API_TOKEN", TOKEN)
    code, found = examine("--account", ACCOUNT_ID)
    assert (code, found["verdict"]) == (3, "cannot tell")
    assert "refused the connection" in check(found, "token")["words"]


def test_an_account_token(serve: Serve, examine: Examine) -> None:
    """Its kind is said, and that its own policies may not be read."""
    serve(token=ACCOUNT_TOKEN)
    code, found = examine()
    assert code == 0
    assert "of an account" in check(found, "token")["words"]
    assert check(found, "reads only")["state"] == "cannot tell"


def test_a_token_that_can_write(serve: Serve, examine: Examine) -> None:
    """That is a warning which names what it can do."""
    serve(Limits(may_edit=True))
    code, found = examine()
    assert code == 0
    assert check(found, "reads only")["state"] == "warning"
    assert "AI Gateway Write" in check(found, "reads only")["words"]


def test_a_missing_permission(serve: Serve, examine: Examine) -> None:
    """A dataset that is refused fails alone; the others answer."""
    serve(Limits(denied=frozenset((NEURONS,))))
    code, found = examine()
    assert code == 1
    assert check(found, "dataset neurons")["state"] == "fails"
    assert "Account Analytics: Read" in check(found, "dataset neurons")["remedy"]
    assert check(found, "dataset requests")["state"] == "ok"


def test_a_missing_measure(serve: Serve, examine: Examine) -> None:
    """What the account does not have is named with the reason."""
    serve(Limits(missing=frozenset((f"{REQUESTS}.quantiles_durationMsP90",))))
    _, found = examine()
    assert "duration_p90" in check(found, "missing in requests")["words"]


class TestNoData:
    """No rows are explained, with the evidence."""

    def test_a_permission_is_missing_without_a_word(self, serve: Serve, examine: Examine) -> None:
        """The logs have requests and analytics has none."""
        serve(Limits(silent=frozenset((REQUESTS,))))
        code, found = examine()
        assert code == 1
        assert "permission is missing: the request logs have" in check(found, "last 24 h")["words"]

    def test_nothing_can_tell(self, serve: Serve, examine: Examine) -> None:
        """Without logs both are possible, and both are said."""
        serve(Limits(silent=frozenset((REQUESTS,)), has_logs=False))
        _, found = examine()
        assert check(found, "last 24 h")["state"] == "cannot tell"
        assert "none were sent, or" in check(found, "last 24 h")["words"]

    def test_wrong_gateway(self, serve: Serve, examine: Examine) -> None:
        """A gateway that does not exist has a neighbour that does."""
        serve()
        code, found = examine("--gateway", "prd-api")
        assert code == 1
        assert check(found, "gateway id")["remedy"] == "did you mean prod-api?"

    def test_no_gateway(self, serve: Serve, examine: Examine) -> None:
        """An account without one is told how to make one."""
        serve(Limits(has_gateways=False, silent=frozenset((REQUESTS,))))
        _, found = examine()
        assert "--create-gateway" in check(found, "gateways")["remedy"]


def test_a_skewed_clock(serve: Serve, examine: Examine) -> None:
    """More than a minute is a warning that says which way."""
    serve(clock=FastClock(NOW + timedelta(minutes=10)))
    code, found = examine()
    assert code == 0
    assert check(found, "clock")["state"] == "warning"
    assert "min behind" in check(found, "clock")["words"]


class TestDatabase:
    """The history file is looked at, and never touched."""

    def test_sound_with_a_holder(self, serve: Serve, examine: Examine, tmp_path: Path) -> None:
        """Its size and who asks for the account are said."""
        url = serve()
        path = tmp_path / "own" / "history.sqlite"
        opened = open_history(path, url, NOW)
        assert opened.history.take(ACCOUNT_ID, "another", NOW, NOW + timedelta(minutes=5))
        _, found = examine("--config", str(config(tmp_path, path)))
        assert check(found, "database")["words"].endswith("sound")
        assert ACCOUNT_ID in check(found, "asked by")["words"]
        opened.history.close()
        before = path.read_bytes()
        assert check(examine("--config", str(config(tmp_path, path)))[1], "database")["state"] == "ok"
        assert {one.name: one.read_bytes() for one in path.parent.iterdir()} == {"history.sqlite": before}

    @pytest.mark.parametrize("content", [b"garbage" * 1000, b""])
    def test_damaged_or_empty(self, serve: Serve, examine: Examine, tmp_path: Path, content: bytes) -> None:
        """Damage fails; the file is byte for byte as before, and nothing lies beside it."""
        serve()
        path = tmp_path / "own" / "history.sqlite"
        path.parent.mkdir()
        path.write_bytes(content)
        code, found = examine("--config", str(config(tmp_path, path)))
        assert code == (1 if content else 0)
        assert ("is damaged" in check(found, "database")["words"]) == bool(content)
        assert path.read_bytes() == content
        assert [one.name for one in path.parent.iterdir()] == ["history.sqlite"]


def config(folder: Path, store: Path) -> Path:
    """A config.toml that keeps history there."""
    path = folder / "config.toml"
    path.write_text(f"store = {json.dumps(str(store))}\n")
    return path


def test_settings_are_masked(serve: Serve, examine: Examine, home: Path) -> None:
    """Every setting has its source; neither the token nor what a command is given is shown, anywhere."""
    serve(token=CANARY)
    file = home / ".config" / "aigw-tui" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text(f'interval = 30\ntoken_command = ["echo", "{CANARY}"]\n')
    _, found = examine("--account", ACCOUNT_ID, "-vv")
    settings = {one["key"]: one for one in found["settings"]}
    assert settings["interval"] == {"key": "interval", "value": "30", "source": f"{file} (interval)"}
    assert settings["token"] == {"key": "token", "value": "•••", "source": "CLOUDFLARE_API_TOKEN"}
    assert settings["token_command"]["value"] == "•••"
    assert CANARY not in json.dumps(found)
    assert not [path for path in home.rglob("*") if path.is_file() and path != file and CANARY in path.read_text()]


def test_broken_settings(home: Path, examine: Examine) -> None:
    """They fail as a line of their own; the rest is still examined."""
    file = home / ".config" / "aigw-tui" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text("intervall = 30\n")
    code, found = examine()
    assert code == 1
    assert "did you mean interval?" in check(found, "settings")["remedy"]


def test_several_accounts(serve: Serve, examine: Examine) -> None:
    """Each is examined, and its checks carry its name."""
    serve(Limits(accounts=2))
    code, found = examine()
    assert code == 0
    assert {one["account"] for one in found["checks"] if one["group"] == "gateways"} == {"acme", "acme-2"}


def test_a_person_reads_a_line_a_check(capsys: pytest.CaptureFixture[str]) -> None:
    """Mark and word, name, what is so; as many lines as are counted at the end; no colour in a pipe."""
    assert cli.main(["doctor", "--demo"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    checks = [line for line in out.splitlines() if line.startswith(("✓ ok  ", "! warning  ", "✗ fails  ", "? cannot"))]
    oks, warnings = out.splitlines()[-1].split(", ")
    assert int(oks.split()[0]) + int(warnings.split()[0]) == len(checks)
    assert "\x1b" not in out
    assert os.environ.get("HOME", "?") not in out.split("settings")[0]
