"""Not routed: one figure with its explanation, and the models behind it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from aigw_tui.model import PERIODS, Scope, Views
from aigw_tui.tui.frame import Form
from aigw_tui.tui.panels.bypass import NotRouted
from world import (
    BGE,
    LLAMA,
    OSS,
    area,
    check_any_size,
    empty,
    neuron_row,
    recorded_all,
    request_row,
    scene,
    shown,
    world,
)

SCOPES = (Scope(), Scope(PERIODS[1]), Scope(PERIODS[3]), Scope().narrow(model=LLAMA), Scope().narrow(gateway="prod"))


def some() -> Views:
    """Three models: one half routed, one not at all, one altogether."""
    return recorded_all(
        requests=[
            request_row(9, LLAMA, "workers-ai", requests=620, hits=20),
            request_row(9, OSS, "workers-ai", requests=200),
        ],
        failures=[],
        neurons=[neuron_row(9, LLAMA, 800), neuron_row(9, BGE, 110), neuron_row(9, OSS, 90)],
    )


def test_the_panel() -> None:
    """The share, what it is a share of and until when, and the models that did it most."""
    assert shown(NotRouted(), scene(views=some()), 70, 10) == (
        "╭─ Not routed ───────────────────────────────────────────────────────╮\n"
        "│ ~31 % of today's inferences bypass your gateways                   │\n"
        "│ 310 of 1,000 inferences up to 13:00 UTC                            │\n"
        "│                                                                    │\n"
        "│ model                              inferences  not routed    share │\n"
        "│ llama-3.3-70b-instruct-fp8-fast           800        ~200    ~25 % │\n"
        "│ bge-base-en-v1.5                          110        ~110   ~100 % │\n"
        "│ gpt-oss-120b                               90           0      0 % │\n"
        "│                                                                    │\n"
        "╰────────────────────────────────────────────────────────────────────╯"
    )


def test_unknown_is_said_in_words() -> None:
    """In a gateway's scope, before anything can be compared, and where nothing ran: three different things."""
    assert "unknown here" in shown(NotRouted(), scene(Scope().narrow(gateway="prod")), 70, 10)
    assert "nothing to compare yet" in shown(NotRouted(), scene(views=empty("neurons")), 70, 10)
    assert "no inferences" in shown(NotRouted(), scene(views=empty("neurons", "requests")), 70, 10)


def test_enter_narrows_to_the_model() -> None:
    """By its name alone: it may have passed no gateway under any provider."""
    panel, room = NotRouted(), area(70, 10)
    targets = panel.targets(panel.look(scene(views=some()), room))
    assert [target.narrow for target in targets] == [(("model", name),) for name in (LLAMA, BGE, OSS)]


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
    huge = recorded_all(requests=[], failures=[], neurons=[neuron_row(9, f"@cf/x/{n}", 10**13) for n in range(50)])
    check_any_size(NotRouted(), scene(scope, huge if is_huge else world()), width, height, form, is_zoomed)
