"""The shared words, said again to another process."""

from __future__ import annotations

import argparse

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aigw_tui.words import add_words, spelled

SAID: tuple[list[str], ...] = (
    ["--account", "a", "--account=b", "--gateway", "prod *", "--provider", "openai", "--model", "@cf/x"],
    ["--today"],
    ["--week"],
    ["--month"],
    ["--hours", "6"],
    ["--since", "36h", "--until", "2026-11-23"],
    ["--demo", "--speed", "2.5", "--at", "14:05", "--seed", "0"],
    ["--demo", "--seed", "-3"],
    ["--config", "/a b/c.toml", "--token-file", "/t", "--interval", "10", "--base-url", "https://x.example"],
    ["--theme", "house-light", "--tz", "Europe/Berlin", "--no-color", "--quiet", "-vv"],
    ["--model=-x", "--theme", ""],
    ["--colors", "256", "--no-ascii", "--no-ssh"],
    ["--ascii", "--ssh"],
    [],
)


def parsed(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_words(parser)
    return parser.parse_args(words)


@pytest.mark.parametrize("words", SAID)
def test_the_same_words_again(words: list[str]) -> None:
    """What is spelled means what was said."""
    assert parsed(list(spelled(parsed(words)))) == parsed(words)


def test_every_word_is_tried() -> None:
    """Of those that there are, none is forgotten above."""
    parser = argparse.ArgumentParser(add_help=False)
    add_words(parser)
    said = {word.partition("=")[0] for words in SAID for word in words} | {"--verbose", "--token"}
    assert {action.option_strings[-1] for action in parser._actions} <= said


@given(st.lists(st.text(), max_size=3))
def test_any_names(names: list[str]) -> None:
    """Spaces, dashes and quotes stay what they are: no shell is between."""
    words = [f"--model={name}" for name in names]
    assert parsed(list(spelled(parsed(words)))).model == (names or None)
