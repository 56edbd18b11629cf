"""The command line: what may be written, what is said, and the exit codes."""

from __future__ import annotations

import argparse
import importlib
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aigw_tui import __version__, cli, commands, words
from aigw_tui.commands import demo
from aigw_tui.config import Config
from aigw_tui.demo.worker import WORKER_TOKEN
from aigw_tui.errors import ConfigError
from aigw_tui.model import LAUNCH, TODAY, Period, Window
from aigw_tui.secret import Secret

CANARY = "canary-77ab31-token-value"
NOW = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
PROGRAM = (sys.executable, "-m", "aigw_tui")
HEAVY = {"textual", "httpx", "plotext", "graphql", "msgspec", "platformdirs", "asyncio", "logging.handlers"}

Parse = Callable[..., argparse.Namespace]
AddCommand = Callable[[str], None]


@pytest.fixture
def add_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AddCommand:
    """Adds a command called `try`: one file, whose `run` has this body."""

    def add(body: str) -> None:
        (tmp_path / "try.py").write_text(
            "HELP = 'a command of the test'\nEPILOG = 'examples: none'\nSEEN = []\n"
            "def add_arguments(parser):\n    parser.add_argument('--own')\n"
            f"def run(args):\n    SEEN.append(args)\n    {body}\n"
        )
        monkeypatch.setattr(commands, "__path__", [*commands.__path__, str(tmp_path)])
        monkeypatch.delitem(sys.modules, "aigw_tui.commands.try", raising=False)
        importlib.invalidate_caches()

    return add


@pytest.fixture
def parse(add_command: AddCommand) -> Parse:
    """What the command `try` is given for a line."""

    def parsed(*line: str) -> argparse.Namespace:
        add_command("return 0")
        assert cli.main(line) == 0
        found: argparse.Namespace = importlib.import_module("aigw_tui.commands.try").SEEN[0]
        return found

    return parsed


class TestWords:
    """The words that every command shares."""

    @pytest.mark.parametrize(
        "line",
        [
            "--gateway a --provider p --hours 6 try --own x --gateway b",
            "try --gateway a --own x --hours 6 --gateway b --provider p",
            "--gateway=a --hours=6 --gateway b --provider p try --own=x",
        ],
    )
    def test_they_stand_anywhere(self, parse: Parse, line: str) -> None:
        """Before or after the command, spread over both: the same, and repeated words add up in order."""
        args = parse(*line.split())
        assert (args.gateway, args.provider, args.model, args.own) == (["a", "b"], ["p"], None, "x")
        assert args.period == Period("6 h", hours=6)

    def test_what_is_not_said(self, parse: Parse) -> None:
        """Every word has a value when it is not on the line."""
        args = parse("try")
        assert (args.demo, args.no_color, args.verbose, args.period, args.speed) == (False, False, 0, None, None)

    def test_no_color(self, parse: Parse, monkeypatch: pytest.MonkeyPatch) -> None:
        """NO_COLOR means --no-color when it is not empty."""
        monkeypatch.setenv("NO_COLOR", "")
        assert not parse("try").no_color
        monkeypatch.setenv("NO_COLOR", "1")
        assert parse("try").no_color

    def test_scope(self, parse: Parse) -> None:
        """The words make one narrowing, so that one way back leads to everything; gateways come with the settings."""
        args = parse("try", "--provider", "openai", "--model", "a", "--model", "b", "--week")
        scope = words.scope_of(args, Config(gateway=("prod",)), NOW)
        assert scope.where == (("gateway", ("prod",)), ("provider", ("openai",)), ("model", ("a", "b")))
        assert scope.parent is not None
        assert scope.parent.where == ()
        assert scope.window(NOW).hours[0] == datetime(2026, 11, 17, tzinfo=UTC)
        assert words.scope_of(parse("try"), Config(), NOW).steps == ()

    @pytest.mark.parametrize(
        ("line", "since", "until"),
        [
            ("--since 36h", NOW - timedelta(hours=36), NOW),
            ("--since 7d --until 90m", NOW - timedelta(days=7), NOW - timedelta(minutes=90)),
            ("--since 1999-01-01 --until 2023-09-02", LAUNCH, datetime(2023, 9, 2, tzinfo=UTC)),
            ("--since 2026-11-01", datetime(2026, 11, 1, tzinfo=UTC), NOW),
            ("--since 2026-11-01T10:00:00+02:00", datetime(2026, 11, 1, 8, tzinfo=UTC), NOW),
            (
                "--since 2026-11-01T10:00:00Z --until 2026-11-01T11:00",
                *(datetime(2026, 11, 1, h, tzinfo=UTC) for h in (10, 11)),
            ),
        ],
    )
    def test_times(self, parse: Parse, line: str, since: datetime, until: datetime) -> None:
        """A time is RFC 3339, a day, or an age; UTC where it does not say; never before AI Gateway existed."""
        scope = words.scope_of(parse("try", *line.split()), Config(), NOW)
        assert scope.window(NOW + timedelta(days=1)) == Window(since, until)

    @pytest.mark.parametrize(
        "line", ["--since soon", "--since 0001-01-01T00:00+09:00", "--since 1h --until 2h", "--since 999999w"]
    )
    def test_no_times(self, parse: Parse, line: str) -> None:
        """What is no time, or a window that ends before it begins, is a wrong command line."""
        args = parse("try", *line.split())
        with pytest.raises(ConfigError, match="since"):
            words.scope_of(args, Config(), NOW)

    def test_default_period(self, parse: Parse) -> None:
        """Without a word for time it is today."""
        assert words.scope_of(parse("try"), Config(), NOW).period == TODAY

    def test_settings(self, parse: Parse) -> None:
        """Words that are settings become the configuration's flags, the built-in account's word too."""
        config = words.config_of(parse("try", "--interval", "30", "--account", "a", "--demo", "--theme", "x"))
        assert (config.interval, config.account, config.theme, config.is_demo) == (30, ("a",), "x", True)
        assert config.sources["interval"] == "--interval"

    def test_demo_clock(self, parse: Parse) -> None:
        """The built-in account's clock starts where it is told and runs as fast as it is told."""
        clock = words.demo_clock(parse("try", "--demo", "--at", "09:30", "--speed", "3600"), NOW)
        assert datetime(2026, 11, 23, 9, 30, tzinfo=UTC) <= clock.now() < datetime(2026, 11, 23, 13, tzinfo=UTC)
        assert NOW <= words.demo_clock(parse("try", "--demo"), NOW).now() < NOW + timedelta(minutes=1)


class TestComplaints:
    """A wrong command line is one line on stderr, nothing on stdout, exit code 2."""

    @pytest.mark.parametrize(
        ("line", "said"),
        [
            ("dmo", "did you mean demo?"),
            ("frobnicate", "use one of"),
            ("demo extra", "extra"),
            ("--intervall 5", "did you mean --interval?"),
            ("--interval", "expected one argument"),
            ("--interval 3", "number from 10"),
            ("--hours 0", "whole number from 1"),
            ("--hours ٣", "whole number from 1"),
            ("--today --week", "not allowed with"),
            ("--until 3h", "--since"),
            ("--speed 5", "--demo"),
            ("--seed 0", "--demo"),
            ("--demo --speed 0", "1 to 3600"),
            ("--demo --speed nan", "1 to 3600"),
            ("--demo --at 25:00", "HH:MM"),
            ("demo --serve 70000", "0 to 65535"),
            ("demo --serve x", "0 to 65535"),
            ("--config absent.toml", "absent.toml"),
            ("--base-url http://example.com", "https"),
            ("\x1b]52;c;aGk=\x07", "no command"),
        ],
    )
    def test_one_line(self, line: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
        """The line says what is wrong and what to do; foreign text in it is clean."""
        assert cli.main(line.split()) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith("aigw-tui: ")
        assert said in err
        assert err.removesuffix("\n").isprintable()

    @pytest.mark.parametrize("line", [f"--token {CANARY}", f"--token={CANARY}", f"demo --token {CANARY}", "--token"])
    def test_no_token_flag(self, line: str, capsys: pytest.CaptureFixture[str]) -> None:
        """There is no --token: the line says why and what instead, and does not repeat the token."""
        assert cli.main(line.split()) == 2
        err = capsys.readouterr().err
        assert "list of processes" in err
        assert "--token-file" in err
        assert CANARY not in err

    @pytest.mark.parametrize("line", [f"--api-token {CANARY}", f"--secret={CANARY}"])
    def test_unknown_flags_are_not_repeated_with_their_values(
        self, line: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """What stands behind an unknown flag may be a secret."""
        assert cli.main(line.split()) == 2
        assert CANARY not in capsys.readouterr().err

    def test_no_terminal(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Instead of drawing into a pipe: the table of `usage`, once, and one line that says so."""
        assert cli.main(["--demo"]) == 0
        out, err = capsys.readouterr()
        assert "Summary" in out
        assert "is not a terminal" in err
        assert err.count("\n") == 1


class TestEndings:
    """Exit codes, and what is said at the end."""

    @pytest.mark.parametrize(
        ("body", "code", "said"),
        [
            ("return 0", 0, ""),
            ("return 3", 3, ""),
            ("raise KeyboardInterrupt", 130, ""),
            ("raise BrokenPipeError", 0, ""),
            (
                "from aigw_tui.errors import ForbiddenError as E; raise E('no access')",
                1,
                "not permitted: no access → give",
            ),
            ("raise ValueError('two\\nlines')", 1, "ValueError"),
        ],
    )
    def test_codes(
        self, add_command: AddCommand, body: str, code: int, said: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """0 done, 1 failed, 130 interrupted, a command's own code is kept; a closed pipe is nobody's fault."""
        add_command(body)
        assert cli.main(["try"]) == code
        out, err = capsys.readouterr()
        assert out == ""
        assert said in err
        assert err.count("\n") == (1 if said else 0)

    def test_an_unexpected_failure(
        self, add_command: AddCommand, home: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """The traceback is in the log that the line names; a token in the message is in neither."""
        Secret(CANARY)
        add_command(f"raise RuntimeError('with {CANARY[:8]}' + '{CANARY[8:]}')".replace("with ", ""))
        assert cli.main(["try"]) == 1
        (path,) = home.rglob("aigw-tui.log")
        err = capsys.readouterr().err
        assert str(path) in err
        assert "Traceback" in path.read_text()
        assert CANARY not in err + path.read_text()

    def test_verbose(self, parse: Parse) -> None:
        """`-v` reaches the log."""
        parse("-v", "try")
        assert logging.getLogger("aigw_tui").level == logging.DEBUG

    def test_one_file_is_one_command(self, add_command: AddCommand, capsys: pytest.CaptureFixture[str]) -> None:
        """A new file among the commands is found, listed and documented, without a word elsewhere."""
        add_command("return 0")
        assert cli.main(["--help"]) == 0
        assert "a command of the test" in capsys.readouterr().out
        assert cli.main(["try", "--help"]) == 0
        out = capsys.readouterr().out
        assert all(part in out for part in ("--own", "--gateway", "examples: none"))


@pytest.mark.parametrize("name", cli.names())
def test_every_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each command has one line of help, examples, and a --help that ends well."""
    command = cli._command(name)
    assert command.HELP
    assert "\n" not in command.HELP
    assert "aigw-tui" in command.EPILOG
    assert cli.main([name, "-h"]) == 0
    assert command.EPILOG in capsys.readouterr().out


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    """`--version` is one line on stdout."""
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out == f"aigw-tui {__version__}\n"


class TestProcess:
    """The program as a process."""

    def test_help_is_light(self) -> None:
        """`--help` loads nothing that is slow and makes no file."""
        script = "import sys; from aigw_tui import cli; cli.main(['--help']); print(*sys.modules, file=sys.stderr)"
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
        assert "commands:" in done.stdout
        assert not HEAVY & set(done.stderr.split())
        assert not any(Path.home().iterdir())

    def test_a_pipe_that_closes(self) -> None:
        """`| head -1` ends quietly."""
        reader, writer = os.pipe()
        os.close(reader)
        done = subprocess.run([*PROGRAM, "--help"], stdout=writer, stderr=subprocess.PIPE, text=True, env=_buffered())
        os.close(writer)
        assert (done.returncode, done.stderr) == (0, "")

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
    def test_a_full_disk(self) -> None:
        """Output that cannot be written is one line and exit code 1."""
        with Path("/dev/full").open("w") as full:
            done = subprocess.run(
                [*PROGRAM, "--version"], stdout=full, stderr=subprocess.PIPE, text=True, env=_buffered()
            )
        assert done.returncode == 1
        assert done.stderr.count("\n") == 1
        assert "No space" in done.stderr

    def test_closed_streams(self) -> None:
        """With stdout and stderr closed the program still ends with its code."""
        for word, code in (("--help", 0), ("x", 2)):
            line = f'exec "{sys.executable}" -m aigw_tui {word} >&- 2>&-'
            assert subprocess.run(["sh", "-c", line], check=False).returncode == code

    @pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
    def test_demo_serve(self, number: signal.Signals, code: int) -> None:
        """`demo --serve 0` says where it listens and what to export, and ends cleanly by SIGINT and SIGTERM."""
        with subprocess.Popen(
            [*PROGRAM, "demo", "--serve", "0", "--speed", "60"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as server:
            assert server.stdout is not None
            assert server.stderr is not None
            lines = [server.stdout.readline().strip() for _ in range(4)]
            server.send_signal(number)
            assert server.wait(10) == code
            assert server.stderr.read() == ""
        assert lines[0].startswith("http://127.0.0.1:")
        assert lines[1] == f"export CLOUDFLARE_API_BASE_URL={lines[0]}"
        assert [line.split("=")[0] for line in lines[2:]] == [
            "export CLOUDFLARE_ACCOUNT_ID",
            "export CLOUDFLARE_API_TOKEN",
        ]


def _buffered() -> dict[str, str]:
    """The environment of an ordinary person, where stdout to a file is buffered."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}


def test_port_in_use(capsys: pytest.CaptureFixture[str]) -> None:
    """A port in use is one line and exit code 1."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert cli.main(["demo", "--serve", str(port)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert str(port) in err
    assert err.count("\n") == 1


def test_invitation() -> None:
    """The address alone on the first line, so that a script can read it; then lines to paste."""
    assert demo.invitation("http://x/client/v4", "id", "t").splitlines() == [
        "http://x/client/v4",
        "export CLOUDFLARE_API_BASE_URL=http://x/client/v4",
        "export CLOUDFLARE_ACCOUNT_ID=id",
        "export CLOUDFLARE_API_TOKEN=t",
        "export AIGW_QUOTA_URL=http://x/worker/quota",
        f"export AIGW_QUOTA_TOKEN_COMMAND='printf %s {WORKER_TOKEN}'",
    ]
