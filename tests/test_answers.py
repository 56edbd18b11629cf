"""Answers of history: each is read once at a revision, as long as others are not asked for more often."""

from __future__ import annotations

from aigw_tui.history.answers import MOST, MOST_ROWS, Answers


class Reader:
    """Counts what it reads."""

    def __init__(self, rows: int = 1) -> None:
        self.times, self.rows = 0, rows

    def __call__(self) -> tuple[int, ...]:
        self.times += 1
        return (0,) * self.rows


def test_an_answer_is_read_once_at_a_revision() -> None:
    """And again when something was recorded, or everything is forgotten."""
    answers, read = Answers(), Reader()
    for revision in (1, 1, 2, 2):
        assert answers.once(revision, "q", read) == (0,)
    assert read.times == 2
    answers.forget()
    answers.once(2, "q", read)
    assert read.times == 3


def test_what_is_asked_for_often_stays() -> None:
    """However many others come and go; of those the oldest go."""
    answers, often = Answers(), Reader()
    others = [Reader() for _ in range(3 * MOST)]
    for number, other in enumerate(others):
        answers.once(1, number, other)
        answers.once(1, "often", often)
    assert often.times == 1
    answers.once(1, len(others) - 1, others[-1])
    answers.once(1, 0, others[0])
    assert (others[-1].times, others[0].times) == (1, 2)


def test_rows_count() -> None:
    """One answer with more rows than may be kept is not kept, and drives out the others."""
    answers, small, large = Answers(), Reader(), Reader(MOST_ROWS + 1)
    for _ in range(2):
        answers.once(1, "small", small)
        answers.once(1, "large", large)
    assert (small.times, large.times) == (2, 2)


def test_an_answer_that_asks_for_another() -> None:
    """The inner one is kept as well."""
    answers, inner = Answers(), Reader()
    assert answers.once(1, "outer", lambda: (*answers.once(1, "inner", inner), 1)) == (0, 1)
    answers.once(1, "inner", inner)
    assert inner.times == 1
