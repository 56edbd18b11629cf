"""The outbox: bounded, on disk, each message taken by one process, given up in the end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aigw_tui.errors import LocalError
from aigw_tui.history import open_history
from aigw_tui.history.outbox import LONGEST_PAUSE, MOST, REMEMBERED, TAKEN, Outbox
from aigw_tui.history.sqlite import SqliteHistory
from aigw_tui.model import DAY, HOUR, Undelivered
from wire import NOW

SECOND = timedelta(seconds=1)
SERVER = "https://x"


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[SqliteHistory, SqliteHistory]]:
    """The same file, opened twice."""
    path = tmp_path / "history.sqlite"
    found = open_history(path, SERVER, NOW).history, open_history(path, SERVER, NOW).history
    yield found
    for history in found:
        history.close()


@pytest.fixture
def outbox(two: tuple[SqliteHistory, SqliteHistory]) -> Outbox:
    return two[0].outbox


def test_oldest_first(outbox: Outbox) -> None:
    """Each target has its own line, in the order in which messages were posted."""
    for number, id_ in enumerate("cab"):
        outbox.add(id_, ["team", "mail"], f"text {id_}", NOW + number * SECOND)
    taken = [outbox.take("team", NOW + 9 * SECOND) for _ in range(4)]
    assert [row and (row.id, row.message, row.made) for row in taken] == [
        ("c", "text c", NOW),
        ("a", "text a", NOW + SECOND),
        ("b", "text b", NOW + 2 * SECOND),
        None,
    ]
    assert len(outbox.waiting()) == 6


def test_the_same_message_is_sent_once(outbox: Outbox) -> None:
    """Whoever posts it again, while it waits or for a week after it arrived; then it is forgotten."""
    outbox.add("a", ["team"], "text", NOW)
    outbox.add("a", ["team"], "text", NOW)
    row = outbox.take("team", NOW)
    assert row is not None
    outbox.delivered(row, NOW)
    for later in (SECOND, REMEMBERED - SECOND):
        outbox.add("a", ["team"], "text", NOW + later)
        assert outbox.take("team", NOW + later) is None
    outbox.add("b", ["mail"], "text", NOW + REMEMBERED)
    outbox.add("a", ["team"], "text", NOW + REMEMBERED)
    assert outbox.take("team", NOW + REMEMBERED) is not None


def test_it_is_bounded(outbox: Outbox) -> None:
    """At most 1,000 wait; the oldest make room and are counted, but none that is on its way."""
    outbox.add("first", ["team"], "text", NOW - SECOND)
    taken = outbox.take("team", NOW)
    dropped = [outbox.add(f"m{number:04}", ["team"], "text", NOW + number * SECOND / 100) for number in range(MOST + 3)]
    waiting = outbox.waiting()
    assert sum(dropped) == outbox.dropped == 4
    assert taken is not None
    assert [row.id for row in waiting[:2]] == ["first", "m0004"]
    assert (len(waiting), waiting[-1].id) == (MOST, "m1002")


def test_a_restart_forgets_nothing(two: tuple[SqliteHistory, SqliteHistory], tmp_path: Path) -> None:
    """What waits, why it does, and how many were dropped, is there when the file is opened again."""
    one, other = two
    for number in range(MOST + 1):
        one.outbox.add(f"m{number:04}", ["team"], "text", NOW + number * SECOND / 100)
    row = one.outbox.take("team", NOW + 60 * SECOND)
    assert row is not None
    one.outbox.retry(row, "busy", NOW + 90 * SECOND, is_target_down=False)
    before = other.outbox.waiting()
    third = open_history(tmp_path / "history.sqlite", SERVER, NOW).history
    assert third.outbox.waiting() == before
    assert (before[0].failure, before[0].attempts, third.outbox.dropped) == ("busy", 1, 1)
    third.close()


def test_servers_are_kept_apart(two: tuple[SqliteHistory, SqliteHistory], tmp_path: Path) -> None:
    """Messages about one base URL are not sent for another."""
    two[0].outbox.add("a", ["team"], "text", NOW)
    other = open_history(tmp_path / "history.sqlite", "https://y", NOW).history
    assert other.outbox.take("team", NOW) is None
    assert other.outbox.waiting() == ()
    other.close()


def test_one_process_takes_it(two: tuple[SqliteHistory, SqliteHistory]) -> None:
    """Another gets it only when the first has not come back in a minute; then the first changes nothing any more."""
    one, other = (history.outbox for history in two)
    one.add("a", ["team"], "text", NOW)
    first = one.take("team", NOW)
    assert first is not None
    assert other.take("team", NOW + TAKEN - SECOND) is None
    second = other.take("team", NOW + TAKEN)
    assert second is not None
    one.retry(first, "slept", NOW + 2 * TAKEN, is_target_down=True)
    other.delivered(second, NOW + TAKEN)
    one.retry(first, "slept", NOW + 2 * TAKEN, is_target_down=True)
    assert one.waiting() == ()
    assert one.take("team", NOW + 9 * TAKEN) is None


def test_a_target_that_is_down_keeps_its_order(outbox: Outbox) -> None:
    """All that waits for it waits as long as what was tried; a message that is refused alone lets the others pass."""
    for id_ in "ab":
        outbox.add(id_, ["team", "mail"], "text", NOW)
    for target, is_down in (("team", True), ("mail", False)):
        row = outbox.take(target, NOW)
        assert row is not None
        outbox.retry(row, "no", NOW + 15 * SECOND, is_down)
    assert outbox.take("team", NOW + 14 * SECOND) is None
    passed, first = outbox.take("mail", NOW + 14 * SECOND), outbox.take("team", NOW + 15 * SECOND)
    assert (passed and passed.id, first and first.id) == ("b", "a")


def test_given_up(outbox: Outbox) -> None:
    """It is not sent any more, nor when it is posted again, and the reason stays to be read."""
    outbox.add("a", ["team"], "text", NOW)
    row = outbox.take("team", NOW)
    assert row is not None
    outbox.give_up(row, "gone (410)", NOW + SECOND)
    outbox.add("a", ["team"], "text", NOW + SECOND)
    assert outbox.waiting() == ()
    (lost,) = outbox.given_up()
    assert (lost.id, lost.failure, lost.next_at, lost.message) == ("a", "gone (410)", NOW + SECOND, "")


def test_expired(outbox: Outbox) -> None:
    """What is too old ends, of whatever target, with the reason of its last failure; what is younger stays."""
    outbox.add("old", ["team", "nobody"], "text", NOW)
    outbox.add("new", ["team"], "text", NOW + SECOND)
    row = outbox.take("team", NOW)
    assert row is not None
    outbox.retry(row, "busy", NOW + SECOND, is_target_down=False)
    late = outbox.expire(NOW, "too late", NOW + 60 * SECOND)
    assert [(each.id, each.target) for each in late] == [("old", "nobody"), ("old", "team")]
    assert [row.id for row in outbox.waiting()] == ["new"]
    assert {(each.target, each.failure) for each in outbox.given_up()} == {("nobody", "too late"), ("team", "busy")}


class TestUndelivered:
    """What is said of messages that have not arrived, target by target."""

    def fail(self, outbox: Outbox, why: str, next_at: timedelta, *, is_down: bool = True) -> None:
        """The next try for the team, a second after `NOW`, fails."""
        row = outbox.take("team", NOW + SECOND)
        assert row is not None
        outbox.retry(row, why, NOW + next_at, is_down)

    def test_what_is_on_its_way_is_not_said(self, outbox: Outbox) -> None:
        """Only what was not tried for a minute; it arrives, and nothing is said."""
        outbox.add("a", ["team"], "text", NOW)
        assert outbox.undelivered(NOW + 59 * SECOND) == ()
        assert outbox.undelivered(NOW + 60 * SECOND) == (Undelivered("team", 1),)
        row = outbox.take("team", NOW + 61 * SECOND)
        assert row is not None
        outbox.delivered(row, NOW + 62 * SECOND)
        assert outbox.undelivered(NOW + 62 * SECOND) == ()

    def test_what_failed_waits(self, outbox: Outbox) -> None:
        """All that waits for that target counts, with the reason and the next try; until that is due."""
        for id_ in "ab":
            outbox.add(id_, ["team", "mail"], "text", NOW)
        self.fail(outbox, "busy", 90 * SECOND)
        told = Undelivered("team", 2, "busy", NOW + 90 * SECOND)
        assert outbox.undelivered(NOW + 2 * SECOND) == outbox.undelivered(NOW + 30 * SECOND) == (told,)
        assert outbox.undelivered(NOW + 90 * SECOND) == (Undelivered("mail", 2), Undelivered("team", 2, "busy"))

    def test_what_was_given_up_is_said_for_a_day(self, outbox: Outbox) -> None:
        """With the reason of the newest, when that was, and for how long they were tried at least."""
        for id_, made in (("a", NOW - DAY), ("b", NOW - HOUR * 23)):
            outbox.add(id_, ["team"], "text", made)
        self.fail(outbox, "busy", HOUR)
        outbox.expire(NOW - DAY, "never tried", NOW)
        outbox.expire(NOW - HOUR * 23, "never tried", NOW + HOUR)
        (told,) = outbox.undelivered(NOW + HOUR * 2)
        assert (told.waiting, told.lost, told.lost_why) == (0, 2, "never tried")
        assert (told.lost_at, told.lost_after_h) == (NOW + HOUR, 24)
        assert outbox.undelivered(NOW + DAY)[0].lost == 1
        assert outbox.undelivered(NOW + DAY + HOUR) == ()

    def test_what_made_room_is_said_for_a_day(self, outbox: Outbox) -> None:
        """Apart from what was given up; it is over, so that nobody who posts it again makes others go."""
        for number in range(MOST + 2):
            outbox.add(f"m{number:04}", ["team"], "text", NOW + number * SECOND / 100)
        (told,) = outbox.undelivered(NOW + HOUR)
        assert (told.waiting, told.lost, told.dropped) == (MOST, 0, 2)
        assert told.dropped_at == NOW + (MOST + 1) * SECOND / 100
        assert outbox.add("m0000", ["team"], "text", NOW + HOUR) == 0
        assert len(outbox.waiting()) == MOST
        assert outbox.undelivered(NOW + DAY + HOUR)[0].dropped == 0

    def test_what_nobody_tries_is_forgotten(self, outbox: Outbox) -> None:
        """The last target was taken out of the configuration: nobody gives up what waited for it."""
        outbox.add("a", ["team"], "text", NOW)
        assert outbox.undelivered(NOW + 2 * DAY - SECOND)[0].waiting == 1
        assert outbox.undelivered(NOW + 2 * DAY) == ()

    def test_a_clock_that_was_set_back(self, outbox: Outbox) -> None:
        """A try far ahead is none: it is due."""
        outbox.add("a", ["team"], "text", NOW)
        self.fail(outbox, "busy", DAY)
        assert outbox.undelivered(NOW + 2 * SECOND) == (Undelivered("team", 1, "busy"),)

    def test_servers_are_kept_apart(self, outbox: Outbox, tmp_path: Path) -> None:
        """As all of the outbox is."""
        outbox.add("a", ["team"], "text", NOW)
        other = open_history(tmp_path / "history.sqlite", "https://y", NOW).history
        assert other.outbox.undelivered(NOW + HOUR) == ()
        other.close()


def test_a_clock_that_was_set_back(outbox: Outbox) -> None:
    """Moments far ahead mean nothing: what was taken or put off by that clock is tried now."""
    ahead = NOW + timedelta(days=30)
    for id_ in "ab":
        outbox.add(id_, ["team"], "text", ahead)
    row = outbox.take("team", ahead)
    assert row is not None
    outbox.retry(row, "busy", ahead + LONGEST_PAUSE, is_target_down=False)
    assert outbox.take("team", ahead) is not None
    assert [found and found.id for found in (outbox.take("team", NOW), outbox.take("team", NOW))] == ["a", "b"]


def test_a_disk_that_refuses(two: tuple[SqliteHistory, SqliteHistory]) -> None:
    """Its words come as ours."""
    outbox = two[0].outbox
    two[0]._db.execute("DROP TABLE outbox")
    acts = (
        outbox.waiting,
        lambda: outbox.take("team", NOW),
        lambda: outbox.add("a", ["team"], "text", NOW),
        lambda: outbox.undelivered(NOW),
    )
    for act in acts:
        with pytest.raises(LocalError, match="history database refuses"):
            act()


STEPS = st.lists(
    st.tuples(
        st.integers(0, 1), st.sampled_from(("add", "take", "done", "down", "refused", "wait")), st.integers(0, 5)
    ),
    max_size=40,
)


@given(STEPS)
def test_whatever_happens(steps: list[tuple[int, str, int]]) -> None:
    """Nobody holds what another holds, nothing that arrived is given out again, and nothing is lost."""
    history = open_history(None, SERVER, NOW).history
    outbox, now = history.outbox, NOW
    held: dict[str, tuple[int, object]] = {}
    posted, arrived = set[str](), set[str]()
    for who, act, number in steps:
        mine = [(id_, row) for id_, (owner, row) in held.items() if owner == who]
        if act == "add":
            outbox.add(str(number), ["team"], "text", now)
            posted.add(str(number))
        elif act == "wait":
            now += timedelta(minutes=number)
            if number:
                held.clear()
        elif act == "take" and (row := outbox.take("team", now)):
            assert row.id not in held
            assert row.id not in arrived
            held[row.id] = (who, row)
        elif mine and act != "take":
            id_, held_row = mine[0]
            del held[id_]
            if act == "done":
                outbox.delivered(held_row, now)  # type: ignore[arg-type]
                arrived.add(id_)
            else:
                outbox.retry(held_row, "no", now + SECOND, act == "down")  # type: ignore[arg-type]
    assert {row.id for row in outbox.waiting()} == posted - arrived
    history.close()
