"""The README's recipes: what they call is called as they call it; their files are read by real readers."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import pytest

from aigw_tui import cli
from aigw_tui.config import load
from aigw_tui.config.alerts import load_rules
from aigw_tui.config.targets import load_targets

README = (Path(__file__).parent.parent / "README.md").read_text()
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL)
CALLS = sorted({
    found.strip()
    for kind, text in BLOCKS
    if kind in ("sh", "crontab", "yaml", "ini")
    for found in re.findall(r"aigw-tui ([a-z][^#|>\n]*)", text)
})  # fmt: skip


@pytest.mark.parametrize("call", CALLS)
def test_a_call_is_understood(call: str) -> None:
    """Every command of a recipe exists and takes its words."""
    name, *words = shlex.split(call)
    parser = cli._parser(name, cli._command(name))
    _, unknown = parser.parse_known_args(words)
    assert unknown == []


def test_the_alerts_and_targets_are_read(tmp_path: Path) -> None:
    """As one configuration: every rule holds, every target is complete."""
    text = "\n".join(text for kind, text in BLOCKS if kind == "toml")
    path = tmp_path / "config.toml"
    path.write_text(text.replace("…", "T0/B0/x"))
    assert {"alert", "target"} <= set(tomllib.loads(path.read_text()))
    config = load({"config": str(path)}, {})
    rules = load_rules(config)
    assert ([rule.name for rule in rules.rules], rules.complaints) == (["errors"], ())
    targets = load_targets(config)
    assert [(one.name, one.kind) for one in targets.targets] == [("team", "slack"), ("office", "email")]
    assert targets.complaints == {}
