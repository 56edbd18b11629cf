"""The state machine against Prometheus's own: the same series and rules give the same phases at every step."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aigw_tui.insight.alerting import EVERY, Rule, Transition, replay
from aigw_tui.model import Phase

START = datetime(1970, 1, 1, tzinfo=UTC)
SERIES, STEPS = 240, 60
SEED = 20261126
Case = tuple[Rule, tuple[int, ...]]
"""A rule and the value at each minute, 0 to 9."""

promtool = shutil.which("promtool")


def case(rng: random.Random, number: int) -> Case:
    """Values that stay for a while, or jump each minute, around the threshold."""
    rule = Rule(
        f"r{number}",
        "error_rate",
        above=4.0 if number % 2 else None,
        below=None if number % 2 else 4.0,
        wait=timedelta(minutes=rng.choice((0, 0, 1, 2, 3, 5, 10))),
        keep_firing_for=timedelta(minutes=rng.choice((0, 0, 1, 2, 3, 5, 10))),
    )
    values: list[int] = []
    longest = rng.choice((1, 3, 8, 20))
    while len(values) < STEPS:
        values += [rng.randrange(10)] * rng.randint(1, longest)
    return rule, tuple(values[:STEPS])


def cases() -> list[Case]:
    rng = random.Random(SEED)  # noqa: S311 - a seed, so that a failure can be seen again
    return [case(rng, number) for number in range(SERIES)]


def phases(rule: Rule, values: tuple[int, ...]) -> list[str]:
    """The state machine's phase at every minute, in Prometheus's words."""
    moments = [START + EVERY * minute for minute in range(STEPS)]
    found = replay(rule, dict(zip(moments, values, strict=True)).__getitem__, moments)
    return [_word(found.transitions, moment) for moment in moments]


def _word(transitions: tuple[Transition, ...], moment: datetime) -> str:
    last = next((one.state for one in reversed(transitions) if one.at <= moment), None)
    if last is None or last.phase is Phase.INACTIVE:
        return ""
    return "firing" if last.phase.is_on else "pending"


def _rule(rule: Rule) -> dict[str, object]:
    sign = ">" if rule.is_above else "<"
    return {
        "alert": rule.name,
        "expr": f"{rule.name}_value {sign} {rule.threshold}",
        "for": f"{rule.wait // EVERY}m",
        "keep_firing_for": f"{rule.keep_firing_for // EVERY}m",
    }


def _written(folder: Path, made: list[Case], expected: list[list[str]]) -> Path:
    """The rules and one question for each minute: which alerts are there, and in which state."""
    groups = [{"name": "all", "interval": "1m", "rules": [_rule(rule) for rule, _ in made]}]
    (folder / "rules.yml").write_text(json.dumps({"groups": groups}))
    asked = [
        {
            "expr": "ALERTS",
            "eval_time": f"{minute}m",
            "exp_samples": [
                {"labels": f'ALERTS{{alertname="{rule.name}", alertstate="{own[minute]}"}}', "value": 1}
                for (rule, _), own in zip(made, expected, strict=True)
                if own[minute]
            ],
        }
        for minute in range(STEPS)
    ]
    series = [{"series": f"{rule.name}_value", "values": " ".join(map(str, values))} for rule, values in made]
    test = {"interval": "1m", "input_series": series, "promql_expr_test": asked}
    path = folder / "test.yml"
    path.write_text(json.dumps({"rule_files": ["rules.yml"], "evaluation_interval": "1m", "tests": [test]}))
    return path


def _asked(path: Path) -> subprocess.CompletedProcess[str]:
    if promtool is None:
        if os.environ.get("CI") == "true":
            pytest.fail("promtool is missing: install Debian's package prometheus")
        pytest.skip("promtool is not installed")
    return subprocess.run(
        [promtool, "test", "rules", path.name], cwd=path.parent, capture_output=True, text=True, timeout=60, check=False
    )


def test_the_same_as_prometheus(tmp_path: Path) -> None:
    """Random series: what is pending, firing and resolved is so at the same minutes, whatever `for` and
    `keep_firing_for` are."""
    made = cases()
    expected = [phases(rule, values) for rule, values in made]
    assert sum("firing" in own for own in expected) > SERIES / 3
    assert sum("pending" in own for own in expected) > SERIES / 3
    done = _asked(_written(tmp_path, made, expected))
    assert done.returncode == 0, (done.stdout + done.stderr)[:2000]


def test_prometheus_would_notice(tmp_path: Path) -> None:
    """The comparison is one: a single minute that is told otherwise fails it."""
    made = cases()[:5]
    expected = [phases(rule, values) for rule, values in made]
    place = next(n for n, word in enumerate(expected[0]) if word)
    expected[0][place] = ""
    assert _asked(_written(tmp_path, made, expected)).returncode != 0
