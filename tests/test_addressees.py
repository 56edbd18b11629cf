"""Whom rules and the report name: what is no target is one line, wherever it matters, and all else lives."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import time_machine

from aigw_tui import cli
from aigw_tui.assembly import demo_feed, real_feed
from aigw_tui.clock import SystemClock
from aigw_tui.collecting import duties
from aigw_tui.config import Config, load
from aigw_tui.config.addressees import bad_targets, strangers_of_report, strangers_of_rules
from aigw_tui.config.alerts import load_rules
from aigw_tui.demo.box import TOKEN, Box
from aigw_tui.demo.server import Server
from aigw_tui.model import Fault, Scope
from clocks import HandClock
from kept import kept
from messages import HOOK
from sink import Sink
from terminal import Terminal
from world import NOW, SERVER

TEAM = f'[target.team]\nkind = "webhook"\nurl = "https://hooks.example/{HOOK}"\n'
BAD = f'[target.bad]\nkind = "webhook"\nurll = "https://hooks.example/{HOOK}"\n'
Run = Callable[..., tuple[int, str, str]]


def rule(to: str) -> str:
    """One that does not fire; `to` as it stands in the file."""
    return f'[[alert]]\nname = "errors"\nwhen = "quota_used"\nabove = 0.9\nto = {to}\n'


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where config.toml is, beside what a monitor left; 72 % of the neurons are used."""
    monkeypatch.setenv("AIGW_STORE", str(kept(tmp_path / "history.sqlite")))
    monkeypatch.setenv("CLOUDFLARE_API_BASE_URL", SERVER)
    monkeypatch.setenv("AIGW_CONFIG", str(tmp_path / "config.toml"))
    return tmp_path / "config.toml"


@pytest.fixture
def run(path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Exit code, stdout and stderr of a command at the world's moment, with this configuration."""

    def ran(text: str, *words: str) -> tuple[int, str, str]:
        path.write_text(text)
        with time_machine.travel(NOW, tick=False):
            code = cli.main([*words])
        return code, *capsys.readouterr()

    return ran


def made(path: Path, text: str) -> Config:
    path.write_text(text)
    return load({"config": str(path)}, {"AIGW_STORE": str(path.with_name("history.sqlite"))})


def said(path: Path, text: str) -> list[str]:
    """All complaints, as lines."""
    config = made(path, text)
    found = *bad_targets(config), *strangers_of_rules(config, load_rules(config).rules), *strangers_of_report(config)
    return [f"{one.why} → {one.remedy}".replace(str(path), "config.toml") for one in found]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (rule('["team"]') + TEAM, []),
        (rule('"team"') + TEAM, []),
        (
            rule('["team", "taem"]') + TEAM,
            ["config.toml: alert 'errors': to names 'taem', which is no target → did you mean team?"],
        ),
        (
            rule('["zzz"]') + TEAM,
            ["config.toml: alert 'errors': to names 'zzz', which is no target → use team"],
        ),
        (
            rule('["a", "b"]'),
            [
                "config.toml: alert 'errors': to names 'a', which is no target → write a [target.a] table",
                "config.toml: alert 'errors': to names 'b', which is no target → write a [target.b] table",
            ],
        ),
        (
            'report_to = ["taem"]\n' + TEAM,
            ["config.toml (report_to): it names 'taem', which is no target → did you mean team?"],
        ),
        (
            'report_to = ["bad"]\n' + rule('["bad"]') + BAD,
            ["config.toml ([target.bad]): there is no setting urll → did you mean url?"],
        ),
        (
            "target = 3\n" + rule('["bad"]'),
            ["config.toml (target): it is no table → write [target.NAME] above its keys"],
        ),
    ],
)
def test_each_mistake_is_one_line(path: Path, text: str, lines: list[str]) -> None:
    """File, rule and name; a target that exists with a mistake is told of once, not again by all who name it."""
    assert said(path, text) == lines


def test_a_hostile_name(path: Path) -> None:
    """One harmless line."""
    (line,) = said(path, rule('["a\\u001b[2J\\n"]') + '[target."a\\u001b[2J"]\n')[1:]
    assert line.isprintable()


def faults(config: Config) -> tuple[Fault, ...]:
    """What the monitor shows, and `collect` says, at the start."""
    feed = real_feed(config, HandClock(NOW))
    duties(feed, config)
    return feed.look(Scope()).faults


def test_in_the_monitor_each_is_a_fault(path: Path) -> None:
    """With its remedy; nothing is refused for it."""
    found = faults(made(path, 'report_to = ["x"]\n' + rule('["taem", "bad"]') + TEAM + BAD))
    assert [(one.what, one.remedy) for one in found] == [
        ("target left out", "did you mean url?"),
        ("no such target", "did you mean team?"),
        ("no such target (2)", "use team, bad"),
    ]
    assert HOOK not in repr(found)


@pytest.fixture
def account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The built-in account on loopback, now, with a configuration of mistakes."""
    with Server(Box(SystemClock())) as server:
        monkeypatch.setenv("CLOUDFLARE_API_BASE_URL", server.url)
        monkeypatch.setenv("CLOUDFLARE_API_TOKEN", TOKEN)
        monkeypatch.setenv("AIGW_CONFIG", str(tmp_path / "config.toml"))
        monkeypatch.setenv("AIGW_STORE", str(tmp_path / "history.sqlite"))
        (tmp_path / "config.toml").write_text(rule('["taem"]') + TEAM + BAD)
        yield


@pytest.mark.usefixtures("account")
def test_the_monitor_opens() -> None:
    """The first mistake in its second line, and how many more there are."""
    with Terminal(size=(120, 40)) as terminal:
        text = terminal.until(lambda text: "target left out" in text and "more" in text)
        assert "did you mean url?" in text
        terminal.press("q")
        assert terminal.end() == 0


@pytest.mark.usefixtures("account")
def test_collect_collects() -> None:
    """Each mistake is a line of its own; the code is that of a run that had its answer."""
    words = (sys.executable, "-m", "aigw_tui", "collect", "--once", "--quiet")
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
    assert "target left out: " in done.stderr
    assert "alert 'errors': to names 'taem', which is no target → did you mean team?" in done.stderr
    assert HOOK not in done.stderr


def test_the_rule_lives(path: Path) -> None:
    """It is judged and shown, whoever it names."""
    config = made(path, rule('["taem"]') + TEAM)
    rules = load_rules(config)
    assert ([rule.name for rule in rules.rules], rules.complaints) == (["errors"], ())


def test_the_built_in_account_tells_nobody(path: Path) -> None:
    """So whom its rules name does not matter."""
    path.write_text(rule('["taem"]') + TEAM)
    clock = HandClock(NOW)
    assert demo_feed(load({"config": str(path)}, {}, demo=True), clock, Box(clock)).look(Scope()).faults == ()


@pytest.mark.parametrize(("to", "word"), [('["taem"]', "'taem'"), ('["bad"]', "urll")])
def test_check_is_unknown(run: Run, to: str, word: str) -> None:
    """Exit code 3 and one line, with the figure of the rule all the same."""
    code, out, _ = run(rule(to) + TEAM + BAD * ("bad" in to), "check", "--offline")
    assert code == 3
    assert out.startswith("UNKNOWN: ")
    assert word in out
    assert out.endswith("'errors'=0.7214;0.9;\n")
    assert run(rule('["team"]') + TEAM, "check", "--offline")[0] == 0


def test_check_does_not_judge_the_report(run: Run) -> None:
    """Whether anything fires can be told though the report would reach nobody."""
    assert run('report_to = ["taem"]\n' + rule('["team"]') + TEAM, "check", "--offline")[0] == 0


def test_the_list_says_it(run: Run) -> None:
    """On standard error, with exit code 1; every rule is listed."""
    code, out, err = run(rule('["taem"]') + TEAM + BAD, "alerts", "list")
    assert (code, out.splitlines()[1].split()[0]) == (1, "errors")
    assert "alert 'errors': to names 'taem', which is no target → did you mean team?" in err
    assert "[target.bad]): there is no setting urll → did you mean url?" in err
    assert run(rule('["team"]') + TEAM, "alerts", "list")[0] == 0


def test_a_test_reaches_the_others(run: Run) -> None:
    """A table with a mistake is said, and the code is 1; the others get theirs."""
    with Sink() as sink:
        team = f'[target.team]\nkind = "webhook"\nurl = "{sink.url}/{HOOK}"\n'
        code, out, err = run(BAD + team, "alerts", "test")
        assert (code, out) == (1, "team: delivered\n")
        assert "[target.bad]): there is no setting urll → did you mean url?" in err
        assert run(team, "alerts", "test")[0] == 0
    assert [one["kind"] for one in sink.came] == ["test", "test"]


class TestReport:
    """`report --send`."""

    @pytest.mark.parametrize(
        ("names", "words"),
        [
            ('["team", "taem"]', "(report_to): it names 'taem', which is no target → did you mean team?"),
            ('["team", "bad"]', "([target.bad]): there is no setting urll"),
            ("", "nobody is to get the report"),
        ],
    )
    def test_one_line(self, run: Run, names: str, words: str) -> None:
        """And it is sent to nobody."""
        with Sink() as sink:
            team = f'[target.team]\nkind = "webhook"\nurl = "{sink.url}/{HOOK}"\n'
            wanted = f"report_to = {names}\n" if names else ""
            code, out, err = run(f"{wanted}{team}{BAD}", "report", "--send", "--offline")
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert words in err
        assert sink.came == []

    def test_it_arrives_once(self, run: Run) -> None:
        """Though another target has a mistake, which is said."""
        with Sink() as sink:
            team = f'[target.team]\nkind = "webhook"\nurl = "{sink.url}/{HOOK}"\n'
            text = f'report_to = ["team"]\n{team}{BAD}'
            code, out, err = run(text, "report", "--send", "--offline")
            assert (code, out) == (0, "")
            assert "team: delivered" in err
            assert "target left out" in err
            run(text, "report", "--send", "--offline")
        assert [one["kind"] for one in sink.came] == ["report"]
