"""Changing a config.toml: a line here and there, all else byte for byte as it was."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aigw_tui.config.writing import Written, fresh, merged, replaced, write_private
from aigw_tui.errors import ConfigError, LocalError

WANTED: dict[str, Written] = {"account": ["a"], "token_file": "token"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", 'account = ["a"]\ntoken_file = "token"\n'),
        ("# mine\ninterval = 30 # slow\n", '# mine\ninterval = 30 # slow\naccount = ["a"]\ntoken_file = "token"\n'),
        ('account = "b"  # old # one\n', 'account = ["a"]  # old # one\ntoken_file = "token"\n'),
        ('account = ["a"]# kept\ntoken_file = "token"\n', 'account = ["a"]# kept\ntoken_file = "token"\n'),
        (
            'interval = 30\n\n# accounts\n[account."b"]\nlabel = "x"\n',
            'interval = 30\ntoken_file = "token"\n\n# accounts\n[account."b"]\nlabel = "x"\n\n[account."a"]\n',
        ),
        ('[target.x]\nkind = "slack"\n', 'account = ["a"]\ntoken_file = "token"\n\n[target.x]\nkind = "slack"\n'),
    ],
)
def test_merging(before: str, after: str) -> None:
    """New keys stand below the last one, changed ones in their line with its comment, accounts among their kind."""
    assert merged(before, WANTED) == after


@pytest.mark.parametrize(
    "before", ['account = [\n "b",\n]\n', 'x = """\naccount = 1\n"""\n', "account =", '"account" = ["b"]\n']
)
def test_what_cannot_be_merged_is_refused(before: str) -> None:
    """A value over several lines, a key that is spelled in another way, what is no TOML: nothing is guessed."""
    with pytest.raises(ConfigError):
        merged(before, WANTED)


@given(
    st.dictionaries(
        st.sampled_from(["account", "gateway", "base_url"]), st.text(st.characters(exclude_categories=["Cs", "Cc"]))
    )
)
def test_any_text_survives(texts: dict[str, str]) -> None:
    """What was written is what TOML reads, quotes and backslashes included; merging it again changes nothing."""
    wanted: dict[str, Written] = {**texts}
    assert tomllib.loads(fresh(wanted)) == wanted
    once = merged("interval = 30 # x\n[target.x]\n", wanted)
    assert tomllib.loads(once) == {**wanted, "interval": 30, "target": {"x": {}}}
    assert merged(once, wanted) == once
    assert replaced(once, wanted) == ()


def test_what_would_be_replaced() -> None:
    """Only keys that are there with another value."""
    assert replaced('account = ["b"]\ninterval = 30\n', WANTED) == ("account",)


def test_files_are_private_and_whole(tmp_path: Path) -> None:
    """Mode 0600 whatever the umask and whatever was there, nothing left beside it; a link stays a link."""
    target, link = tmp_path / "real", tmp_path / "link"
    target.write_text("old")
    link.symlink_to(target)
    before = os.umask(0)
    try:
        write_private(link, "new")
        write_private(tmp_path / "a" / "b", "x")
    finally:
        os.umask(before)
    assert (link.is_symlink(), target.read_text(), target.stat().st_mode & 0o777) == (True, "new", 0o600)
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o700
    assert sorted(one.name for one in tmp_path.rglob("*")) == ["a", "b", "link", "real"]


def test_a_failure_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that is full in the middle costs neither the old file nor a leftover."""
    path = tmp_path / "config.toml"
    path.write_text("old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(LocalError, match="No space"):
        write_private(path, "new")
    assert [one.name for one in tmp_path.iterdir()] == ["config.toml"]
    assert path.read_text() == "old"
