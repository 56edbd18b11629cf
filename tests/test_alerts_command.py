"""`alerts`: the rules, when they fired, silence, and a rule tried on the past."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from aigw_tui import cli
from aigw_tui.history import open_history
from aigw_tui.history.episodes import Verdicts
from aigw_tui.insight.firings import merged
from aigw_tui.model import HOUR, Episode
from kept import kept
from world import ACCOUNT, GPT, LLAMA, NOW, SERVER

Run = Callable[..., tuple[int, str, str]]
RULES = """
[[alert]]
name = "used"
when = "quota_used"
above = 0.5
[[alert]]
name = "failures"
when = "error_rate"
above = 0.1
for = "15m"
"""


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = kept(tmp_path / "history.sqlite")
    monkeypatch.setenv("AIGW_STORE", str(path))
    monkeypatch.setenv("CLOUDFLARE_API_BASE_URL", SERVER)
    config = tmp_path / "config.toml"
    config.write_text(RULES)
    monkeypatch.setenv("AIGW_CONFIG", str(config))
    return path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], store: Path) -> Run:
    assert store.exists()

    def ran(*words: str, later: timedelta = timedelta(0)) -> tuple[int, str, str]:
        with time_machine.travel(NOW + later, tick=False):
            code = cli.main(["alerts", *words])
        return code, *capsys.readouterr()

    return ran


def test_list(run: Run) -> None:
    """Every rule with its state, value and condition."""
    code, out, err = run("list")
    assert (code, err) == (0, "")
    head, used, failures = out.splitlines()
    assert head.split() == ["rule", "account", "state", "value", "since", "condition"]
    assert used.split()[2:5] == ["firing", "72", "%"]
    assert failures.endswith("error rate above 10 % for 15 min")
    document = json.loads(run("list", "--format", "json")[1])
    assert document["schema"] == "aigw-tui.alerts/1"
    assert [(row["rule"], row["state"], row["value"]) for row in document["rules"]] == [
        ("used", "firing", 0.7214),
        ("failures", "inactive", 1 / 183),
    ]
    assert not any(row["is_estimate"] for row in document["rules"])


def test_messages_that_did_not_arrive_are_listed(run: Run, store: Path) -> None:
    """Below the rules, a line each; nothing at all where all arrived."""
    assert json.loads(run("list", "--format", "json")[1])["undelivered"] == []
    assert run("list")[1].count("\n") == 3
    history = open_history(store, SERVER, NOW).history
    history.outbox.add("a", ["team", "office"], "text", NOW - HOUR)
    history.outbox.add("b", ["team"], "text", NOW)
    for target, why in (("team", "hooks.example answers 500"), ("office", "mx.example refuses the mail (550)")):
        row = history.outbox.take(target, NOW)
        assert row is not None
        history.outbox.retry(row, why, NOW + timedelta(minutes=15), is_target_down=True)
    history.close()
    code, out, err = run("list")
    assert (code, err) == (0, "")
    assert out.splitlines()[3:] == [
        "",
        "1 message waits for office: mx.example refuses the mail (550), next try 14:20 UTC",
        "2 messages wait for team: hooks.example answers 500, next try 14:20 UTC",
    ]
    assert json.loads(run("list", "--format", "json")[1])["undelivered"][1] == {
        "target": "team",
        "waiting": 2,
        "why": "hooks.example answers 500",
        "next_try": "2026-11-23T14:20:00Z",
        "given_up": 0,
        "given_up_why": None,
        "given_up_at": None,
        "dropped": 0,
        "dropped_at": None,
    }


def test_silence_is_kept_and_ends(run: Run) -> None:
    """Until its time, or until it is taken back; a rule and a span that do not exist are refused."""
    assert "used is silent until 2026-11-23 14:35 UTC" in run("silence", "used", "--for", "30m")[1]
    assert "silenced to 14:35" in run("list")[1]
    assert "silenced" not in run("list", later=timedelta(minutes=30))[1]
    assert run("unsilence", "used")[1] == "used speaks again\n"
    assert run("unsilence", "used")[1] == "used was not silenced\n"
    assert "did you mean used?" in run("silence", "usd")[2]
    assert run("silence", "used", "--for", "soon")[0] == 2
    assert run("silence")[0] == 2
    assert run("list", "used")[0] == 2


def test_try_says_how_often_and_what_cannot_be_told(run: Run) -> None:
    """The world's hour from 09:00 had 11 errors of 75; only hours are stored, too coarse for 15 minutes."""
    code, out, _ = run("try", "failures", "--week")
    assert code == 0
    assert out.startswith("failures (error rate above 10 % for 15 min): fired once since 2026-11-17 00:00 UTC, ")
    assert "only whole hours are stored, too coarse for the rule" in out
    assert "2026-11-23 10:20" in out
    document = json.loads(run("try", "failures", "--week", "--format", "json")[1])
    (episode,) = document["episodes"]
    assert episode["peak"] == pytest.approx(11 / 75)


def test_history_is_what_was_seen_and_what_a_replay_finds(run: Run, store: Path) -> None:
    """An episode that the monitor stored is not told twice; one that only it could see is there."""
    code, out, _ = run("history")
    assert (code, out.count("\n")) == (0, 3)
    history = open_history(store, SERVER, NOW).history
    began = NOW - HOUR * 4
    own = Episode("silent", ACCOUNT, began, began, began + HOUR, "critical", 45.0, "no answer")
    same = Episode("failures", ACCOUNT, began, began + timedelta(minutes=20), NOW - HOUR * 3, "warning", 0.2, "…")
    history.alerts.judge(lambda _: Verdicts({}, (own, same)))
    history.close()
    lines = run("history")[1].splitlines()
    assert [line.split()[-4:] for line in lines if "no answer" in line] != []
    assert sum("failures" in line for line in lines) == 1
    assert json.loads(run("history", "--format", "json")[1])["episodes"][0]["resolved"] is None


EACH = """
[[alert]]
name = "failures"
when = "error_rate"
above = 0.005
min_requests = 5
each = "model"
"""


@pytest.fixture
def by_model(store: Path, tmp_path: Path) -> None:
    assert store.exists()
    (tmp_path / "config.toml").write_text(EACH)


@pytest.mark.usefixtures("by_model")
def test_a_rule_for_each_model(run: Run) -> None:
    """A line for each model that fires and one for the others; programs get all of them."""
    lines = run("list")[1].splitlines()[1:]
    fires, others = lines
    assert fires.startswith(f"failures [{LLAMA}]")
    assert fires.split()[3:] == ["firing", "1.0", "%", "14:05", "error", "rate", "above", "0.5", "%"]
    assert others.endswith("error rate above 0.5 %, each of 6 models but 1")
    rows = json.loads(run("list", "--format", "json")[1])["rules"]
    assert {(row["rule"], row["each"], row["state"]) for row in rows if row["name"] != LLAMA} == {
        ("failures", "model", "inactive")
    }
    assert len(rows) == 6
    history = run("history")[1]
    assert f"failures [{LLAMA}]" in history
    assert GPT not in history
    assert json.loads(run("history", "--format", "json")[1])["episodes"][0]["name"] == LLAMA
    tried = run("try", "failures")[1]
    assert "failures (error rate above 0.5 %, each of 6 models): fired " in tried
    assert ", for 1 of them, since 2026-11-23" in tried
    assert f"failures [{LLAMA}]" in tried


@pytest.mark.usefixtures("by_model")
def test_silence_of_one_model(run: Run) -> None:
    """By the title that `list` shows; a model that nobody knows, and a rule that is one sum, are refused."""
    title = f"failures [{LLAMA}]"
    assert run("silence", title, "--for", "30m")[1] == f"{title} is silent until 2026-11-23 14:35 UTC\n"
    fires, others = run("list")[1].splitlines()[1:]
    assert "firing, silenced to 14:35" in fires
    assert "silenced" not in others
    assert run("unsilence", title)[1] == f"{title} speaks again\n"
    assert run("unsilence", title)[1] == f"{title} was not silenced\n"
    code, _, err = run("silence", "failures [gpt-5-min]")
    assert (code, "there is no model gpt-5-min → did you mean gpt-5-mini?" in err) == (2, True)
    assert "failures is silent" in run("silence", "failures")[1]


def test_a_sum_has_no_parts(run: Run) -> None:
    code, _, err = run("silence", "failures [gpt-5-mini]")
    assert (code, "failures is judged as one sum" in err) == (2, True)


def test_merging() -> None:
    """Episodes of one rule, account and name that overlap, or nearly, are one; the stored one stays."""
    told = Episode("a", "x", NOW, NOW, NOW + HOUR, "warning", 1.0, "told")
    near = Episode("a", "x", NOW, NOW + HOUR + timedelta(minutes=20), None, "warning", 1.0, "near")
    far = Episode("a", "x", NOW, NOW + HOUR * 3, None, "warning", 1.0, "far")
    other = Episode("b", "x", NOW, NOW, None, "warning", 1.0, "other")
    named = Episode("a", "x", NOW, NOW, NOW + HOUR, "warning", 1.0, "named", "gpt-5-mini")
    found = [one.words for one in merged([told], [near, far, other, named])]
    assert found == ["far", "told", "named", "other"]


def test_complaints_are_said(run: Run, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(RULES + '[[alert]]\nname = "x"\nwhen = "no"\nabove = 1\n')
    code, out, err = run("list")
    assert code == 1
    assert "used" in out
    assert "alert 'x': there is no expression no" in err


def test_empty(capsys: pytest.CaptureFixture[str]) -> None:
    """Without history there is nothing to judge, and it is said how to get some."""
    assert cli.main(["alerts", "list"]) == 1
    assert "history is empty" in capsys.readouterr().err
