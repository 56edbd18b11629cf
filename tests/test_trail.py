"""Ways down and back: each is undone once, exactly where it ended; standings are kept by scope, and not for ever."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from aigw_tui.model import WEEK, Scope
from aigw_tui.tui.standing import SCOPES_KEPT, Standing, Standings
from aigw_tui.tui.trail import LONGEST, Spot, Trail

TOP = Spot(Scope(), "", "models")
MODEL = Spot(Scope().narrow(model="m"), "", "models")
REQUESTS = Spot(Scope().narrow(model="m"), "requests", "requests")


def walked(*ways: tuple[Spot, Spot]) -> Trail:
    trail = Trail()
    for start, end in ways:
        trail.went(start, end)
    return trail


def test_back_step_by_step() -> None:
    """In the order in which they were taken, each once."""
    trail = walked((TOP, MODEL), (MODEL, REQUESTS))
    assert trail.back(REQUESTS) == MODEL
    assert trail.back(REQUESTS) is None
    assert trail.back(MODEL) == TOP
    assert trail.back(TOP) is None


def test_tab_leads_nowhere_else() -> None:
    assert walked((TOP, MODEL)).back(replace(MODEL, focused="hours")) == TOP


def test_other_metadata_is_another_spot() -> None:
    """Requests of one value of metadata are not all of the scope's."""
    some = replace(REQUESTS, logs_with=(("team", "search"),))
    trail = walked((MODEL, REQUESTS), (TOP, some))
    assert trail.back(some) == TOP
    assert walked((TOP, some)).back(REQUESTS) is None


def test_another_window_or_another_panel_is_no_end_of_a_way() -> None:
    """Who came there otherwise goes back otherwise."""
    trail = walked((TOP, MODEL), (MODEL, REQUESTS))
    assert trail.back(replace(MODEL, scope=replace(MODEL.scope, period=WEEK))) is None
    assert trail.back(replace(REQUESTS, zoomed="failures")) is None


def test_what_was_left_in_between_is_forgotten() -> None:
    """Who came back to a spot by other ways than Esc does not walk them again."""
    trail = walked((TOP, MODEL), (MODEL, REQUESTS))
    assert trail.back(MODEL) == TOP
    assert trail.back(REQUESTS) is None


def test_a_filter_that_was_set_at_the_end_of_a_way() -> None:
    """Not one that was there before."""
    trail = walked((MODEL, REQUESTS))
    filtered = replace(REQUESTS, scope=replace(REQUESTS.scope, pattern="x"))
    assert trail.is_filtered_end(filtered)
    assert not trail.is_filtered_end(REQUESTS)
    assert not trail.is_filtered_end(replace(filtered, zoomed="hours"))


def test_a_trail_has_an_end() -> None:
    spots = [Spot(Scope().narrow(model=str(n))) for n in range(LONGEST * 2)]
    trail = walked(*pairwise(spots))
    assert trail.back(spots[1]) is None
    assert trail.back(spots[-1]) == spots[-2]


def test_standings_by_scope() -> None:
    """The last one of each; those left longest ago go first."""
    kept = Standings()
    for n in range(SCOPES_KEPT + 1):
        kept.keep(Scope(pattern=str(n)), Standing(n, n))
        kept.keep(Scope(), Standing("here", n))
    assert kept.of(Scope()) == Standing("here", SCOPES_KEPT)
    assert kept.of(Scope(pattern="0")) is None
    assert kept.of(Scope(pattern="5")) == Standing(5, 5)
    assert kept.of(Scope(pattern="never")) is None
