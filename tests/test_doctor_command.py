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
from aigw_tui.demo.worker import PATH, WORKER_TOKEN
from aigw_tui.history import open_history
from aigw_tui.model import Clock
from messages import HOOK
from sink import Sink
from test_compare_command import Nonsense
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


class TestCounter:
    """A Worker's own counter, at its own origin with its own token."""

    def states(self, document: dict[str, Any]) -> dict[str, str]:
        return {one["name"]: one["state"] for one in document["checks"] if one["group"] == "counter"}

    @pytest.fixture
    def worker(self, serve: Serve, monkeypatch: pytest.MonkeyPatch) -> str:
        """The built-in account's, which stops 500 neurons early."""
        url = serve().removesuffix("/client/v4") + PATH
        monkeypatch.setenv("AIGW_QUOTA_URL", url)
        monkeypatch.setenv("AIGW_QUOTA_TOKEN_COMMAND", f"printf {WORKER_TOKEN}")
        return url

    def test_it_answers(self, worker: str, examine: Examine) -> None:
        """What it counts, and that its limit is another; that is no failure."""
        assert worker
        code, found = examine()
        assert code == 0
        assert self.states(found) == {"Worker's counter": "ok", "Worker's limit": "warning"}
        assert check(found, "Worker's counter")["words"].endswith(" neurons of 9,500 on 23 Nov")
        assert "9,500 neurons a day, and neuron_limit is 10,000" in check(found, "Worker's limit")["words"]

    def test_the_same_limit(self, worker: str, examine: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
        """Is not worth a line."""
        assert worker
        monkeypatch.setenv("AIGW_NEURON_LIMIT", "9500")
        assert self.states(examine()[1]) == {"Worker's counter": "ok"}

    def test_not_configured(self, serve: Serve, examine: Examine) -> None:
        """Nothing is asked and nothing is said."""
        serve()
        assert self.states(examine()[1]) == {}

    @pytest.mark.parametrize(
        ("command", "words", "remedy"),
        [
            (f"printf {CANARY}", "HTTP 401", "set quota_token_command"),
            ("false", "false failed with exit code 1", "run false by hand"),
        ],
    )
    def test_a_wrong_token(
        self, worker: str, examine: Examine, monkeypatch: pytest.MonkeyPatch, command: str, words: str, remedy: str
    ) -> None:
        """Fails, with the remedy that is about this token; no token is shown."""
        assert worker
        monkeypatch.setenv("AIGW_QUOTA_TOKEN_COMMAND", command)
        code, found = examine()
        assert (code, self.states(found)) == (1, {"Worker's counter": "fails"})
        assert words in check(found, "Worker's counter")["words"]
        assert remedy in check(found, "Worker's counter")["remedy"]
        assert CANARY not in json.dumps(found)

    def test_out_of_reach(self, serve: Serve, examine: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
        """Cannot be told, and nothing hangs on it."""
        serve()
        monkeypatch.setenv("AIGW_QUOTA_URL", "http://127.0.0.1:1/quota")
        code, found = examine()
        assert (code, self.states(found)) == (0, {"Worker's counter": "cannot tell"})
        assert "refused the connection" in check(found, "Worker's counter")["words"]

    @pytest.mark.parametrize(
        ("body", "code", "states"),
        [
            (b"<html>Sign in</html>", 1, {"Worker's counter": "fails"}),
            (b'{"neuronsUsed": -5}', 1, {"Worker's counter": "fails"}),
            (b'{"neuronsUsed": 5, "date": "2026-11-22"}', 0, {"Worker's counter": "ok", "Worker's day": "warning"}),
            (b'{"neuronsUsed": 5, "date": "2026-11-23"}', 0, {"Worker's counter": "ok"}),
        ],
    )
    def test_what_it_says(
        self,
        serve: Serve,
        examine: Examine,
        monkeypatch: pytest.MonkeyPatch,
        body: bytes,
        code: int,
        states: dict[str, str],
    ) -> None:
        """Nonsense fails; another day is a warning."""
        serve()
        with Nonsense(200, body) as worker:
            monkeypatch.setenv("AIGW_QUOTA_URL", worker.url)
            found = examine()
        assert (found[0], self.states(found[1])) == (code, states)

    def test_several_accounts(self, serve: Serve, examine: Examine, tmp_path: Path) -> None:
        """A URL at the top counts for none of them, and that is said; one in an account's own table for that one."""
        serve(Limits(accounts=2))
        path = tmp_path / "config.toml"
        with Nonsense(200, b'{"neuronsUsed": 5}') as worker:
            path.write_text(f'quota_url = "{worker.url}"\n')
            found = examine("--config", str(path))[1]
            assert "2 accounts are watched" in check(found, "Worker's counter")["words"]
            assert check(found, "Worker's counter")["state"] == "warning"
            accounts = ["--account", ACCOUNT_ID, "--account", other(found)]
            path.write_text(f'[account."{ACCOUNT_ID}"]\nquota_url = "{worker.url}"\n')
            found = examine("--config", str(path), *accounts)[1]
        assert (check(found, "Worker's counter")["state"], check(found, "Worker's counter")["account"]) == (
            "ok",
            "acme",
        )


def other(document: dict[str, Any]) -> str:
    """The id of the second account."""
    words = str(check(document, "account")["words"])
    return words.partition("acme-2 (")[2].partition(")")[0]


class TestAlerts:
    """Rules and targets: all that shows without sending."""

    @pytest.fixture
    def written(self, serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
        serve()
        monkeypatch.setenv("AIGW_CONFIG", str(tmp_path / "config.toml"))

        def write(text: str) -> None:
            (tmp_path / "config.toml").write_text(text)

        return write

    RULE = '[[alert]]\nname = "errors"\nwhen = "error_rate"\nabove = 0.05\nto = ["team"]\n'

    def test_a_target_that_is_named(self, written: Callable[[str], None], examine: Examine) -> None:
        """It is not tried, and how to do that is said; its address is not."""
        with Sink() as sink:
            written(f'{self.RULE}[target.team]\nkind = "webhook"\nurl = "{sink.url}/{HOOK}"\n')
            code, found = examine()
        assert (code, sink.came) == (0, [])
        assert check(found, "alert rules")["words"] == "errors"
        assert check(found, "target team")["state"] == "ok"
        words = "webhook, for alert errors; nothing was sent: aigw-tui alerts test does that"
        assert check(found, "target team")["words"] == words
        assert HOOK not in json.dumps(found)

    @pytest.mark.parametrize(
        ("text", "name", "state", "words"),
        [
            ('[target.team]\nkind = "slack"\n', "target team", "fails", "needs url"),
            (f'[target.team]\nkind = "slack"\nurl_command = ["echo", "http://h.example/{HOOK}"]\n', "target team",
             "fails", "its url is not of the form https://host/path"),
            ('[target.team]\nkind = "slack"\nurl_command = ["false"]\n', "target team", "fails", "exit code 1"),
            ('[target.team]\nkind = "command"\ncommand = ["/no/such/program"]\n', "target team", "fails",
             "cannot run /no/such/program"),
            (f'[target.taem]\nkind = "slack"\nurl = "https://h.example/{HOOK}"\n', "no such target", "fails",
             "alert 'errors': to names 'team', which is no target"),
            (f'[target.taem]\nkind = "slack"\nurl = "https://h.example/{HOOK}"\n', "target taem", "warning",
             "nothing is sent to it"),
            ('[[alert]]\nname = "x"\nwhen = "error_rat"\nabove = 1\n', "alert rules", "fails",
             "alert 'x': there is no expression error_rat"),
        ],
    )  # fmt: skip
    def test_what_is_wrong(
        self, written: Callable[[str], None], examine: Examine, text: str, name: str, state: str, words: str
    ) -> None:
        """A line each, with its remedy; no secret."""
        written((self.RULE if "[[alert]]" not in text else "") + text)
        code, found = examine()
        assert code == 1
        assert check(found, name)["state"] == state
        assert words in check(found, name)["words"]
        assert check(found, name)["remedy"]
        assert HOOK not in json.dumps(found)

    def test_the_report(self, written: Callable[[str], None], examine: Examine) -> None:
        """Whom it names is checked as well."""
        written(f'report_to = ["taem"]\n{self.RULE}[target.team]\nkind = "slack"\nurl = "https://h.example/{HOOK}"\n')
        code, found = examine()
        assert code == 1
        assert check(found, "no such target")["remedy"] == "did you mean team?"


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
