"""Messages that have not arrived, in words: whole where there is room, shorter where not, never a false number."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aigw_tui.insight.undelivered import sentences
from aigw_tui.model import DAY, HOUR, Undelivered
from aigw_tui.tui.lines import plain, width_of
from aigw_tui.tui.undeliveredlines import room_for, undelivered_lines
from messages import HOSTILE
from world import NOW

NUMBER = re.compile(r"[0-9]+(?:[,:][0-9]+)*")
MINUTE = timedelta(minutes=1)
BUSY = "hooks.example answers 500 (Internal Server Error)"
WAITS = Undelivered("team", 2, BUSY, NOW + 15 * MINUTE)
LOST = Undelivered("office", lost=1, lost_why="mx.example refuses the mail (550)", lost_at=NOW - DAY, lost_after_h=24)
DROPPED = Undelivered("team", dropped=3, dropped_at=NOW - HOUR)


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (WAITS, f"2 messages wait for team: {BUSY}, next try 14:20"),
        (Undelivered("team", 1, "busy"), "1 message waits for team: busy"),
        (Undelivered("team", 1), "1 message waits for team: not tried yet"),
        (LOST, "gave up on 1 message for office after 24 h: mx.example refuses the mail (550), at 22 Nov 14:05"),
        (
            Undelivered("team", lost=2, lost_why="damaged", lost_at=NOW),
            "gave up on 2 messages for team: damaged, at 14:05",
        ),
        (DROPPED, "dropped the 3 oldest for team: more than 1,000 waited, at 13:05"),
        (
            Undelivered("team", dropped=1, dropped_at=NOW),
            "dropped the oldest for team: more than 1,000 waited, at 14:05",
        ),
    ],
)
def test_in_whole(found: Undelivered, text: str) -> None:
    """How many, for whom, why, and when; a day that is not today is named."""
    assert [one.whole for one in sentences([found], NOW)] == [text]


def test_what_waits_comes_first() -> None:
    """It may still arrive."""
    both = Undelivered("a", 1, "busy", lost=1, lost_why="gone", lost_at=NOW)
    assert [one.kind for one in sentences([both, WAITS], NOW)] == ["waits", "waits", "lost"]


@pytest.mark.parametrize(
    ("width", "text"),
    [
        (100, f"◌ 2 messages wait for team: {BUSY}, next try 14:20"),
        (76, "◌ 2 messages wait for team: hooks.example answers 500, next try 14:20"),
        (60, "◌ 2 messages wait for team: hooks.example…, next try 14:20"),
        (50, "◌ 2 messages wait for team, next try 14:20"),
        (36, "◌ 2 wait for team, next try 14:20"),
        (30, "◌ 2 messages wait for team"),
        (20, "◌ 2 wait for team"),
        (17, "◌ 2 wait for team"),
        (16, ""),
    ],
)
def test_in_less_room(width: int, text: str) -> None:
    """The cause goes first, then the next try; what nobody would understand is not begun."""
    assert plain(undelivered_lines(sentences([WAITS], NOW), 0, width)) == text


def test_how_many_more_there_are() -> None:
    """At the right of the last line, which is shorter for it."""
    (line,) = undelivered_lines(sentences([WAITS], NOW), 2, 36)
    assert plain([line]) == "◌ 2 messages wait for team   +2 more"


@pytest.mark.parametrize(("height", "lines"), [(0, 0), (1, 0), (2, 1), (7, 1), (8, 2), (16, 4), (40, 4)])
def test_rules_keep_most_of_the_room(height: int, lines: int) -> None:
    assert room_for(9, height) == lines
    assert room_for(1, height) == min(lines, 1)


names = st.sampled_from(HOSTILE) | st.text(max_size=50)
moments = st.none() | st.sampled_from((NOW, NOW - DAY, NOW + MINUTE))
undelivered = st.builds(
    Undelivered, names, st.integers(0, 10**6), names, moments, st.integers(0, 10**6), names, moments,
    st.integers(0, 99), st.integers(0, 10**6), moments,
)  # fmt: skip


@given(st.lists(undelivered, max_size=4), st.integers(0, 130), st.integers(0, 12))
def test_any_messages_in_any_width(found: list[Undelivered], width: int, more: int) -> None:
    """No line is too wide, nothing foreign gets through, and every number of ours is one of the whole sentence."""
    said = sentences(found, NOW)
    lines = undelivered_lines(said, more, width)
    assert [line for line in lines if width_of(line) > width] == []
    assert all(span.text.isprintable() for line in lines for span in line)
    for one in said:
        numbers = ["1", *NUMBER.findall(one._replace(why="").whole)]  # the oldest is one
        for version in one._replace(why="").versions(width):
            assert set(NUMBER.findall(version)) <= {*numbers}
