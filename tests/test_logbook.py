"""The newest log records in memory: clean, bounded, and never a reason to fail."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from aigw_tui import log, logbook
from aigw_tui.log import LONGEST_LINE
from aigw_tui.logbook import KEPT, Logbook
from aigw_tui.secret import Secret

CANARY = "canary-7c11aa-token-value"
own = logging.getLogger("aigw_tui.feed.test")


@pytest.fixture
def book() -> Logbook:
    """A book of a program that has just started, without a log file."""
    log.start(None)
    return Logbook.opened()


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    """No book is left for another test."""
    yield
    logger = logging.getLogger(logbook.PACKAGE)
    logger.handlers[:] = [handler for handler in logger.handlers if not isinstance(handler, Logbook)]


def texts(book: Logbook) -> list[str]:
    return [entry.text for entry in book.entries]


def test_what_is_kept(book: Logbook) -> None:
    """INFO and above of this package, oldest first, with level and time in UTC."""
    own.debug("too small")
    own.info("asked for %s", "requests")
    own.warning("slow")
    logging.getLogger("httpx").warning("another's")
    own.error("failed")
    assert [(entry.level, entry.text) for entry in book.entries] == [
        ("INFO", "asked for requests"),
        ("WARNING", "slow"),
        ("ERROR", "failed"),
    ]
    record = logging.makeLogRecord({"msg": "then", "created": 1795442710.25, "levelno": logging.INFO})
    book.handle(record)
    assert book.entries[-1].at == datetime(2026, 11, 23, 14, 5, 10, 250_000, UTC)


def test_debug_is_not_kept_when_the_file_has_it(book: Logbook) -> None:
    """`-v` is for the file."""
    log.start(None, verbosity=1)
    own.debug("a detail")
    own.info("news")
    assert texts(book) == ["news"]


def test_the_newest_stay(book: Logbook) -> None:
    """The oldest go when it is full."""
    for number in range(KEPT + 50):
        own.info("record %d", number)
    assert len(book.entries) == KEPT
    assert (texts(book)[0], texts(book)[-1]) == ("record 50", f"record {KEPT + 49}")


def test_nothing_new_is_the_same_value(book: Logbook) -> None:
    """Looking twice gives one value, so nothing is painted for it."""
    own.info("one")
    assert book.entries is book.entries


def test_no_secret_and_no_control_character(book: Logbook) -> None:
    """In message, arguments and exception; a secret that is broken over two lines by its neighbours, too."""
    secret = Secret(CANARY)
    own.warning("\x1b]52;c;aGFjaw==\x07 of %s and %s\r\n\u202e%s", CANARY, secret, f"x{CANARY}")
    own.error("could not", exc_info=ValueError(f"https://{CANARY}@host\nsecond \x1b[2J line"))
    assert all(CANARY not in text and text.isprintable() for text in texts(book))
    assert texts(book)[0].count("•••") == 3
    assert texts(book)[1] == "could not (ValueError: https://•••@host second \N{REPLACEMENT CHARACTER}[2J line)"


def test_a_record_is_bounded(book: Logbook) -> None:
    """Whatever a server said, in one line or in thousands."""
    own.info("x" * 10**6)
    own.info("\n".join("y" * 50 for _ in range(1000)))
    assert {len(text) for text in texts(book)} == {LONGEST_LINE}


def test_what_cannot_be_put_into_words(book: Logbook, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too few arguments, or one whose text fails: the record says so, the caller notices nothing."""
    monkeypatch.setattr(logging.getLogger(logbook.PACKAGE), "propagate", False)  # pytest's own handler would raise

    class Mute:
        def __str__(self) -> str:
            raise RuntimeError("no words")

    own.info("%s and %s", "one")
    own.info("%s", Mute())
    own.error("error", exc_info=ValueError(Mute()))
    own.info("")
    assert texts(book) == [
        f"{logbook.UNREADABLE} (TypeError)",
        f"{logbook.UNREADABLE} (RuntimeError)",
        f"{logbook.UNREADABLE} (RuntimeError)",
        "",
    ]


def test_opened_again(book: Logbook) -> None:
    """The new one listens, the old one does not."""
    newer = Logbook.opened()
    own.info("news")
    assert (texts(book), texts(newer)) == ([], ["news"])


def test_many_threads(book: Logbook) -> None:
    """None of their records is lost, and a reader meanwhile sees a whole value."""

    def write() -> None:
        for number in range(40):
            own.info("%d", number)
            assert all(isinstance(text, str) for text in texts(book))

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(book.entries) == 160
