"""The panels as tables of values: parts that add up to the figures on the screen, and nothing made of the unknown."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest

from aigw_tui.model import HOUR, MONTH, WEEK, Cell, Export, Query, Scope, Sheet
from aigw_tui.outlets.sheets import as_csv, as_json
from aigw_tui.tui.panel import Panel
from aigw_tui.tui.panels import all_panels
from aigw_tui.tui.scene import Area, Scene
from aigw_tui.tui.sorting import Sort
from test_panel_latency import ALL, answered
from world import (
    NOW,
    TODAY,
    area,
    failure_row,
    recorded,
    recorded_all,
    refusal_row,
    request_row,
    scene,
    shown,
    with_a_hole,
)

ROOM = area(80, 24)
PANELS = {name: kind() for name, kind in all_panels()}
MEASURES = ("requests", "tokens", "neurons", "cost", "errors", "cache")
SCOPES = (
    Scope(),
    Scope(WEEK),
    Scope(MONTH),
    Scope().narrow(provider="openai"),
    Scope().narrow(gateway="prod"),
    Scope().narrow(status="429"),
)


def sheet_of(name: str, seen: Scene | None = None, room: Area = ROOM) -> Sheet:
    found = PANELS[name].sheet(seen or scene(), room)
    assert found
    return found


def column(found: Sheet, name: str) -> list[Cell]:
    place = found.columns.index(name)
    return [row[place] for row in found.rows]


def sum_of(found: Sheet, name: str) -> float:
    return sum(float(value) for value in column(found, name) if isinstance(value, int | float))


def figures(name: str, seen: Scene, room: Area = ROOM) -> dict[Cell, Cell]:
    return {row[0]: row[1] for row in sheet_of(name, seen, room).rows}


@pytest.mark.parametrize("scope", SCOPES, ids=str)
@pytest.mark.parametrize("panel", PANELS.values(), ids=PANELS.keys())
def test_every_row_has_a_cell_for_each_column(panel: Panel, scope: Scope) -> None:
    """Whatever the scope and the measure; also where there is nothing to show."""
    for seen in (scene(scope), scene(scope, recorded([])), *(scene(scope, measure=one) for one in MEASURES)):
        found = panel.sheet(seen, ROOM)
        assert found
        assert found.panel == panel.TITLE
        assert len(set(found.columns)) == len(found.columns)
        assert all(name == name.lower().replace(" ", "_") for name in found.columns)
        assert {len(row) for row in found.rows} <= {len(found.columns)}


@pytest.mark.parametrize("scope", SCOPES[:5], ids=str)
def test_parts_add_up_to_one_total(scope: Scope) -> None:
    """Requests and errors by provider, gateway, model, hour, and hour and model are the same ones."""
    seen = scene(scope)
    snapshot = seen.snapshot
    pairs = tuple(pair for pair in snapshot.scope.where)
    for measure in ("requests", "errors"):
        view = snapshot.views.view(Query("requests", snapshot.window, (), (measure,), pairs))
        truth = view.total.values[0]
        assert truth is not None
        for name in ("providers", "gateways", "models", "health"):
            assert sum_of(sheet_of(name, seen), measure) == truth, name
    folded = [row for row in sheet_of("hours", seen).rows if row[2] is None]
    assert sum_of(replace(sheet_of("hours", seen), rows=tuple(folded)), "requests") == sum_of(
        sheet_of("traffic", seen), "requests"
    )


def test_dollars_and_hits_add_up_too() -> None:
    seen = scene(quotas=())
    owed, listed = (sum_of(sheet_of("models"), name) for name in ("owed_usd", "list_usd"))
    views, window = seen.snapshot.views, seen.snapshot.window
    assert owed + listed == pytest.approx(views.view(Query("requests", window, (), ("cost_usd",))).total.values[0])
    assert sum_of(sheet_of("cost"), "owed_usd") == pytest.approx(owed)
    for name in ("providers", "gateways", "models"):
        assert sum_of(sheet_of(name), "owed_usd") == pytest.approx(owed)
        assert sum_of(sheet_of(name), "cache_hits") == sum_of(sheet_of("cache"), "cache_hits")
    assert sum_of(sheet_of("traffic", scene(measure="cost")), "owed_usd") == pytest.approx(owed)
    assert sum_of(sheet_of("providers"), "share") == pytest.approx(1.0)
    today = figures("today", seen)
    assert today["owed_usd"] == pytest.approx(owed)
    assert today["requests"] == sum_of(sheet_of("providers"), "requests")
    assert today["hit_rate"] == pytest.approx(sum_of(sheet_of("cache"), "cache_hits") / 1204)


def test_neurons_are_figures_or_hours_as_they_are_shown() -> None:
    """In a small tile the day's figures, in a tall one its hours, and what is expected in a column of its own."""
    small, tall = area(34, 9), area(100, 30)
    seen = figures("neurons", scene(), small)
    hours = sheet_of("neurons", scene(), tall)
    assert seen["neurons"] == sum_of(hours, "neurons")
    assert seen["neurons_limit"] == 10_000.0
    for since, neurons, expected, _ in hours.rows:
        assert expected is None or (neurons is None and since > NOW - HOUR)  # type: ignore[operator]


@pytest.mark.parametrize("name", ["health", "cache", "cost", "hours", "pulse", "traffic"])
def test_an_hour_that_was_never_read_is_unknown(name: str) -> None:
    """Empty in CSV, null in JSON, and never 0."""
    seen = scene(views=with_a_hole([request_row(1)], [request_row(7)]))
    found = sheet_of(name, seen)
    wanted = {"cache": "cache_hits", "cost": "owed_usd"}.get(name, "requests")
    nobody_knows = [n for n, value in enumerate(column(found, wanted)) if value is None]
    assert nobody_knows
    export = Export(found, seen.snapshot.scope, NOW)
    in_csv = list(csv.DictReader(io.StringIO("".join(as_csv(export)), newline="")))
    in_json = json.loads("".join(as_json(export)))["rows"]
    for n in nobody_knows:
        assert in_csv[n][wanted] == ""
        assert in_json[n][wanted] is None


def test_an_hour_without_requests_is_a_zero() -> None:
    """It was read, and there was nothing: a row without a model."""
    found = sheet_of("traffic", scene(views=recorded([request_row(3)])))
    by_hour = dict(zip(column(found, "since"), found.rows, strict=True))
    assert by_hour[TODAY][1:5] == (None, None, 0, 0)
    assert by_hour[TODAY + HOUR * 3][1:5] == ("openai", "gpt-5-mini", 10, 0)


def test_estimates_have_columns_of_their_own() -> None:
    """In one gateway neurons are tokens times price."""
    seen = scene(Scope().narrow(gateway="prod"), measure="neurons")
    for name in ("models", "traffic"):
        found = sheet_of(name, seen)
        assert not any(column(found, "neurons"))
        assert any(column(found, "neurons_estimated"))
    assert sheet_of("heat", seen).columns[-1] == "neurons_estimated_median"
    assert "neurons_of_selection_estimated" in figures("neurons", seen, area(34, 9))


def test_a_usual_week_has_a_row_an_hour() -> None:
    """However many the screen draws together; the hour of now is the figure in the headline."""
    narrow, wide = (sheet_of("heat", room=area(*size)) for size in ((30, 6), (120, 30)))
    assert narrow == wide
    assert len(wide.rows) == 7 * 24
    (now,) = (value for day, hour, value in wide.rows if (day, hour) == ("Mon", 14))
    assert f"{now:,.0f} requests usual on Mon at 14:00" in shown(PANELS["heat"], scene(), 120, 12)


def test_latency_in_milliseconds() -> None:
    """The table's rows with models in full; what an account does not tell is unknown."""
    found = sheet_of("latency", answered(*ALL))
    assert found.columns[2:] == ("requests", "latency_p50_ms", "latency_p90_ms", "latency_p99_ms")
    assert found.rows[0] == ("openai", "gpt-5-mini", 204, 1800.0, 6400.0, 12_000.0)
    assert found.rows[-1][3:] == (None, None, None)
    (together,) = sheet_of("latency", answered(ALL[0])).rows
    assert together == (None, None, 1204, 840.0, 2100.0, 6400.0)


FAILED = recorded_all(
    requests=[request_row(9, requests=100, errors=12)],
    failures=[failure_row(9, "429", "1", 7), failure_row(10, "500", "0", 2), failure_row(9, "408", "0", 3)],
    refusals=[refusal_row(8, "3040", 5), refusal_row(9, "3030", 6)],
)


@pytest.mark.parametrize(
    ("sort", "statuses"),
    [
        (None, ["429", "408", "500", "3030", "3040"]),
        (Sort("n", is_reversed=True), ["500", "408", "429", "3040", "3030"]),
        (Sort("status"), ["408", "429", "500", "3030", "3040"]),
        (Sort("time"), ["500", "429", "408", "3030", "3040"]),
    ],
    ids=str,
)
def test_failures_in_any_order(sort: Sort | None, statuses: list[str]) -> None:
    """Workers AI's own codes stay last and have a column of their own; scrolled, the rows go on where they were."""
    seen = scene(views=FAILED)
    found = sheet_of("failures", seen, area(80, 7, sort=sort))
    assert [row[2] or row[3] for row in found.rows] == statuses
    assert sum_of(found, "requests") == 12
    assert sum_of(found, "inferences") == 11
    kinds = dict(zip(statuses, column(found, "kind"), strict=True))
    assert (kinds["429"], kinds["408"], kinds["3040"]) == ("rate-limited", "failed", "code")
    panel, lines = PANELS["failures"], []
    for top in range(3):
        room = area(80, 7, sort=sort, top=top)
        drawing = panel.draw(panel.look(seen, room), room)
        assert drawing.first == 1
        lines.append("".join(span.text for span in drawing.lines[1]).split()[1])
    assert lines == statuses[:3]


def test_a_sorted_column_has_its_arrow() -> None:
    """In every table that can be sorted anew."""
    assert "▼errors" in shown(PANELS["providers"], scene(), 104, 11, sort=Sort("errors"))
    assert "provider ▲" in shown(PANELS["providers"], scene(), 104, 11, sort=Sort("provider"))
    assert "▲share" in shown(PANELS["gateways"], scene(), 104, 11, sort=Sort("share", is_reversed=True))
    assert "▼p50" in shown(PANELS["latency"], answered(*ALL), 80, 24, sort=Sort("p50"))
    assert "provider ▲" in shown(PANELS["latency"], answered(*ALL), 80, 24, sort=Sort("provider"))
    assert "▼n  status" in shown(PANELS["failures"], scene(), 68, 16, sort=Sort("n"))
    assert "▲hour" in shown(PANELS["failures"], scene(), 68, 16, sort=Sort("time", is_reversed=True))
