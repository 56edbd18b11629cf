"""`setup` against a server on loopback, in a pipe and in a real terminal: from nothing to what works."""

from __future__ import annotations

import io
import os
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from aigw_tui import cli
from aigw_tui.clock import FastClock, SystemClock
from aigw_tui.config import load
from aigw_tui.demo.box import ACCOUNT_ID, ACCOUNT_TOKEN, TOKEN, Box, Limits
from aigw_tui.demo.server import Server
from terminal import Terminal
from wire import CANARY

Serve = Callable[..., str]
Run = Callable[..., tuple[int, str, str]]
"""Words of the command line → exit code, stdout, stderr."""


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """A built-in account on loopback, of any kind; its address is in the environment, a token is not."""
    with ExitStack() as stack:

        def start(limits: Limits = Limits()) -> str:  # noqa: B008
            server = stack.enter_context(Server(Box(FastClock(SystemClock().now()), limits=limits)))
            monkeypatch.setenv("CLOUDFLARE_API_BASE_URL", server.url)
            return server.url

        yield start


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """With the token on standard input, unless told otherwise."""

    def setup(*words: str, token: str | None = TOKEN) -> tuple[int, str, str]:
        if token is not None:
            monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(token.encode())))
            words = (*words, "--token-file", "-")
        code = cli.main(["setup", "--wait", "0", *words])
        return code, *capsys.readouterr()

    return setup


@pytest.fixture
def folder(home: Path) -> Path:
    return home / ".config" / "aigw-tui"


def written(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "config.toml").read_text())


class TestByFlags:
    """Without a terminal nothing is asked."""

    def test_from_nothing_to_running(
        self, serve: Serve, run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """One command: two private files; with them alone the program finds account, gateway, token and address."""
        url = serve()
        code, out, err = run("--gateway", "batch")
        assert code == 0
        assert written(folder) == {
            "account": [ACCOUNT_ID],
            "gateway": ["batch"],
            "base_url": url,
            "token_file": "token",
        }
        assert {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()} == {
            "config.toml": 0o600,
            "token": 0o600,
        }
        monkeypatch.delenv("CLOUDFLARE_API_BASE_URL")
        config = load({}, {})
        token = config.token()
        assert token is not None
        assert (token.reveal(), config.gateway, config.base_url) == (TOKEN, ("batch",), url)
        assert f"/{ACCOUNT_ID}/batch/workers-ai/" in out
        assert 'gateway: { id: "batch", skipCache: false, cacheTtl: 86400 }' in out
        assert TOKEN not in out + err
        assert cli.main(["doctor"]) == 0

    def test_printed(self, serve: Serve, run: Run, folder: Path) -> None:
        """`--print` writes no file; stdout is a .env whose token is to be pasted."""
        serve()
        code, out, err = run("--print", "--gateway", "batch")
        assert (code, folder.exists()) == (0, False)
        assert [line for line in out.splitlines() if not line.startswith("#")] == [
            "CLOUDFLARE_API_TOKEN=",
            f"CLOUDFLARE_ACCOUNT_ID={ACCOUNT_ID}",
            "AI_GATEWAY_ID=batch",
        ]
        assert TOKEN not in out + err

    def test_an_account_token(self, serve: Serve, run: Run, folder: Path) -> None:
        """It is verified where it belongs; that it may not read its own policies is said."""
        serve()
        code, _, err = run(token=ACCOUNT_TOKEN)
        assert code == 0
        assert "of an account" in err
        assert "cannot tell" in err
        assert "gateway" not in written(folder)

    @pytest.mark.parametrize(
        ("words", "limits", "token", "code", "said"),
        [
            ("", Limits(), CANARY, 1, "token refused"),
            ("", Limits(), "two words", 2, "space"),
            ("", Limits(accounts=2), TOKEN, 2, "add --account ID"),
            ("--account acne", Limits(), TOKEN, 2, "did you mean acme?"),
            ("--gateway prd-api", Limits(), TOKEN, 2, "did you mean prod-api?"),
            ("--gateway x", Limits(has_gateways=False), TOKEN, 2, "--create-gateway x"),
            ("--create-gateway new --yes", Limits(), TOKEN, 1, "AI Gateway: Edit"),
            ("--create-gateway new --yes", Limits(), ACCOUNT_TOKEN, 1, "AI Gateway: Edit"),
            ("--create-gateway new", Limits(may_edit=True), TOKEN, 2, "--yes"),
            ("--create-gateway batch", Limits(may_edit=True), TOKEN, 2, "already"),
            ("--create-gateway New! --yes", Limits(may_edit=True), TOKEN, 2, "a-z"),
            ("--cache-ttl 5", Limits(), TOKEN, 2, "use 0, or 60"),
        ],
    )
    def test_what_cannot_be(
        self, serve: Serve, run: Run, folder: Path, words: str, limits: Limits, token: str, code: int, said: str
    ) -> None:
        """Cause and remedy in the last line, an exit code, no file, and never the token."""
        serve(limits)
        found, out, err = run(*words.split(), token=token)
        assert (found, out, folder.exists()) == (code, "", False)
        assert said in err.splitlines()[-1]
        assert token not in err

    def test_nobody_to_ask(self, serve: Serve, run: Run) -> None:
        """Without a token and without a terminal it says where tokens are made, and how to pass one."""
        serve()
        code, _, err = run(token=None)
        assert code == 2
        assert all(part in err for part in ("/profile/api-tokens", "Account Analytics: Read", "--token-file"))

    def test_a_gateway_is_made(self, serve: Serve, run: Run, folder: Path) -> None:
        """With the permission: it says what it does, does it, watches it, and prints its calls with its cacheTtl."""
        serve(Limits(may_edit=True))
        code, out, err = run("--create-gateway", "new", "--cache-ttl", "300", "--yes")
        assert code == 0
        assert "logs on, answers cached for 5 min" in err
        assert "AI Gateway Write" in err
        assert 'id: "new", skipCache: false, cacheTtl: 300' in out
        assert written(folder)["gateway"] == ["new"]
        assert run("--create-gateway", "new", "--yes")[0] == 2

    def test_what_is_off_is_said(self, serve: Serve, run: Run) -> None:
        """Logs that are off, and a gateway that does not exist at all."""
        serve(Limits(unlogged=frozenset(("batch",))))
        assert "logs are off" in run("--gateway", "batch")[2]
        serve(Limits(has_gateways=False))
        code, out, err = run("--config", "other.toml")
        assert (code, out) == (0, "")
        assert "--create-gateway" in err


class TestExistingConfig:
    """A person's own file is theirs."""

    def test_merged(self, serve: Serve, run: Run, folder: Path) -> None:
        """What was there stays, comments too; doing it twice changes nothing."""
        serve()
        folder.mkdir(parents=True)
        path = folder / "config.toml"
        path.write_text("# mine\ninterval = 30  # slow\n\n[target.x]\nkind = 'slack'  # ours\n")
        assert run()[0] == 0
        text = path.read_text()
        assert text.startswith("# mine\ninterval = 30  # slow\n")
        assert text.endswith("\n\n[target.x]\nkind = 'slack'  # ours\n")
        assert run()[0] == 0
        assert path.read_text() == text

    @pytest.mark.parametrize(
        "before", ['gateway = "other"  # mine\n', 'gateway = [\n  "other",\n]\n', 'token_command = ["echo", "x"]\n']
    )
    def test_contradicted(self, serve: Serve, run: Run, folder: Path, before: str) -> None:
        """A file that says something else is left alone, unless it may be replaced; then nothing of it is lost."""
        serve()
        folder.mkdir(parents=True)
        path = folder / "config.toml"
        path.write_text(before)
        code, _, err = run("--gateway", "batch")
        assert (code, path.read_text(), len(list(folder.iterdir()))) == (2, before, 1)
        assert "--force" in err
        assert run("--gateway", "batch", "--force")[0] == 0
        assert written(folder)["gateway"] == ["batch"]
        kept = "# mine" in path.read_text() or (folder / "config.toml.old-1").read_text() == before
        assert kept

    def test_unwritable(self, serve: Serve, run: Run, home: Path) -> None:
        """A folder that cannot be made is one line, exit code 1."""
        serve()
        (home / ".config").write_text("a file in the way")
        code, _, err = run()
        assert code == 1
        assert "cannot write" in err


class TestInATerminal:
    """Asked and answered in a real pty."""

    def test_a_whole_sitting(self, serve: Serve, home: Path, folder: Path) -> None:
        """Token (never echoed), account and gateway by number: exit code 0, both files, the calls on the screen."""
        url = serve(Limits(accounts=2))
        with Terminal("setup", size=(160, 60), environ=environment(home, url)) as terminal:
            text = terminal.until(lambda text: "Paste the token" in text)
            assert "https://dash.cloudflare.com/profile/api-tokens" in text
            assert "Workers AI: Read" in text
            terminal.press(f"Bearer {TOKEN}\n")
            terminal.until(lambda text: text.count("Paste the token") == 2)
            terminal.press(f"{TOKEN}\n")
            terminal.until(lambda text: "Number (1-2):" in text)
            terminal.press("7\n")
            terminal.until(lambda text: "7 is not one of them" in text)
            terminal.press("2\n")
            terminal.until(lambda text: "Enter: all of them" in text)
            terminal.press("3\n")
            assert terminal.end() == 0
            assert TOKEN.encode() not in terminal.bytes
            assert terminal.is_whole()
            assert "cacheTtl: 86400" in terminal.text
        found = written(folder)
        assert found["gateway"] == ["batch"]
        assert found["account"] != [ACCOUNT_ID]
        assert (folder / "token").read_text() == f"{TOKEN}\n"

    @pytest.mark.parametrize("prompt", ["Paste the token", "Number (1-2):", "Enter: all of them"])
    def test_ctrl_c_at_any_prompt(self, serve: Serve, home: Path, folder: Path, prompt: str) -> None:
        """Exit code 130, no file, no traceback, and the terminal echoes again."""
        url = serve(Limits(accounts=2))
        with Terminal("setup", size=(160, 60), environ=environment(home, url)) as terminal:
            for asked, answer in (("Paste the token", TOKEN), ("Number (1-2):", "1"), ("Enter: all of them", "")):
                terminal.until(lambda text, asked=asked: asked in text)  # type: ignore[misc]
                if asked == prompt:
                    terminal.press("\x03")
                    break
                terminal.press(f"{answer}\n")
            assert terminal.end() == 130
            assert terminal.is_whole()
            assert b"Traceback" not in terminal.bytes
        assert not folder.exists()

    def test_a_gateway_is_made_only_after_a_yes(self, serve: Serve, home: Path, folder: Path) -> None:
        """No is no: nothing is made, nothing is written."""
        url = serve(Limits(may_edit=True))
        environ = {**environment(home, url), "CLOUDFLARE_API_TOKEN": TOKEN}
        for answer, code in (("n", 2), ("y", 0)):
            with Terminal("setup", "--create-gateway", "new", size=(160, 60), environ=environ) as terminal:
                terminal.until(lambda text: "Make it? [y/N]" in text)
                assert not folder.exists()
                terminal.press(f"{answer}\n")
                assert terminal.end() == code
        assert written(folder)["gateway"] == ["new"]


def test_the_token_is_nowhere_else(serve: Serve, home: Path, folder: Path) -> None:
    """After a refused token, a pasted one and the most talkative log: only the token's file holds it."""
    url = serve()
    environ = {**environment(home, url), "CLOUDFLARE_API_TOKEN": CANARY}
    with Terminal("setup", "-vv", "--wait", "0", "--gateway", "batch", size=(160, 60), environ=environ) as terminal:
        terminal.until(lambda text: "refuses this token" in text and "Paste the token" in text)
        terminal.press(f"{TOKEN}\n")
        assert terminal.end() == 0
        shown = terminal.bytes
    files = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    for secret in (CANARY.encode(), TOKEN.encode()):
        assert secret not in shown
        assert [path.name for path, content in files.items() if secret in content] in ([], ["token"])
    assert (folder / "token").read_text() == f"{TOKEN}\n"


def test_a_new_token_may_flap() -> None:
    """An unknown token is asked for again for a while, with pauses that grow, and that is said; then it works."""
    import asyncio

    from aigw_tui.arrival.reception import Reception
    from aigw_tui.cloudflare.client import Client
    from wire import BentClock, Script, said

    unknown = said({"success": False, "errors": [{"code": 1000, "message": "Invalid API Token"}]}, 401)
    known = said({"success": True, "errors": [], "result": {"id": "t", "status": "active"}})
    clock, told = BentClock(), list[str]()
    script = Script(unknown, unknown, unknown, unknown, known)
    token = asyncio.run(Reception(Client(script, clock), clock, 60, told.append).token(ACCOUNT_ID))
    assert (token.status, [wait for wait in clock.waits if wait]) == ("active", [2, 4])
    assert len(told) == 2
    assert "may take a minute" in told[0]


def environment(home: Path, url: str) -> dict[str, str]:
    return {"HOME": str(home), "CLOUDFLARE_API_BASE_URL": url, "PYTHONPATH": os.pathsep.join(sys.path)}
