"""⁹ Failures: a count in its hour, and nothing that a rate limit turned away called an error."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from aigw_tui.history.protocol import StoredRow
from aigw_tui.model import HOUR, PERIODS, Scope, Window, period_of
from aigw_tui.tui.frame import Form
from aigw_tui.tui.panels.failures import Failures
from aigw_tui.tui.panels.health import Health
from world import (
    BGE,
    LLAMA,
    TODAY,
    area,
    check_any_size,
    empty,
    failure_row,
    recorded_all,
    refusal_row,
    request_row,
    scene,
    shown,
    world,
)  # fmt: skip

MODEL = Scope().narrow(provider="workers-ai", model=LLAMA)
SCOPES = (Scope(), Scope(PERIODS[1]), Scope(PERIODS[2]), Scope(PERIODS[-1]), MODEL, Scope().narrow(status="429"))


def test_the_panel() -> None:
    """Lanes by status over the day, what a rate limit turned away last; the same by model; the total as in Health."""
    assert shown(Failures(), scene(), 68, 16) == (
        "╭─ ⁹ Failures  by hour and status, UTC ────────────────────────────╮\n"
        "│             00    03    06    09    12    15    18    21         │\n"
        "│ 408          · · · · · · · · · 2 · · · · ·                       │\n"
        "│ 500          · · · · 1 · · · · · · 1 · · ·                       │\n"
        "│ 429 limited  · · · · · · · · · 9 · · · 1 ·                       │\n"
        "│                                                                  │\n"
        "│     n  status       provider / model                        hour │\n"
        "│     9  429 limited  workers-ai / llama-3.3-70b-instruct…   09:00 │\n"
        "│     2  408          workers-ai / llama-3.3-70b-instruct…   09:00 │\n"
        "│     1  429 limited  workers-ai / llama-3.3-70b-instruct…   13:00 │\n"
        "│     1  500          workers-ai / llama-3.3-70b-instruct…   11:00 │\n"
        "│     1  500          workers-ai / llama-3.3-70b-instruct…   04:00 │\n"
        "│ ──────────────────────────────────────────────────────────────── │\n"
        "│ 14 of 1,204 requests, 1.2 %; 10 of them rate-limited             │\n"
        "│                                                                  │\n"
        "╰──────────────────────────────────────────────── enter: the hour ─╯"
    )


def test_by_day() -> None:
    """A window longer than 48 hours has a column, and a row, a day."""
    text = shown(Failures(), scene(Scope(PERIODS[2])), 68, 16)
    assert "by day and status" in text
    assert "    10  429 limited  workers-ai / llama-3.3-70b-instruct…  23 Nov " in text


def test_rate_limits_beside_the_errors() -> None:
    """Where the account does not count them as errors they come last, and the total says `more`."""
    rows = [failure_row(9, "429", "1", 7, errors=0), failure_row(9, "503", "0", 2), failure_row(10, "429", "0", 1)]
    views = recorded_all(requests=[request_row(9, requests=100, errors=3)], failures=rows)
    lines = shown(Failures(), scene(views=views), 68, 16).split("\n")
    assert [line.split()[1] for line in lines[2:5]] == ["503", "429", "429"]
    assert [line.split()[1:3] for line in lines[7:10]] == [["2", "503"], ["1", "429"], ["7", "429"]]
    assert "3 of 100 requests, 3.0 %; 7 more rate-limited" in "".join(lines)


def test_the_rest_of_the_day_beside_an_outage() -> None:
    """An hour in which more than 5 % failed is taken out, so that one sees whether it is over."""
    rows = [request_row(9, requests=50, errors=10), request_row(10, requests=50)]
    views = recorded_all(requests=rows, failures=[failure_row(9, "500", "0", 10)])
    assert "10 of 100 requests, 10 %; outside 09:00 0 %" in shown(Failures(), scene(views=views), 68, 16)


def test_enter_narrows_to_the_hour() -> None:
    """Or to the day, in a longer window."""
    panel, room = Failures(), area(68, 16)
    first = panel.targets(panel.look(scene(), room))[0]
    assert (first.narrow, first.period) == ((), period_of(Window(TODAY + HOUR * 9, TODAY + HOUR * 10)))
    first = panel.targets(panel.look(scene(Scope(PERIODS[2])), room))[0]
    assert first.period == period_of(Window(TODAY, TODAY + HOUR * 24))


NINE = Scope().narrow(period_of(Window(TODAY + HOUR * 9, TODAY + HOUR * 10)))


def test_in_its_hour_enter_narrows_to_the_failure_class() -> None:
    """This status of this model; where the scope is that already, it changes nothing, and its requests are next."""
    panel, room = Failures(), area(68, 16)
    first = panel.targets(panel.look(scene(NINE), room))[0]
    narrower = NINE.narrow(first.period, **dict(first.narrow))
    assert dict(narrower.where) == {"provider": ("workers-ai",), "model": (LLAMA,), "status": ("429",)}
    (only,) = panel.targets(panel.look(scene(narrower), room))
    assert narrower.narrow(only.period, **dict(only.narrow)) is narrower
    assert [text for one in (Scope(), NINE, narrower) if (text := foot(one))] == ["hour", "failure class", "requests"]


def foot(scope: Scope) -> str:
    return shown(Failures(), scene(scope), 78, 20).partition("enter: the ")[2].partition(" ─")[0]


def test_a_code_of_workers_ai_narrows_to_its_model() -> None:
    """It is no HTTP status."""
    rows = [request_row(9, LLAMA, "workers-ai", requests=40, errors=2)]
    views = recorded_all(requests=rows, failures=[failure_row(9, "429")], refusals=[refusal_row(9, "3040", 2)])
    panel = Failures()
    targets = panel.targets(panel.look(scene(NINE, views), area(78, 20)))
    assert targets[-1].narrow == (("model", LLAMA),)


def test_more_than_fits_is_said() -> None:
    """Every row can be reached: the table scrolls."""
    views = recorded_all(requests=[request_row(9)], failures=[failure_row(n, str(400 + n), "0", 1) for n in range(14)])
    text = shown(Failures(), scene(views=views), 68, 16, top=3)
    assert "3 of 14 statuses · 4–9 of 14" in text


def test_words_where_there_is_nothing() -> None:
    """Not read, read and empty, and a good day are three different things."""
    assert "not read yet" in shown(Failures(), scene(views=empty()), 68, 16)
    assert "no requests through these" in shown(Failures(), scene(views=empty("requests", "failures")), 68, 16)
    text = shown(Failures(), scene(Scope().narrow(provider="openai")), 68, 16)
    assert "nothing failed" in text
    assert "0 of 198 requests, 0 %" in text


def test_a_status_that_the_account_does_not_tell() -> None:
    """It is no status, not 0."""
    views = recorded_all(requests=[request_row(9, errors=2)], failures=[failure_row(9, "", "", 2)])
    assert "    2  no status" in shown(Failures(), scene(views=views), 68, 16)


CODES = [refusal_row(9, "0", 40), refusal_row(9, "3040", 2), refusal_row(12, "3036", 31, BGE), refusal_row(3, "3043")]


def test_workers_ai_says_why_itself() -> None:
    """Its codes have lanes and rows of their own, below the gateways', in words; one without words is its number.
    An inference without an error is none of them.
    """
    rows = [request_row(9, LLAMA, "workers-ai", requests=40, errors=2)]
    views = recorded_all(requests=rows, failures=[failure_row(9, "429", "0", 2)], refusals=CODES)
    assert shown(Failures(), scene(views=views), 78, 20) == (
        "╭─ ⁹ Failures  by hour and status, UTC ──────────────────────────────────────╮\n"
        "│                           00    03    06    09    12    15    18    21     │\n"
        "│ 429                        · · · · · · · · · 2 · · · · ·                   │\n"
        "│                                                                            │\n"
        "│ 3036 daily free allocati…  · · · · · · · · · · · ·31 · ·                   │\n"
        "│                                                                            │\n"
        "│ 3040 out of capacity       · · · · · · · · · 2 · · · · ·                   │\n"
        "│                                                                            │\n"
        "│ 3043                       · · · 1 · · · · · · · · · · ·                   │\n"
        "│                                                                            │\n"
        "│     n  status       provider / model                                  hour │\n"
        "│     2  429          workers-ai / llama-3.3-70b-instruct-fp8-fast     09:00 │\n"
        "│    31  3036         daily free allocation used up · bge-base-en-v…   12:00 │\n"
        "│     2  3040         out of capacity · llama-3.3-70b-instruct-fp8-…   09:00 │\n"
        "│     1  3043         Workers AI / llama-3.3-70b-instruct-fp8-fast     03:00 │\n"
        "│ ────────────────────────────────────────────────────────────────────────── │\n"
        "│ 2 of 40 requests, 5.0 %                                                    │\n"
        "│                                                                            │\n"
        "│                                                                            │\n"
        "╰────────────────────────────────────────────────────────── enter: the hour ─╯"
    )


def test_codes_are_in_no_total() -> None:
    """They are the same failures once more, or calls past the gateways: the rate is the gateways' alone."""
    rows = [request_row(9, requests=100, errors=2)]
    without = recorded_all(requests=rows, failures=[failure_row(9, "429", "0", 2)])
    views = recorded_all(requests=rows, failures=[failure_row(9, "429", "0", 2)], refusals=CODES)
    assert "2 of 100 requests, 2.0 %" in shown(Failures(), scene(views=views), 78, 20)
    assert shown(Health(), scene(views=views), 60, 20) == shown(Health(), scene(views=without), 60, 20)


def test_codes_of_a_model_and_of_no_gateway() -> None:
    """Workers AI knows its models, so these can be narrowed to; of a gateway the border says that it does not tell."""
    views = recorded_all(requests=[request_row(9, LLAMA, "workers-ai", errors=2)], failures=[], refusals=CODES)
    text = shown(Failures(), scene(MODEL, views), 78, 20)
    assert "3040 out of capacity" in text
    assert "3036" not in text
    text = shown(Failures(), scene(Scope().narrow(gateway="prod"), views), 78, 20)
    assert "3040" not in text
    assert "Workers AI's own codes: whole account only" in text


def test_codes_without_any_request() -> None:
    """Whoever calls Workers AI past the gateways still sees what it refused."""
    text = shown(Failures(), scene(views=recorded_all(requests=[], failures=[], refusals=CODES)), 78, 20)
    assert "   31  3036         daily free allocation used up · bge-base-en-v…   12:00" in text


def test_every_row_can_be_reached() -> None:
    """The table scrolls on from the gateways' rows into the codes, without a gap and without a double."""
    panel, room = Failures(), area(78, 12)
    failures = [failure_row(n, "500") for n in range(9)]
    refusals = [refusal_row(n, "3007", 1 + n) for n in range(9)]
    now = scene(views=recorded_all(requests=[request_row(9)], failures=failures, refusals=refusals))
    seen = panel.look(now, room)
    assert seen.count == 18
    tops = range(seen.count - len(seen.entries) + 1)
    windows = [panel.look(now, area(78, 12, top=top)).entries for top in tops]
    everything = [*(window[0] for window in windows), *windows[-1][1:]]
    assert [(one.status, one.requests) for one in everything] == [
        *[("500", 1)] * 9,
        *[("3007", n) for n in range(9, 0, -1)],
    ]
    assert all(window == tuple(everything[top : top + len(window)]) for top, window in zip(tops, windows, strict=True))


def test_the_first_code_keeps_a_lane() -> None:
    """Where not all lanes fit, what Workers AI says most is not the one that goes."""
    failures = [failure_row(9, str(500 + n), "0", 9 - n) for n in range(6)]
    views = recorded_all(requests=[request_row(9, errors=9)], failures=failures, refusals=CODES)
    lines = shown(Failures(), scene(views=views), 78, 16).split("\n")
    assert [line.split()[1] for line in lines[2:5]] == ["500", "501", "3036"]


def test_what_fills_looks_unfinished() -> None:
    """In lanes and in rows: a count of an hour that may still grow is not bold."""
    panel, room = Failures(), area(78, 20)
    views = recorded_all(
        requests=[request_row(9)], failures=[failure_row(9, "500"), failure_row(13, "500")],
        refusals=[refusal_row(9, "3007"), refusal_row(13, "3007")],
    )  # fmt: skip
    drawn = panel.draw(panel.look(scene(views=views), room), room).lines
    rows = [row for row in drawn if row and row[0].text.strip() == "1"]
    times = [next(span.text.strip() for span in row if ":00" in span.text) for row in rows]
    assert times == ["13:00", "09:00"] * 2
    assert [row[0].bold for row in rows] == [False, True] * 2


@settings(max_examples=60)
@given(
    st.integers(0, 120),
    st.integers(0, 40),
    st.sampled_from(["box", "rule", "bare"]),
    st.booleans(),
    st.sampled_from(SCOPES),
    st.booleans(),
)
def test_any_size(width: int, height: int, form: Form, is_zoomed: bool, scope: Scope, is_huge: bool) -> None:
    """No figure is cut and nothing raises, from 0×0 on."""
    huge: list[StoredRow] = [failure_row(9, "5" * 40, "0", 10**14), failure_row(10, "[/]", "1", 10**12)]
    codes = [refusal_row(9, "3036", 10**13), refusal_row(10, "漢字" * 20, 3), refusal_row(11, "[/]", 1, "\x1b[31m")]
    views = recorded_all(requests=[request_row(9, requests=10**15, errors=10**14)], failures=huge, refusals=codes)
    check_any_size(Failures(), scene(scope, views if is_huge else world()), width, height, form, is_zoomed)
