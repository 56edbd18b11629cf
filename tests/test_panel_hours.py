"""⁷ Hours: one line an hour, newest first, unfolded where asked, read only where visible."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aigw_tui.datasets import dataset
from aigw_tui.history import open_history
from aigw_tui.model import DAY, HOUR, Interval, Period, Query, Scope, Trust, View, Views, Window, period_of
from aigw_tui.tui.frame import Form
from aigw_tui.tui.hourlines import thin_bar
from aigw_tui.tui.lines import plain, width_of
from aigw_tui.tui.panels.hours import HoursPanel
from world import ACCOUNT, LLAMA, NOW, TODAY, area, empty, recorded, request_row, scene, shown, world

PANEL = HoursPanel()
WEEK = Scope(Period("7 d", days=7))
MONTH = Scope(Period("30 d", days=30))


def test_in_a_wide_box() -> None:
    """The newest full hour stands open; what still fills says so, also where only the neurons do."""
    assert shown(PANEL, scene(), 106, 16) == (
        "╭─ ⁷ Hours ──────────────────────────────────────────────────────────────────────────────────────────────╮\n"
        "│ hour (UTC)     requests by model      requests errors hits tokens in      out neurons       $          │\n"
        "│ 23 Nov 14:00 ▸ ━╸                           12      0    5    11,880    2,916      34  0.0088  filling │\n"
        "│        13:00 ▾ ━━━━━━━━━━━━━━━━━━━━        183      1   80   157,410   39,242     470  0.1628  filling │\n"
        "│               ■ llama-3.3-70b               96      1   43     4,770      742     268 (0.0053)         │\n"
        "│               ■ gpt-5-mini                  31      0   13   102,600   25,740       –  0.0792          │\n"
        "│               ■ bge-base-en-v1.5            25      0   11     1,680        0      14 (0.0001)         │\n"
        "│               ■ gpt-oss-120b                14      0    6     2,160    1,360     188 (0.0032)         │\n"
        "│               ■ claude-haiku-4-5            10      0    4    19,800    5,280       –  0.0576          │\n"
        "│               ■ gemini-2.5-flash             7      0    3    26,400    6,120       –  0.0260          │\n"
        "│        12:00 ▸ ━━━━━━━━━━━━━━━━━━          166      0   71   142,260   35,432     540  0.1444  filling │\n"
        "│        11:00 ▸ ━━━━━━━━━━━━━━━━━━━━        184      1   71   173,880   43,308     620  0.1833  neurons │\n"
        "│        10:00 ▸ ━━━━━━━━━━━━━━━━━━━         176      0   63   173,880   43,308     640  0.1833          │\n"
        "│        09:00 ▸ ━━━━━━━━                     75     11   22    85,530   21,314     330  0.0879          │\n"
        "│        08:00 ▸ ━━━━━━━━━━━━╸               116      0   36   114,090   28,478     640  0.1151          │\n"
        "╰────────────────────────────────────────────────────────────────────────────────── today, newest first ─╯"
    )


def test_dollars_say_what_they_miss() -> None:
    """A model without a price is missing in its hour's; where dollars are hidden nothing is."""
    views = recorded([request_row(13), request_row(13, "b", cost=None)])
    assert "─ + 1 unpriced · today, newest first ─╯" in shown(PANEL, scene(views=views), 106, 10)
    assert "unpriced" not in shown(PANEL, scene(views=views), 46, 10)


def test_in_a_low_box() -> None:
    """Folded, without tokens, which the border names."""
    assert shown(PANEL, scene(), 78, 7) == (
        "╭─ ⁷ Hours ──────────────────────────────────────────────────────────────────╮\n"
        "│ hour    requests by model    requests errors hits neurons       $          │\n"
        "│ 14:00 ▸ ━                          12      0    5      34  0.0088  filling │\n"
        "│ 13:00 ▸ ━━━━━━━━━━━━━━━━━━        183      1   80     470  0.1628  filling │\n"
        "│ 12:00 ▸ ━━━━━━━━━━━━━━━━          166      0   71     540  0.1444  filling │\n"
        "│ 11:00 ▸ ━━━━━━━━━━━━━━━━━━        184      1   71     620  0.1833  neurons │\n"
        "╰───────────────────────────────────── hidden: tokens · today, newest first ─╯"
    )


def test_under_a_rule() -> None:
    """No dollars, no tokens; the rule carries the heads."""
    assert shown(PANEL, scene(), 60, 5, "rule") == (
        "── ⁷ Hours ──────────────────   req err hits neurons\n"
        "14:00 ▸ ━╸                       12   0    5      34 filling\n"
        "13:00 ▸ ━━━━━━━━━━━━━━━━━━━━    183   1   80     470 filling\n"
        "12:00 ▸ ━━━━━━━━━━━━━━━━━━      166   0   71     540 filling\n"
        "11:00 ▸ ━━━━━━━━━━━━━━━━━━━━    184   1   71     620 neurons"
    )


def test_narrowed_to_a_model_there_is_nothing_to_unfold() -> None:
    """Hours alone, with tokens before list prices."""
    assert shown(PANEL, scene(Scope().narrow(provider="workers-ai", model=LLAMA)), 57, 8) == (
        "╭─ ⁷ Hours ─────────────────────────────────────────────╮\n"
        "│ hour    req errors hits        in out neurons         │\n"
        "│ 14:00     9      0    5       360  56      19 filling │\n"
        "│ 13:00    96      1   43     4,770 742     268 filling │\n"
        "│ 12:00    87      0   39     4,320 672     308 filling │\n"
        "│ 11:00    96      1   39     5,130 798     353 neurons │\n"
        "│ 10:00    92      0   35     5,130 798     365         │\n"
        "╰─────────────── hidden: dollars · today, newest first ─╯"
    )


def test_beyond_two_weeks_by_day() -> None:
    """A line a day, with its weekday; the newest full day stands open."""
    text = shown(PANEL, scene(MONTH), 118, 16).splitlines()
    assert text[2].startswith("│ Mon 23 Nov ▸")
    assert text[2].endswith("filling │")
    assert text[3].startswith("│ Sun 22 Nov ▾")
    assert text[10].startswith("│ Sat 21 Nov ▸")


def test_dates_stand_where_days_turn() -> None:
    """On the first visible line, and on the last hour of the day before."""
    text = shown(PANEL, scene(WEEK), 78, 8, top=14).splitlines()
    assert [line[2:14].strip() for line in text[2:5]] == ["23 Nov 00:00", "22 Nov 23:00", "22:00"]


def test_space_unfolds_and_folds() -> None:
    """What is toggled by hand goes against what the panel does by itself."""
    nine, thirteen = TODAY + HOUR * 9, TODAY + HOUR * 13
    by_itself = PANEL.look(scene(), area(118, 16))
    assert by_itself.count == 15 + 6
    assert PANEL.look(scene(), area(118, 16, unfolded=frozenset({thirteen}))).count == 15
    both = PANEL.look(scene(), area(118, 40, unfolded=frozenset({nine})))
    assert [entry.since.hour for entry in both.entries if entry.is_unfolded] == [13, 9]


def test_enter_narrows_to_the_hour_or_the_model() -> None:
    """An hour narrows the period, a day to that day, a model to itself."""
    targets = PANEL.targets(PANEL.look(scene(), area(118, 16)))
    assert targets[0].period == period_of(Window(TODAY + HOUR * 14, TODAY + HOUR * 15))
    assert (targets[2].id, targets[2].narrow) == (
        (TODAY + HOUR * 13, "workers-ai", LLAMA),
        (("provider", "workers-ai"), ("model", LLAMA)),
    )
    days = PANEL.targets(PANEL.look(scene(MONTH), area(118, 5)))
    assert days[1].period == period_of(Window(TODAY - DAY, TODAY))


class Watched:
    """Views that remember the windows they were asked for by the hour, with their models."""

    def __init__(self) -> None:
        self.windows: list[Window] = []

    def view(self, query: Query) -> View:
        if "hour" in query.by:
            self.windows.append(query.window)
        return world().view(query)

    def sampled(self, dataset: str, window: Window, account: tuple[str, ...] = ()) -> Mapping[datetime, Interval]:
        return {}

    def known(self, dataset: str, window: Window, account: tuple[str, ...] = ()) -> Mapping[datetime, Trust]:
        return world().known(dataset, window, account)

    def names(self, dataset: str, key: str) -> tuple[str, ...]:
        return world().names(dataset, key)


def test_only_visible_hours_are_read() -> None:
    """A week has 159 hours; a screen of five reads five, and the one that stands open by itself."""
    views = Watched()
    PANEL.look(scene(WEEK, views=views), area(118, 8, top=100))
    shown_hours = Window(TODAY - HOUR * 90, TODAY - HOUR * 85)
    assert set(views.windows) == {shown_hours}


def test_every_hour_is_reached_once() -> None:
    """Scrolling from end to end shows every row exactly once."""
    seen = PANEL.look(scene(WEEK), area(118, 20))
    ids = []
    for top in range(0, seen.count, 16):
        page = PANEL.look(scene(WEEK), area(118, 20, top=top))
        ids += [target.id for target in PANEL.targets(page) if target.id not in ids]
    assert len(ids) == seen.count == 6 * 24 + 15 + 6


def test_an_unread_hour_is_unknown() -> None:
    """Hours that were never read are dashes, not zeros; hours that were read and empty are zeros."""
    text = shown(PANEL, scene(views=_with_a_gap()), 78, 8).splitlines()
    row = next(line for line in text if "13:00" in line)
    assert "–" in row
    assert " 0 " not in row.split("▸")[1]
    assert " 0 " in next(line for line in text if "12:00" in line)


def _with_a_gap() -> Views:
    """14:00 and 12:00 and before were read, 13:00 was not."""
    history = open_history(None, "https://api.example", NOW).history
    kind = dataset("requests")
    history.record(ACCOUNT, kind, Window(TODAY, TODAY + HOUR * 13), [], {}, NOW)
    row = request_row(14)
    history.record(ACCOUNT, kind, Window(TODAY + HOUR * 14, NOW), [row], {int(row[0] or 0): (10,)}, NOW)
    return history


@pytest.mark.parametrize(("views", "words"), [(empty(), "not read yet"), (empty("requests"), "no requests through")])
def test_nothing_is_said_in_words(views: Views, words: str) -> None:
    """Not read, and read but empty, are two things."""
    assert words in shown(PANEL, scene(views=views), 60, 14)


def test_the_same_data_look_the_same() -> None:
    """A minute later, with nothing new, the look is equal: nothing is painted."""
    before = scene()
    after = replace(before, snapshot=replace(before.snapshot, now=NOW + timedelta(minutes=1)))
    assert PANEL.look(before, area(118, 16)) == PANEL.look(after, area(118, 16))


@given(
    st.integers(0, 140), st.integers(0, 30), st.sampled_from(("box", "rule", "bare")), st.integers(0, 300),
    st.sets(st.integers(0, 40)), st.sampled_from((Scope(), WEEK, MONTH, Scope().narrow(model=LLAMA))),
)  # fmt: skip
@settings(max_examples=60)
def test_any_room(width: int, height: int, form: Form, top: int, opened: set[int], scope: Scope) -> None:
    """No room is too small, no top too far; all lines are equally wide where there is room for a label."""
    unfolded = frozenset(TODAY - HOUR * (n - 14) for n in opened)
    room = area(width, height, form, top=top, unfolded=unfolded)
    seen = PANEL.look(scene(scope), room)
    drawing = PANEL.draw(seen, room)
    assert len(PANEL.targets(seen)) <= room.height
    if room.width >= 24:
        assert {width_of(one) for one in drawing.lines} <= {room.width}


@given(
    st.lists(st.tuples(st.integers(0, 10**6), st.sampled_from(("neuron1", "dollar1"))), max_size=5),
    st.integers(0, 10**5),
    st.integers(1, 60),
)
def test_a_thin_bar_is_proportional(parts: list[tuple[int, str]], failed: int, width: int) -> None:
    """Its length is its share of the longest, to half a cell, and failures are always in it."""
    found = (*parts, (failed, "bad"))
    count = sum(value for value, _ in found)
    bar = thin_bar(found, max(count * 2, 1), width, is_filling=False)
    assert width_of(bar) == width
    length = plain((bar,)).count("━") + plain((bar,)).count("╸") / 2
    assert abs(length - (width / 2 if count else 0)) <= 1
    assert any(span.role == "bad" for span in bar) is (failed > 0)
