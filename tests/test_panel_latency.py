"""Latency: Cloudflare's own quantiles over time and by model, and none that was made of others."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from aigw_tui.model import DAY, HOUR, MONTH, Live, Scope, Views, Window, period_of
from aigw_tui.tui.frame import Form
from aigw_tui.tui.panels.latency import Latency
from aigw_tui.tui.scene import Scene
from world import (
    ACCOUNT,
    BGE,
    GPT,
    HAIKU,
    LLAMA,
    NOW,
    TODAY,
    area,
    check_any_size,
    scene,
    shown,
)

DAY_SO_FAR = Window(TODAY, NOW)
WHOLE = ((1204, 840.0, 2100.0, 6400.0),)
BY_HOUR = tuple(
    (TODAY + HOUR * n, 80, 600.0 + 40 * n, 2000.0 - 50 * (n % 7), 6000.0) for n in range(15) if n not in (5, 6)
)
BY_MODEL = (
    ("workers-ai", LLAMA, 612, 640.0, 1500.0, 4100.0),
    ("openai", GPT, 204, 1800.0, 6400.0, 12_000.0),
    ("workers-ai", BGE, 170, 40.0, 90.0, None),
    ("anthropic", HAIKU, 72, None, None, None),
)


def answer(by: tuple[str, ...], rows: tuple[tuple[object, ...], ...], **more: object) -> Live:
    return replace(Live("latency", ACCOUNT, by, DAY_SO_FAR, rows=rows), **more)  # type: ignore[arg-type]


TOGETHER = answer((), WHOLE)
HOURS = answer(("hour",), BY_HOUR)
MODELS = answer(("provider", "model"), BY_MODEL)


def answered(*live: Live, scope: Scope | None = None, views: Views | None = None, **more: object) -> Scene:
    found = scene(scope, views)
    return replace(found, snapshot=replace(found.snapshot, live=live, **more))  # type: ignore[arg-type]


ALL = (TOGETHER, HOURS, MODELS)


def test_wide() -> None:
    """Beside each model the range of its times: to p90 thick, to p99 thin, all on one scale."""
    lines = shown(Latency(), answered(*ALL), 120, 20).split("\n")
    assert "p90 2.0 s" in lines[3]
    assert [line[2:35].rstrip() for line in lines[-5:-1]] == [
        "gpt-5-mini",
        "llama-3.3-70b-instruct-fp8-fast",
        "bge-base-en-v1.5",
        "claude-haiku-4-5",
    ]
    assert [line[51:-2].rstrip() for line in lines[-6:-1]] == [
        "  requests      p50      p90      p99    ━━ p50 to p90 ── to p99",
        "       204    1.8 s    6.4 s   12.0 s                    ━━━━━━──",
        "       612   640 ms    1.5 s    4.1 s                 ━━━━───",
        "       170    40 ms    90 ms        –       ━━━",
        "        72        –        –        –",
    ]


def test_at_80_columns() -> None:
    """Short names, no ranges."""
    assert shown(Latency(), answered(*ALL), 80, 18) == (
        "╭─ Latency  by hour, UTC, log scale; paler: filling ───────────────────────────╮\n"
        "│ p50 840 ms   p90 2.1 s   p99 6.4 s                     1,204 requests, today │\n"
        "│                                                                              │\n"
        "│    2 s ⠠⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⢄⣀⣀⣀⣀⣀⡀───────────⠠⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⢄⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀────⣀⡠⠤⠄ p90 2.0 s │\n"
        "│                                                           ⠉⠉⠉⠉               │\n"
        "│    1 s ──────────────────────────────────────────⣀⣀⣀⣀⣀⣀⣀⡠⠤⠤⠤⠤⠤⠤⠤⠒⠂ p50 1.2 s │\n"
        "│                         ⡀           ⠐⠒⠒⠒⠒⠒⠉⠉⠉⠉⠉⠉⠉                            │\n"
        "│        ⢀⣀⡠⠤⠤⠤⠔⠒⠒⠒⠒⠊⠉⠉⠉⠉⠉                                                     │\n"
        "│ 500 ms ───────────────────────────────────────────────────────────           │\n"
        "│        ───────────────────────────────────────────────────────────           │\n"
        "│        00          03           06          09           12                  │\n"
        "│                                                                              │\n"
        "│ model                  provider          requests      p50      p90      p99 │\n"
        "│ gpt-5-mini             openai                 204    1.8 s    6.4 s   12.0 s │\n"
        "│ llama-3.3-70b          workers-ai             612   640 ms    1.5 s    4.1 s │\n"
        "│ bge-base-en-v1.5       workers-ai             170    40 ms    90 ms        – │\n"
        "│ claude-haiku-4-5       anthropic               72        –        –        – │\n"
        "╰──────────────────────────────────────────────────────────────────────────────╯"
    )


def test_at_60_columns() -> None:
    """The provider goes."""
    assert shown(Latency(), answered(*ALL), 60, 12) == (
        "╭─ Latency ────────────────────────────────────────────────╮\n"
        "│ p50 840 ms   p90 2.1 s   p99 6.4 s                 today │\n"
        "│                                                          │\n"
        "│ model                requests      p50      p90      p99 │\n"
        "│ gpt-5-mini                204    1.8 s    6.4 s   12.0 s │\n"
        "│ llama-3.3-70b             612   640 ms    1.5 s    4.1 s │\n"
        "│ bge-base-en-v1.5          170    40 ms    90 ms        – │\n"
        "│ claude-haiku-4-5           72        –        –        – │\n"
        "│                                                          │\n"
        "│                                                          │\n"
        "│                                                          │\n"
        "╰──────────────────────────────────────────────────────────╯"
    )


def test_at_40_columns() -> None:
    """No lines; what is hidden is named."""
    assert shown(Latency(), answered(*ALL), 40, 8) == (
        "╭─ Latency ────────────────────────────╮\n"
        "│ p50 840 ms   p90 2.1 s   p99 6.4 s   │\n"
        "│ model                   p50      p90 │\n"
        "│ gpt-5-mini            1.8 s    6.4 s │\n"
        "│ llama-3.3-70b        640 ms    1.5 s │\n"
        "│ bge-base-en-v1.5      40 ms    90 ms │\n"
        "│ claude-haiku-4-5          –        – │\n"
        "╰────────────── hidden: p99, requests ─╯"
    )


def test_figures_that_an_account_lacks() -> None:
    """`–`, never 0."""
    text = shown(Latency(), answered(answer((), ((7, 840.0, None, None),))), 80, 8)
    assert "p50 840 ms   p90 –   p99 –" in text
    assert "models: not answered yet" in text


def test_several_accounts_have_no_figure_in_common() -> None:
    """An account a row, the slowest first; Enter on it narrows to it, where there is one."""
    other = replace(TOGETHER, account="other", rows=((3, 900.0, 9000.0, None),))
    found = answered(*ALL, other, labels=((ACCOUNT, "acme"), ("other", "acme-eu")))
    lines = shown(Latency(), found, 80, 12).split("\n")
    assert "p50 –   p90 –   p99 –" in lines[1]
    assert "quantiles of several accounts do not add up; narrow to one" in lines[2]
    assert [line.split()[1:4] for line in lines[5:7]] == [["acme-eu", "3", "900"], ["acme", "1,204", "840"]]
    assert not [line for line in lines if "⠤" in line or "p90 2" in line]
    panel, room = Latency(), area(80, 12)
    targets = panel.targets(panel.look(found, room))
    assert [target.narrow for target in targets] == [(("account", "other"),), (("account", ACCOUNT),)]
    assert "p50 840 ms" in shown(panel, replace_scope(found, Scope().narrow(account=ACCOUNT), *ALL), 80, 12)


def replace_scope(found: Scene, scope: Scope, *live: Live) -> Scene:
    return replace(found, snapshot=replace(found.snapshot, scope=scope, live=live))


def test_a_second_account_that_has_not_answered_counts() -> None:
    """One account's figure is not that of both."""
    found = answered(TOGETHER, labels=((ACCOUNT, "acme"), ("other", "acme-eu")))
    assert "p50 –   p90 –   p99 –" in shown(Latency(), found, 80, 12)


def test_a_shorter_answer_says_so() -> None:
    """Where Cloudflare does not reach back as far as the window; beyond 14 days the lines have a point a day."""
    window = Window(TODAY - DAY * 9, NOW)
    days = answer(("day",), tuple((TODAY - DAY * n, 9, 500.0, 900.0, None) for n in range(10)), window=window)
    live = (replace(TOGETHER, window=window), days, MODELS)
    text = shown(Latency(), answered(*live, scope=Scope(MONTH)), 80, 18)
    assert "1,204 requests, newest 10 days" in text
    assert "by day, UTC" in text
    assert "14 Nov" in text


def test_enter_narrows_to_the_model() -> None:
    """With its provider: two providers may have a model of one name."""
    panel, room = Latency(), area(80, 18)
    targets = panel.targets(panel.look(answered(*ALL), room))
    assert targets[0].narrow == (("provider", "openai"), ("model", GPT))


def test_the_table_scrolls() -> None:
    """Every row can be reached."""
    text = shown(Latency(), answered(*ALL), 80, 6, top=2)
    assert "claude-haiku" in text
    assert "3–4 of 4" in text


def test_stored_figures_until_the_answer_comes() -> None:
    """One gateway's model in one hour is one stored row, so its quantiles are true; of more there are none."""
    hour = period_of(Window(TODAY + HOUR * 9, TODAY + HOUR * 10))
    one = Scope().narrow(hour, gateway="prod", provider="workers-ai", model=LLAMA)
    text = shown(Latency(), answered(scope=one), 80, 10)
    assert "p50 400 ms   p90 900 ms   p99 –" in text
    assert "from history" in text
    assert "not answered yet" in shown(Latency(), answered(scope=Scope().narrow(hour, gateway="prod")), 80, 10)
    today = Scope().narrow(gateway="prod", provider="workers-ai", model=LLAMA)
    assert "not answered yet" in shown(Latency(), answered(scope=today), 80, 10)


def test_refused() -> None:
    """Why, and what helps; models that alone are refused do not take the rest away."""
    refused = {
        "rows": (),
        "why": "the account may not see \x1b[31mquantiles",
        "remedy": "grant Account Analytics: Read",
    }
    text = shown(Latency(), answered(replace(TOGETHER, **refused)), 80, 10)  # type: ignore[arg-type]
    assert "the account may not see �[31mquantiles; grant Account Analytics: Read" in text
    text = shown(Latency(), answered(TOGETHER, HOURS, replace(MODELS, **refused)), 80, 10)  # type: ignore[arg-type]
    assert "p50 840 ms" in text
    assert "may not see" in text


def test_words_where_there_is_nothing() -> None:
    """Not answered, answered without requests, and not to be told apart."""
    assert "not answered yet" in shown(Latency(), answered(), 80, 10)
    assert "no requests through these gateways yet" in shown(Latency(), answered(answer((), ())), 80, 10)
    assert "not known by status" in shown(Latency(), answered(*ALL, scope=Scope().narrow(status="429")), 80, 10)


NAMES = ("", "[/]\x1b[31m", "漢字" * 60, "e\u0301" * 90)


@settings(max_examples=80)
@given(
    st.integers(0, 120),
    st.integers(0, 40),
    st.sampled_from(["box", "rule", "bare"]),
    st.booleans(),
    st.sampled_from(NAMES),
    st.sampled_from([0.0, 1.0, 1e15, None]),
    st.booleans(),
)
def test_any_size_and_any_name(
    width: int, height: int, form: Form, is_zoomed: bool, name: str, ms: float | None, is_several: bool
) -> None:
    """No figure is cut, foreign names stay in their cells, and nothing raises, from 0×0 on."""
    models = answer(("provider", "model"), tuple((name, f"{name}{n}", 10**13, ms, ms, ms) for n in range(9)))
    live = (answer((), ((10**15, ms, ms, ms),)), HOURS, models)
    labels = ((ACCOUNT, "acme"), ("b", name)) if is_several else ((ACCOUNT, "acme"),)
    check_any_size(Latency(), answered(*live, labels=labels), width, height, form, is_zoomed)
