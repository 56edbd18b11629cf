"""What people read: figures that never lie about zero or all, ages, times, hints, and text that cannot do harm."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aigw_tui.format import (
    LONGEST_TEXT,
    UNKNOWN,
    age,
    clean,
    clock,
    did_you_mean,
    dollars,
    duration,
    fit,
    from_iso,
    iso,
    model_name,
    percent,
    short,
    usd,
    whole,
)

amounts = st.floats(0, 1e15)
moments = st.datetimes(datetime(1000, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001


@given(st.text(max_size=3 * LONGEST_TEXT), st.integers(1, 300))
def test_clean_text_is_one_printable_line(text: str, longest: int) -> None:
    """Whatever came in: printable, no longer than asked for, the same when it is cleaned again, harmless text kept."""
    found = clean(text, longest)
    assert found.isprintable()
    assert len(found) <= longest
    assert clean(found, longest) == found
    assert found == text or len(text) > longest or not text.isprintable()


@pytest.mark.parametrize("evil", ["\x1b", "\n", "\x9b", "\u202e", "\ud800", "\x00", "\u2028"])
def test_what_a_terminal_could_obey_is_replaced(evil: str) -> None:
    """Escapes, line ends, bidi marks and lone surrogates."""
    assert clean(f"a{evil}b") == "a\N{REPLACEMENT CHARACTER}b"


@pytest.mark.parametrize(
    "shown", [whole, short, usd, dollars, percent, age, clock, duration, lambda value: fit(value, 5)]
)
def test_unknown_is_never_zero(shown: object) -> None:
    """None has a sign of its own everywhere."""
    assert shown(None) == UNKNOWN  # type: ignore[operator]


@given(amounts.filter(bool))
def test_something_is_never_shown_as_nothing(value: float) -> None:
    """A figure above 0 never reads as a zero, in any form."""
    for text in (whole(value), short(value), usd(value), dollars(value), percent(value)):
        assert text.lstrip("<$").strip("0., %kMGP") or text.startswith("<")


@given(st.floats(0, 1, exclude_max=True))
def test_less_than_all_is_never_100_percent(share: float) -> None:
    """Only all of it is `100 %`."""
    assert percent(share) != "100 %"
    assert percent(1.0) == "100 %"


@given(st.floats(0, 9e17), st.integers(1, 20))
def test_figures_fit_whole_or_not_at_all(value: float, width: int) -> None:
    """`short` needs five cells at the most; `fit` shows a figure whole, or none."""
    assert len(short(value)) <= 5
    assert fit(value, width) in (whole(value), short(value), "#" * width)
    assert len(fit(value, width)) <= width


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (whole(7214), "7,214"), (whole(0.2), "<1"), (whole(0), "0"),
        (short(842), "842"), (short(12_400), "12.4k"), (short(999.6), "1.0k"), (short(99_950), "100k"),
        (short(1.2e6), "1.2M"), (short(0.4), "<1"),
        (usd(1.234), "1.23"), (usd(0.004), "<0.01"), (usd(0.00312, 4), "0.0031"), (usd(0), "0.00"),
        (dollars(1.234), "$1.23"), (dollars(0.001), "<$0.01"),
        (percent(0.72), "72 %"), (percent(0.012), "1.2 %"), (percent(0.0002), "<0.1 %"), (percent(0), "0 %"),
        (percent(0.999), "99 %"), (percent(12.5), "1,250 %"),
        (age(12.9), "12 s"), (age(timedelta(minutes=7)), "7 min"), (age(3 * 3600 + 300), "3 h 05 min"),
        (age(timedelta(days=2, hours=4)), "2 d 4 h"), (age(-5), "0 s"),
        (duration(840), "840 ms"), (duration(2140.0), "2.1 s"), (duration(128_000), "128 s"), (duration(0.3), "<1 ms"),
        (duration(999.7), "1.0 s"), (duration(720_000), "12 min"), (duration(0), "0 ms"), (duration(1e400), "–"),
        (clock(datetime(2026, 11, 23, 14, 5, tzinfo=UTC)), "14:05"),
        (model_name("@cf/meta/llama-3.1-8b"), "llama-3.1-8b"), (model_name(""), "(none)"),
    ],
)  # fmt: skip
def test_as_people_read_it(text: str, found: str) -> None:
    """One example of every form."""
    assert text == found


@given(moments)
def test_iso_there_and_back(moment: datetime) -> None:
    """To the second, and always UTC."""
    assert from_iso(iso(moment)) == moment.replace(microsecond=0)


def test_a_time_without_a_zone_is_utc() -> None:
    """A day is its midnight; another zone is converted."""
    midnight = datetime(2026, 11, 23, tzinfo=UTC)
    assert from_iso("2026-11-23") == from_iso("2026-11-23T00:00") == midnight
    assert from_iso("2026-11-23T02:00:00+02:00").tzinfo == timezone.utc  # noqa: UP017 - the zone itself, not its hour
    assert from_iso("2026-11-23T02:00:00+02:00") == midnight


@pytest.mark.parametrize("text", ["", "soon", "2026-13-01", "0001-01-01T00:00+09:00", "9999-12-31T23:59-09:00"])
def test_no_time(text: str) -> None:
    """What is no time, or one that UTC has no name for, is a ValueError and nothing else."""
    with pytest.raises(ValueError, match=r".+"):
        from_iso(text)


def test_hints() -> None:
    """The nearest word that exists; where none is near, what the caller says."""
    assert did_you_mean("dmo", ["demo", "monitor"]) == "did you mean demo?"
    assert did_you_mean("xyz", ["demo", "monitor"], "use demo") == "use demo"
