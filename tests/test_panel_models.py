"""⁶ Models: one row a model, its figures whole, its prices told apart, in any room."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aigw_tui.model import Period, Scope, Views
from aigw_tui.tui.frame import Form
from aigw_tui.tui.lines import fit, plain, width_of
from aigw_tui.tui.panels.models import ModelsPanel, Seen, sparkline
from world import GPT, LLAMA, area, empty, recorded, request_row, scene, shown, world

PANEL = ModelsPanel()
LLAMA_ROW = ("workers-ai", LLAMA)


@pytest.mark.parametrize(
    ("hours", "filling", "roles"),
    [
        ((4, 4, 4, 4), (False,) * 4, ["neuron1", "neuron1"]),
        ((4, 4, 4, 4), (False, False, False, True), ["neuron1", "neuron1:filling"]),
        ((4, None, 4, 4), (False,) * 4, ["neuron1:filling", "neuron1"]),
    ],
)
def test_a_column_is_as_good_as_its_worst_hour(
    hours: tuple[int | None, ...], filling: tuple[bool, ...], roles: list[str]
) -> None:
    """Two hours a column: lighter when one of them still fills or was never read."""
    drawn = sparkline(hours, filling, "neuron1", 2)
    assert [span.role for span in drawn for _ in span.text] == roles


def test_in_a_box() -> None:
    """Busiest first; a total under a rule; list prices in parentheses with their explanation."""
    assert shown(PANEL, scene(), 60, 14) == (
        "╭─ ⁶ Models ───────────────────────────────────────────────╮\n"
        "│   model            last 24 h        req neurons       $  │\n"
        "│ ■ llama-3.3-70b    ▄▄▃▂▂▁▁▂▄▅▇▄     650   4,112   (0.04) │\n"
        "│ ■ gpt-5-mini       ▄▃▂▂▁▁▁▂▄▅▇▄     198       –    0.59  │\n"
        "│ ■ bge-base-en-v1.5 ▄▄▂▂▁▁▁▂▄▅▇▄     161     216  (<0.01) │\n"
        "│ ■ gpt-oss-120b     ▄▃▂▂▁▁▁▂▄▅▇▄      89   2,886   (0.02) │\n"
        "│ ■ claude-haiku-4-5 ▄▃▂▁▁▁▁▁▄▅▇▄      65       –    0.44  │\n"
        "│ ■ gemini-2.5-flash ▄▃▂▁▁▁▁▂▄▅▇▄      41       –    0.20  │\n"
        "│ ──────────────────────────────────────────────────────── │\n"
        "│   all                             1,204   7,214    1.23  │\n"
        "│                                                          │\n"
        "│                                                          │\n"
        "│ ( ) list price, inside the free allowance, not added     │\n"
        "╰──────────────────────────────────────────────────────────╯"
    )


def test_in_a_low_box() -> None:
    """Without rows to spare the total goes into the border; with columns to spare errors and 24 single hours come."""
    assert shown(PANEL, scene(), 78, 9) == (
        "╭─ ⁶ Models ─────────────────────────────────────────────────────────────────╮\n"
        "│   model            last 24 h                   req errors neurons       $  │\n"
        "│ ■ llama-3.3-70b    ▄▄▄▃▃▂▂▂▁▂▁▁▁▁▁▂▃▅▃▇▇▆▇▁    650     14   4,112   (0.04) │\n"
        "│ ■ gpt-5-mini       ▄▄▄▃▂▂▂▁▁▁▁▁▁▁▁▂▃▄▃▇▇▆▇▁    198      0       –    0.59  │\n"
        "│ ■ bge-base-en-v1.5 ▄▄▄▃▂▂▂▁▁▁▁▁▁▁▁▂▃▄▃▇▇▆▇▁    161      0     216  (<0.01) │\n"
        "│ ■ gpt-oss-120b     ▄▄▄▃▂▂▂▂▁▂▁▁▁▁▁▂▃▄▃▇▇▆▇▁     89      0   2,886   (0.02) │\n"
        "│ ■ claude-haiku-4-5 ▄▄▃▃▂▂▁▁▁▁▁▁▁▁▁▂▃▄▃▆▇▆▆▁     65      0       –    0.44  │\n"
        "│ ■ gemini-2.5-flash ▄▄▃▃▂▂▁▁▁▁▁▁▁▁▁▂▃▄▃▇▇▆▇▁     41      0       –    0.20  │\n"
        "╰────────────────── all  1,204 requests   14 errors   7,214 neurons   $1.23 ─╯"
    )


def test_under_a_rule() -> None:
    """The rule carries the heads, above their columns."""
    assert shown(PANEL, scene(), 60, 7, "rule") == (
        "── ⁶ Models ────────────────────────    req neurons       $\n"
        "■ llama-3.3-70b    ▄▄▃▂▂▁▁▂▄▅▇▄         650   4,112   (0.04)\n"
        "■ gpt-5-mini       ▄▃▂▂▁▁▁▂▄▅▇▄         198       –    0.59\n"
        "■ bge-base-en-v1.5 ▄▄▂▂▁▁▁▂▄▅▇▄         161     216  (<0.01)\n"
        "■ gpt-oss-120b     ▄▃▂▂▁▁▁▂▄▅▇▄          89   2,886   (0.02)\n"
        "■ claude-haiku-4-5 ▄▃▂▁▁▁▁▁▄▅▇▄          65       –    0.44\n"
        "■ gemini-2.5-flash ▄▃▂▁▁▁▁▂▄▅▇▄          41       –    0.20"
    )


def test_bare() -> None:
    """Names, requests, neurons, dollars: nothing else has room."""
    assert shown(PANEL, scene(), 40, 4, "bare") == (
        "■ llama-3.3-70b      650   4,112  (0.04)\n"
        "■ gpt-5-mini         198       –   0.59\n"
        "■ bge-base-en-v1.5   161     216 (<0.01)\n"
        "■ gpt-oss-120b        89   2,886  (0.02)"
    )


def test_zoomed() -> None:
    """With all the room there is, names stand in full, and hits and tokens come."""
    text = shown(PANEL, scene(), 120, 30, is_zoomed=True)
    assert "llama-3.3-70b-instruct-fp8-fast" in text
    assert "tokens in" in text
    assert "hidden" not in text


def test_a_gateway_shows_estimates() -> None:
    """Neurons are not measured by gateway: all of them are marked."""
    text = shown(PANEL, scene(Scope().narrow(gateway="prod")), 60, 14)
    assert "~2,160" in text
    assert "4,112" not in text


def test_rows_scroll() -> None:
    """Only visible rows are looked at; the border says which; the top is held within the table."""
    views = recorded([request_row(3, f"m{n:02}", requests=100 - n) for n in range(40)])
    seen = PANEL.look(scene(views=views), area(60, 10, top=35))
    assert [entry.use.model for entry in seen.entries] == [f"m{n}" for n in range(33, 40)]
    assert (seen.count, seen.top) == (40, 33)
    assert [target.id for target in PANEL.targets(seen)] == [("openai", f"m{n}") for n in range(33, 40)]
    assert "34–40 of 40" in shown(PANEL, scene(views=views), 100, 10, top=35)


def test_enter_narrows_to_the_model() -> None:
    """A row stands for its provider and its model."""
    first = PANEL.targets(PANEL.look(scene(), area(60, 14)))[0]
    assert (first.id, first.narrow) == (LLAMA_ROW, (("provider", "workers-ai"), ("model", LLAMA)))


def test_the_cursor_is_one_row_and_only_with_focus() -> None:
    """The selected row has its own ground, from edge to edge."""
    for is_focused in (True, False):
        room = area(60, 14, is_focused=is_focused, cursor=LLAMA_ROW)
        lines = PANEL.draw(PANEL.look(scene(), room), room).lines
        assert [bool(one) and all(span.on == "cursor" for span in one) for one in lines].count(True) == is_focused


def test_what_has_no_price_is_said() -> None:
    """The border says how many models are not in the sum."""
    views = recorded([request_row(3, cost=None), request_row(3, "b", cost=0.5)])
    assert "+ 1 unpriced" in shown(PANEL, scene(views=views), 60, 14)


def test_a_model_past_the_gateways_has_a_row() -> None:
    """It burned neurons, but made no request here."""
    second = int(request_row(3)[0] or 0)
    text = shown(PANEL, scene(views=recorded([(second, "@cf/x/past", 5, 1234.5, 1, 1)], "neurons")), 60, 8)
    row = next(line for line in text.splitlines() if "past" in line)
    assert row.split()[3:] == ["0", "1,234", "–", "│"] or " 0   1,234" in row


@pytest.mark.parametrize(("views", "words"), [(empty(), "not read yet"), (empty("requests"), "no requests through")])
def test_nothing_is_said_in_words(views: Views, words: str) -> None:
    """Not read, and read but empty, are two things."""
    assert words in shown(PANEL, scene(views=views), 60, 14)


def test_a_filter_that_matches_nothing_says_so() -> None:
    """The words speak of the filter and of how to clear it, not of waiting."""
    text = shown(PANEL, scene(replace(Scope(), pattern="zzz")), 60, 14)
    assert "/zzz" in text
    assert "esc clears" in text


def test_the_same_data_look_the_same() -> None:
    """A minute later, with nothing new, the look is equal: nothing is painted."""
    before = scene()
    after = replace(before, snapshot=replace(before.snapshot, now=before.snapshot.now.replace(minute=6)))
    assert PANEL.look(before, area(60, 14)) == PANEL.look(after, area(60, 14))


@given(st.integers(0, 140), st.integers(0, 30), st.sampled_from(("box", "rule", "bare")), st.booleans())
@settings(max_examples=60)
def test_any_room(width: int, height: int, form: Form, is_focused: bool) -> None:
    """No room is too small; the lines are never wider or more than the room."""
    room = area(width, height, form, is_focused=is_focused, cursor=LLAMA_ROW)
    seen: Seen = PANEL.look(scene(), room)
    drawing = PANEL.draw(seen, room)
    if room.width >= 12:
        assert all(width_of(one) <= room.width for one in drawing.lines)
    assert len(drawing.lines) <= max(room.height, 1)


@given(st.text(max_size=250))
@settings(max_examples=60)
def test_a_hostile_name_stays_in_its_cell(name: str) -> None:
    """Any name: the figures behind it stand where they stood, and nothing unprintable is drawn."""
    room = area(60, 14)
    seen = PANEL.look(scene(), room)
    entries = (replace(seen.entries[0], name=name, use=replace(seen.entries[0].use, model=name)), *seen.entries[1:])
    lines = PANEL.draw(replace(seen, entries=entries), room).lines
    assert {width_of(one) for one in lines[:7]} == {room.width}
    assert plain(lines).replace("\n", "").isprintable()
    assert plain((fit(lines[1], room.width),)).endswith(plain((lines[1],))[-6:])


def test_figures_agree_with_the_store() -> None:
    """The total is the day's, as every other panel has it."""
    seen = PANEL.look(scene(views=world()), area(60, 14))
    assert seen.all.requests == 1204
    assert seen.all.neurons == pytest.approx(7214)
    assert next(entry.use.requests for entry in seen.entries if entry.use.model == GPT) == 198


def test_a_spark_gives_way_by_halves() -> None:
    """Where names and figures leave no room for 24 columns there may be some for 12."""
    rows = [shown(PANEL, scene(), width, 14).splitlines()[2] for width in (80, 72, 50)]
    assert [sum(letter in "▁▂▃▄▅▆▇█" for letter in row) for row in rows] == [24, 12, 0]


def test_the_token_is_doubted_only_where_it_never_saw_anything() -> None:
    """Where older rows are known, the way to them is said instead."""
    hour = Scope(Period("hour", hours=1))
    never = shown(PANEL, scene(hour, views=empty("requests")), 60, 14)
    earlier = shown(PANEL, scene(hour, views=recorded([request_row(3)])), 60, 14)
    assert "Analytics" in never
    assert "looks further" in earlier
    assert "Analytics" not in earlier


def test_figures_become_short_before_dollars_go() -> None:
    """As far as names keep 14 cells."""
    rows = [request_row(3, "m" * 40, requests=123_456_789, cost=12_345.6)]
    assert shown(PANEL, scene(views=recorded(rows)), 36, 1, "bare").split()[2:] == ["123M", "–", "12.3k"]
