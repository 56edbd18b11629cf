"""`check`: one line, figures behind a bar, and the exit codes of Nagios, from history alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from aigw_tui import cli
from aigw_tui.insight.alerting import RESTING, Rule
from aigw_tui.insight.ground import Reading
from aigw_tui.insight.judging import Judged
from aigw_tui.model import AlertState, Estimate, Phase, Silences
from aigw_tui.outlets.nagios import line, verdict
from kept import kept
from test_hostile import NAMES
from world import ACCOUNT, LLAMA, NOW, SERVER

Run = Callable[..., tuple[int, str]]
DOWN = "http://127.0.0.1:9/client/v4"
"""Nobody listens there."""
LIMIT = '[[alert]]\nname = "used"\nwhen = "quota_used"\nabove = {above}\nseverity = "{severity}"\n'


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that a monitor left; 7,214 of 10,000 neurons are used."""
    path = kept(tmp_path / "history.sqlite")
    monkeypatch.setenv("AIGW_STORE", str(path))
    monkeypatch.setenv("CLOUDFLARE_API_BASE_URL", SERVER)
    return path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, store: Path) -> Run:
    """Exit code and the one line of `check --offline`, with these rules."""
    assert store.exists()

    def ran(rules: str, *words: str, later: timedelta = timedelta(0)) -> tuple[int, str]:
        path = tmp_path / "config.toml"
        path.write_text(rules)
        with time_machine.travel(NOW + later, tick=False):
            code = cli.main(["check", "--offline", "--config", str(path), *words])
        out = capsys.readouterr().out
        assert out.count("\n") == 1
        return code, out.removesuffix("\n")

    return ran


@pytest.mark.parametrize(
    ("above", "severity", "code", "word"),
    [(0.8, "critical", 0, "OK"), (0.7, "warning", 1, "WARNING"), (0.7, "critical", 2, "CRITICAL")],
)
def test_exit_codes(run: Run, above: float, severity: str, code: int, word: str) -> None:
    found, said = run(LIMIT.format(above=above, severity=severity))
    assert (found, said.partition(":")[0]) == (code, word)
    limits = f";;{above}" if severity == "critical" else f";{above};"
    assert said.endswith(f" | 'used'=0.7214{limits}")
    if code:
        assert "used 72 % since" in said


def test_it_knows_how_long_a_condition_has_held(run: Run) -> None:
    """Without any earlier run: what holds for an hour fires with `for` of 30 minutes, not with 6 hours."""
    rule = LIMIT.format(above=0.6, severity="warning")
    assert run(rule + 'for = "30m"\n')[0] == 1
    code, said = run(rule + 'for = "6h"\n')
    assert code == 0
    assert "used pending since" in said


def test_at_an_earlier_moment(run: Run) -> None:
    """As it was then, by a time, a time of day or an age."""
    rule = LIMIT.format(above=0.6, severity="warning")
    for at in ("2026-11-23T06:00:00Z", "06:00", "485m"):
        code, said = run(rule, "--at", at)
        assert code == 0
        assert "'used'=0.25" in said, at
    assert run(rule, "--at", "2026-11-24")[0] == 3


def test_misconfigured_is_unknown(run: Run) -> None:
    """One line with file and rule, exit 3, though another rule could be judged; so is a rule that does not exist."""
    code, said = run(
        LIMIT.format(above=0.6, severity="warning") + '[[alert]]\nname = "x"\nwhen = "error_rat"\nabove = 1'
    )
    assert code == 3
    assert said.startswith("UNKNOWN: ")
    assert "config.toml: alert 'x': there is no expression error_rat → did you mean error_rate?" in said
    assert run(LIMIT.format(above=0.6, severity="warning"), "--rule", "usd")[0] == 3
    assert run("intervall = 3")[0] == 3


def test_too_young_is_unknown(run: Run) -> None:
    """Nothing of today was read: cannot tell, with the reason."""
    code, said = run(LIMIT.format(above=0.6, severity="warning"), later=timedelta(days=3))
    assert code == 3
    assert "cannot tell, 14 of the day's hours were not read" in said
    assert "'used'=U" in said


def test_silent_rules_do_not_count(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """While the silence lasts."""
    rule = LIMIT.format(above=0.6, severity="critical")
    with time_machine.travel(NOW, tick=False):
        assert cli.main(["alerts", "silence", "neurons used"]) == 0
    capsys.readouterr()
    assert run(rule.replace('"used"', '"neurons used"'))[0] == 0
    assert run(rule.replace('"used"', '"neurons used"'), later=timedelta(hours=2))[0] != 0


def test_an_empty_history_is_unknown(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", "--offline"]) == 3
    assert "no account is known" in capsys.readouterr().out
    assert cli.main(["check"]) == 3
    assert "there is no API token" in capsys.readouterr().out


def test_of_the_built_in_account(capsys: pytest.CaptureFixture[str]) -> None:
    """In its story errors rise at half past nine, and the neurons are nearly used up in the late afternoon."""
    with time_machine.travel(NOW):
        assert cli.main(["check", "--demo", "--at", "09:40", "--rule", "errors"]) == 1
        assert "errors" in capsys.readouterr().out
        assert cli.main(["check", "--demo", "--at", "23:00"]) == 2


def test_old_figures_may_still_be_bad(store: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Cloudflare does not answer: what fires in the figures of before fires; where nothing does, nobody can tell."""
    path = tmp_path / "config.toml"
    for above, code in ((0.6, 2), (0.8, 3)):
        path.write_text(f'base_url = "{DOWN}"\n' + LIMIT.format(above=above, severity="critical"))
        with closing(sqlite3.connect(store)) as database, database:
            database.execute("UPDATE account SET server = ?", (DOWN,))
        with time_machine.travel(NOW, tick=False), pytest.MonkeyPatch.context() as patch:
            patch.delenv("CLOUDFLARE_API_BASE_URL")
            patch.setenv("CLOUDFLARE_API_TOKEN", "t" * 40)
            patch.setenv("CLOUDFLARE_ACCOUNT_ID", ACCOUNT)
            patch.setattr("aigw_tui.cloudflare.retry.TRIES", 1)
            assert cli.main(["check", "--config", str(path)]) == code
        assert "Cloudflare out of reach" in capsys.readouterr().out


def judged(rule: Rule, phase: Phase, value: float | None, why: str = "") -> Judged:
    state = AlertState(phase, NOW, NOW, NOW, NOW, value=value) if phase is not Phase.INACTIVE else RESTING
    return Judged(rule, ACCOUNT, state, Reading(value, why), ())


def test_each_model(run: Run) -> None:
    """Exit code and words of those that fire; a figure for each."""
    rule = '[[alert]]\nname = "errors"\nwhen = "error_rate"\nabove = 0.005\nmin_requests = 5\neach = "model"\n'
    code, said = run(rule)
    assert code == 1
    assert said.startswith(f"WARNING: errors [{LLAMA}] 1.0 % since 14:05 UTC | 'errors [{LLAMA}]'=0.0104167;0.005;")
    assert said.count("'errors [") == 6
    assert run(rule.replace("0.005", "0.5"))[1].startswith("OK: 1 of 1 rules can be told, none fires | ")


def test_each_of_very_many() -> None:
    """Some by name, the others by number, in one line that a program can hold."""
    rule = Rule("errors", "error_rate", above=0.05, each="model")
    found = [
        replace(
            judged(rule, Phase.FIRING if n < 480 else Phase.INACTIVE, 0.1 if n < 480 else None), name=f"m{n}", rest=7
        )
        for n in range(500)
    ]
    said = line(found, {ACCOUNT: "a"}, Silences(), ())
    assert (
        "errors [m8] 10 % since 14:05 UTC; errors and 471 models more; errors: cannot tell for 20 of 500 models" in said
    )
    assert "errors: 7 models more are not judged" in said
    assert said.count("=0.1;0.05;") == 100
    assert len(said) < 4096
    heard = Silences({("errors", f"m{n}"): NOW for n in range(500)})
    assert verdict(found, heard, ()) == 0


def test_an_estimate_says_so() -> None:
    """In the words for people; programs get a plain number."""
    said = line(
        [judged(Rule("used", "quota_used", above=0.9), Phase.FIRING, Estimate(0.92))], {ACCOUNT: "a"}, Silences(), ()
    )
    assert said == "WARNING: used ~92 % since 14:05 UTC | 'used'=0.92;0.9;"


@given(
    st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from([*Phase]), st.none() | st.floats(0, 10)), max_size=5),
    st.lists(st.sampled_from(NAMES), max_size=2),
)
def test_any_names(made: list[tuple[str, Phase, float | None]], troubles: list[str]) -> None:
    """One printable line with one bar, whatever rules and accounts are called."""
    found = [judged(Rule(name, "quota_used", above=1.0), phase, value, name) for name, phase, value in made]
    said = line(found, {ACCOUNT: "a|b", "other": "x"}, Silences(), troubles)
    assert said.isprintable()
    assert said.count(" | ") <= 1
    assert said.count("|") <= 1
    assert verdict(found, Silences(), troubles) in range(4)
