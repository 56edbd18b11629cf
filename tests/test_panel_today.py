"""Cost, errors and cache in one box, or in one line."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from aigw_tui.model import PERIODS, Scope
from aigw_tui.tui.frame import Form
from aigw_tui.tui.panels.today import Today
from world import COST_QUOTA, LLAMA, NEURON_QUOTA, area, check_any_size, empty, scene, shown

MODEL = Scope().narrow(provider="workers-ai", model=LLAMA)
SCOPES = (Scope(), Scope(PERIODS[2]), MODEL, Scope().narrow(status="429"), Scope(pattern="nothing"))


def test_the_box() -> None:
    """At 80×24: the keys of the tiles it stands for, their figures, and one remark each."""
    assert shown(Today(), scene(), 33, 5) == (
        "╭─ Today ───────────────────────╮\n"
        "│ ² cost    $1.23  ~$2.10 at 24 │\n"
        "│ ³ errors  1.2 %   11 at 09:00 │\n"
        "│ ⁴ cache    34 %  ~$0.53 saved │\n"
        "╰───────────────────────────────╯"
    )


def test_one_line() -> None:
    """At 60×20 with the projection, at 40×10 without; narrower, the cache and then the words give way."""
    assert shown(Today(), scene(), 60, 1, "bare") == "  $1.23 ~$2.10   1.2 % errors   34 % hits"
    assert shown(Today(), scene(), 40, 1, "bare") == "1.2 % errors   34 % hits           $1.23"
    assert shown(Today(), scene(), 20, 1, "bare") == "1.2 % errors   $1.23"
    assert shown(Today(), scene(), 12, 1, "bare") == "1.2 % errors"


def test_narrowed_to_workers_ai() -> None:
    """A list price stays in its parentheses, and the saving is in neurons."""
    text = shown(Today(), scene(MODEL), 40, 5)
    assert "│ ² cost  ($0.04)           list price │" in text
    assert "~1,264 neurons saved" in text


def test_an_outage_is_red() -> None:
    """The count of the worst hour carries the colour, beside its words."""
    room, panel = area(33, 5), Today()
    errors = panel.draw(panel.look(scene(), room), room).lines[1]
    assert [span.text for span in errors if span.role == "bad"] == ["11"]


def test_nothing_yet() -> None:
    """Words in the box, unknown in the line."""
    assert "not read yet" in shown(Today(), scene(views=empty(), quotas=()), 33, 5)
    assert shown(Today(), scene(views=empty(), quotas=()), 40, 1, "bare") == "– errors   – hits                      –"


@given(
    st.integers(0, 120),
    st.integers(0, 40),
    st.sampled_from(["box", "rule", "bare"]),
    st.booleans(),
    st.sampled_from(SCOPES),
)
def test_any_size(width: int, height: int, form: Form, is_zoomed: bool, scope: Scope) -> None:
    """No figure is cut and nothing raises, from 0×0 on."""
    check_any_size(Today(), scene(scope), width, height, form, is_zoomed)


def test_a_budget_that_is_used_up_is_said() -> None:
    """How far beyond it matters more than where the day is heading."""
    spent = replace(COST_QUOTA, used=34_555.61, limit=5000.0)
    text = shown(Today(), scene(quotas=(NEURON_QUOTA, spent)), 33, 5)
    assert "│ ² cost  $34,555.61      691 % │" in text
