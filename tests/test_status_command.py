"""`status`: one line from history alone, true about its age, and without a trace."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from aigw_tui import cli
from aigw_tui.insight.joined import Usage
from aigw_tui.outlets.statusfields import FIELDS
from aigw_tui.outlets.statusline import Standing, filled, line, values
from kept import kept
from world import ACCOUNT, NEURON_QUOTA, NOW, SERVER

GOLDEN = Path(__file__).parent / "golden" / "status.txt"
HEAVY = {"httpx", "msgspec", "asyncio", "textual", "graphql", "stamina", "dotenv"}
Ask = Callable[..., str]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that a monitor left, and the environment of the person who ran it."""
    path = kept(tmp_path / "data" / "history.sqlite")
    monkeypatch.setenv("AIGW_STORE", str(path))
    monkeypatch.setenv("CLOUDFLARE_API_BASE_URL", SERVER)
    return path


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Ask:
    """What `status` prints, a while after the last reading; it must exit 0 and say nothing else."""

    def asked(*words: str, later: timedelta = timedelta(0)) -> str:
        with time_machine.travel(NOW + later, tick=False):
            assert cli.main(["status", *words]) == 0
        out, err = capsys.readouterr()
        assert err == ""
        assert out.endswith("\n")
        assert out.count("\n") == 1
        return out.removesuffix("\n")

    return asked


@pytest.mark.usefixtures("store")
def test_golden_lines(ask: Ask) -> None:
    """The bytes for a few formats are the contract: words after `$`, below them the line."""
    for words, said in zip(*[iter(GOLDEN.read_text().splitlines())] * 2, strict=True):
        text, later = words.removeprefix("$ ").rsplit(" # after ", 1)
        format_ = ("--format", text) if text else ()
        assert ask(*format_, later=timedelta(minutes=int(later))) == said


@pytest.mark.usefixtures("store")
class TestAge:
    """Old figures say that they are old, whatever the format."""

    def test_fresh(self, ask: Ask) -> None:
        assert "stale" not in ask(later=timedelta(minutes=5))

    def test_stale(self, ask: Ask) -> None:
        """After five minutes, or three intervals where these are longer."""
        assert ask(later=timedelta(minutes=12)).endswith(" · stale 12 min")
        assert "stale" not in ask("--interval", "600", later=timedelta(minutes=12))
        assert ask("--interval", "600", later=timedelta(minutes=31)).endswith("stale 31 min")

    def test_a_format_of_ones_own(self, ask: Ask) -> None:
        """Said at the end, unless the format has a field for it."""
        late = timedelta(minutes=12)
        assert ask("--format", "{requests}", later=late).endswith(" stale 12 min")
        assert ask("--format", "{state}", later=late) == "stale"
        assert ask("--format", "[{stale}]", later=late) == "[stale 12 min]"
        assert ask("--format", "[{stale}]") == "[]"

    def test_a_day_of_which_nothing_was_read(self, ask: Ask) -> None:
        """Yesterday's figures are not today's."""
        assert ask(later=timedelta(hours=12)) == "nothing read today · stale 12 h 00 min"


class TestWords:
    """Which account, and which of its requests."""

    def test_a_gateway(self, store: Path, ask: Ask) -> None:
        """Requests are those of the gateway; the neurons stay the account's, which is what runs out."""
        with closing(sqlite3.connect(store)) as database:
            found = database.execute(
                "SELECT name.text, SUM(requests) FROM requests JOIN name ON name.id = gateway"
                " WHERE bucket >= ? GROUP BY 1",
                (int(NOW.replace(hour=0, minute=0).timestamp()),),
            ).fetchall()
        assert len(found) > 1
        for gateway, requests in found:
            said = ask("--gateway", gateway, "--format", "{requests} {neurons_pct}")
            assert said == f"{requests:,} {ask('--format', '{neurons_pct}')}"
        assert ask("--gateway", "*", "--format", "{requests}") == f"{sum(count for _, count in found):,}"

    def test_a_window(self, store: Path, ask: Ask) -> None:
        """`--week` counts more requests, and leaves the day's neurons alone."""
        week, today = (ask(*words, "--format", "{requests} {neurons}").split() for words in (("--week",), ()))
        assert int(week[0].replace(",", "")) > int(today[0].replace(",", ""))
        assert week[1] == today[1]

    def test_the_account_that_is_worst_off(self, store: Path, ask: Ask, home: Path) -> None:
        """Of several the one with the largest share, by its label; one that is named is the one that is told."""
        with closing(sqlite3.connect(store, isolation_level=None)) as database:
            database.execute("INSERT INTO account VALUES (77, ?, 'b')", (SERVER,))
            columns = [row[1] for row in database.execute("PRAGMA table_info(neurons)")]
            others = ", ".join("neurons / 2" if name == "neurons" else name for name in columns[1:])
            database.execute(f"INSERT INTO neurons SELECT 77, {others} FROM neurons")  # noqa: S608
            database.execute(
                "INSERT INTO hour SELECT 77, dataset, hour, read_at, settled, empty_at, lower, upper FROM hour"
            )
        own = home / "config.toml"
        own.write_text(f'[account.{ACCOUNT}]\nlabel = "acme"\n[account.b]\nlabel = "small"\n')
        words = ("--config", str(own))
        assert ask(*words).startswith("acme: 72 % · ")
        assert ask(*words, "--account", "small").startswith("36 % · ")
        assert ask(*words, "--account", "b", "--format", "{account} {accounts}") == "small 1"
        assert ask(*words, "--account", "a*", "--account", "b", "--format", "{account} {accounts}") == "acme 2"

    @pytest.mark.usefixtures("store")
    def test_an_account_that_was_never_read(self, ask: Ask) -> None:
        """That it exists is for Cloudflare to say; here there is just nothing of it."""
        assert ask("--account", "f" * 32) == "no history yet"

    @pytest.mark.usefixtures("store")
    def test_another_server(self, ask: Ask) -> None:
        """Nothing of one server is shown as another's."""
        assert ask("--base-url", "https://elsewhere.example/v4") == "no history yet"

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (("--format", "{neuron_pct}"), "did you mean neurons_pct?"),
            (("--format", "{}"), "there is no field {}"),
            (("--format", "{cost.__class__}"), "there is no field"),
            (("--format", "{cost:>9}"), "takes nothing behind its name"),
            (("--format", "{cost!r}"), "takes nothing behind its name"),
            (("--format", "{cost"), "no partner"),
            (("--format", "a } b"), "no partner"),
            (("--account", ACCOUNT[:-1]), f"did you mean {ACCOUNT}?"),
            (("--gateway", "prodd"), "did you mean prod?"),
        ],
    )
    @pytest.mark.usefixtures("store")
    def test_strangers(self, words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]) -> None:
        """What does not exist is one line with a hint, and exit code 2."""
        with time_machine.travel(NOW, tick=False):
            assert cli.main(["status", *words]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert said in err
        assert err.count("\n") == 1


class TestTheFile:
    """It is looked at, and stays as it was."""

    def test_no_trace(self, store: Path, ask: Ask, home: Path) -> None:
        """Not a byte changes, no file appears, and there is no log."""
        before = store.read_bytes()
        assert ask()
        assert store.read_bytes() == before
        assert list(store.parent.iterdir()) == [store]
        assert not any(home.iterdir())

    def test_no_history(self, ask: Ask, home: Path) -> None:
        """Before the first run there is nothing, which is said; and nothing is made."""
        assert ask() == "no history yet"
        assert ask("--format", "{neurons_pct}% {state}") == "–% empty"
        assert not any(home.iterdir())

    def test_while_a_monitor_writes(self, store: Path, ask: Ask) -> None:
        """What is committed is shown, also in the middle of another process's transaction; its lease stays its own."""
        before = ask("--format", "{requests}")
        with closing(sqlite3.connect(store, isolation_level=None)) as monitor:
            monitor.execute("INSERT INTO lease VALUES ('s', 'a', 'monitor', 0, 9e9, 0)")
            monitor.execute("BEGIN IMMEDIATE")
            monitor.execute("DELETE FROM requests")
            assert ask("--format", "{requests}") == before
            monitor.execute("COMMIT")
            assert ask("--format", "{requests}") == "0"
            assert monitor.execute("SELECT holder FROM lease").fetchall() == [("monitor",)]

    def test_of_a_newer_version(self, store: Path, ask: Ask) -> None:
        """As far as this version understands it."""
        before = ask()
        with closing(sqlite3.connect(store, isolation_level=None)) as database:
            database.execute("PRAGMA user_version = 99")
            database.execute("ALTER TABLE requests ADD COLUMN later INTEGER")
        assert ask() == before

    @pytest.mark.parametrize(
        ("spoil", "said"),
        [
            ("PRAGMA user_version = 1", "older version → open aigw-tui once"),
            ("DROP TABLE neurons", "refuses"),
            ("DROP TABLE meta", "refuses"),
        ],
    )
    def test_what_cannot_be_read(self, store: Path, spoil: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
        """One line, exit code 1, and the file is left to those who may mend it."""
        with closing(sqlite3.connect(store, isolation_level=None)) as database:
            database.execute(spoil)
        before = store.read_bytes()
        assert cli.main(["status"]) == 1
        assert store.read_bytes() == before
        out, err = capsys.readouterr()
        assert out == ""
        assert said in err
        assert err.count("\n") == 1

    def test_what_is_no_database(self, store: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """The same; nothing is set aside here."""
        store.write_text("no database, but long enough to look like one " * 50)
        assert cli.main(["status"]) == 1
        assert "not a database" in capsys.readouterr().err
        assert list(store.parent.iterdir()) == [store]


class TestProcess:
    """As a person's prompt runs it."""

    def test_it_is_light(self, store: Path) -> None:
        """It loads neither HTTP nor an event loop, a parser of answers, or a screen."""
        script = "import sys; from aigw_tui import cli; cli.main(['status']); print(*sys.modules, file=sys.stderr)"
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
        assert done.stdout.startswith(("nothing read today", "8", "7"))
        assert not HEAVY & set(done.stderr.split())

    def test_the_built_in_account(self) -> None:
        """It has no history of its own, so that it is asked first."""
        line = [sys.executable, "-m", "aigw_tui", "status", "--demo", "--at", "14:05", "--format", "{account} {state}"]
        done = subprocess.run(line, capture_output=True, text=True, check=True)
        assert (done.stdout, done.stderr) == ("acme live\n", "")


def test_every_field_is_documented(capsys: pytest.CaptureFixture[str]) -> None:
    """The help lists the fields that there are."""
    standing = Standing("acme", 1, NEURON_QUOTA, Usage(), timedelta(0), is_stale=False)
    assert set(values(standing)) == set(FIELDS)
    assert cli.main(["status", "--help"]) == 0
    out = capsys.readouterr().out
    assert all(f"  {name} " in out for name in FIELDS)


def test_the_line_of_the_small_screen() -> None:
    """The same as the monitor shows where there is room for one line."""
    usage = Usage(requests=1204, errors=14)
    standing = Standing("acme", 1, NEURON_QUOTA, usage, timedelta(seconds=12), is_stale=False)
    assert line(standing) == "72 % · runs out 19:10–21:40 · 1.2 % err"
    assert filled("{neurons_pct}% {eta}", standing) == "72% 19:10–21:40"


def test_foreign_text_is_clean() -> None:
    """A label cannot move the cursor of the prompt it is shown in."""
    standing = Standing("a\x1b[2Jb\n", 2, None, Usage(), timedelta(0), is_stale=False)
    assert line(standing).isprintable()
    assert filled("{account}", standing).isprintable()
