"""One request: all that its log says; and, asked for twice, what was asked and answered, which is kept nowhere."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aigw_tui.demo.box import Box
from aigw_tui.demo.reply import Reply
from aigw_tui.exporting import Exporter
from aigw_tui.insight.bodytext import NOT_KEPT, lines_of
from aigw_tui.model import LogRow
from aigw_tui.tui.lines import plain, width_of
from aigw_tui.tui.pressed import UNMOVED
from aigw_tui.tui.requestfacts import LONGEST_SHOWN, MOST_LINES, Seen, as_json, lines
from aigw_tui.tui.screens.request import WARNINGS, OneRequest
from aigw_tui.tui.surface import Surface
from stage import Stage
from test_ladder import back, requests_of, within, zoomed
from world import GPT, LLAMA, NOW

ROW = LogRow(
    "01JD3V6Q2W8Z", NOW, "a" * 32, "prod", "workers-ai", LLAMA, 429, False, False, 120, 34, 0.0021, 4120,
    (("team", "search"),), (("path", "v1/chat/completions"), ("timings.latency", "4119"), ("step", "0")),
)  # fmt: skip


class Witness(Box):
    """A box that remembers what it was asked for over REST."""

    asked: list[str]

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        if "/logs/" in path:
            self.asked.append(path.rsplit("/logs/")[1])
        return super().answer(method, path, headers, body)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """In Requests, with a history on disk and an export at hand."""
    found = Stage(store=tmp_path / "history.db", exporter=Exporter(tmp_path))
    found.box.__class__ = Witness
    witness_of(found).asked = []
    async with found.running():
        await within(found, lambda: found.is_answered)
        await found.pilot.press("l")
        await requests_of(found)
        yield found


def witness_of(stage: Stage) -> Witness:
    assert isinstance(stage.box, Witness)
    return stage.box


def page(stage: Stage) -> str:
    """What stands on the page, also what is scrolled away."""
    return text_of(stage, "page")


def text_of(stage: Stage, name: str) -> str:
    surface = stage.monitor.screen.query_one(f"#{name}", Surface)
    return "\n".join(strip.text for strip in surface._strips)


async def opened(stage: Stage) -> LogRow:
    """The page of the request under the cursor, once all of it was read."""
    panel = stage.monitor.panel("requests")
    row: LogRow = panel._seen.rows[[target.id for target in panel.targets(panel._seen)].index(panel._cursor)]
    await stage.pilot.press("enter")
    await within(stage, lambda: isinstance(stage.monitor.screen, OneRequest) and "reading the rest" not in page(stage))
    return row


async def with_bodies(stage: Stage) -> dict[str, Any]:
    """What stands there of both bodies once `b` was pressed twice, as Cloudflare has them."""
    row = await opened(stage)
    await stage.pilot.press("b", "b")
    await within(stage, lambda: "The response" in page(stage))
    source = stage.monitor._feed.logs
    return {part: json.loads(await source.body(row, part) or b"") for part in ("request", "response")}


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def written(folder: Path) -> bytes:
    """All that stands in its files."""
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())


class TestFacts:
    async def test_all_that_its_log_says(self, stage: Stage) -> None:
        """Also what only the log of the one request has, such as the sizes of its bodies; no byte of these."""
        await stage.pilot.press("j")
        row = await opened(stage)
        text = page(stage)
        assert witness_of(stage).asked == [row.id]
        for said in (row.id, row.gateway, row.provider, row.model, f"{row.at:%Y-%m-%d %H:%M:%S} UTC", "acme"):
            assert said in text
        for key, value in row.metadata:
            assert key in text
            assert value in text
        assert {"request_size", "user_agent", "timings.latency", "custom_cost"} <= {*text.split()}
        assert "head" not in text
        assert "esc back" in text_of(stage, "foot")
        await back(stage)
        assert zoomed(stage) == "requests"
        assert not isinstance(stage.monitor.screen, OneRequest)
        assert stage.monitor.panel("requests")._cursor == (row.account, row.gateway, row.id)

    async def test_copied_as_json(self, stage: Stage) -> None:
        """Its fields, whole; never a body, also while bodies stand on the screen."""
        bodies = await with_bodies(stage)
        await stage.pilot.press("y")
        found = json.loads(stage.monitor.clipboard)
        panel = stage.monitor.panel("requests")
        assert found["id"] == panel._seen.rows[0].id
        assert {"time", "model", "tokens_in", "cost_usd", "metadata", "more"} <= found.keys()
        assert "user_agent" in found["more"]
        assert json.dumps(bodies["request"])[1:40] not in stage.monitor.clipboard
        assert "copied" in text_of(stage, "foot")
        await stage.pilot.press("j")
        assert "copied" not in text_of(stage, "foot")

    async def test_a_log_that_is_gone(self, stage: Stage) -> None:
        """What the table knew stays, with the reason why there is no more; its bodies were not kept."""
        stage.box.limits = replace(stage.box.limits, unlogged=frozenset(("prod-api", "chat-widget", "batch")))
        row = await opened(stage)
        assert row.id in page(stage)
        assert "its log is gone" in page(stage)
        await stage.pilot.press("b", "b")
        await within(stage, lambda: NOT_KEPT in page(stage))

    async def test_what_cannot_be_read_is_said_in_words(self, stage: Stage) -> None:
        """The cause, and the permission that is missing; once it is there, the same key works."""
        before = stage.box.limits
        stage.box.limits = replace(before, may_read_gateways=False)
        await opened(stage)
        assert "not all of its log could be read" in page(stage)
        await stage.pilot.press("b", "b")
        await within(stage, lambda: "not shown" in text_of(stage, "foot"))
        assert "AI Gateway: Read" in text_of(stage, "foot")
        stage.box.limits = before
        await stage.pilot.press("b", "b")
        await within(stage, lambda: "The response" in page(stage))


class TestBodies:
    async def test_first_a_warning(self, stage: Stage) -> None:
        """One `b` asks for nothing; Esc takes the warning away, once more it leaves the page."""
        row = await opened(stage)
        await stage.pilot.press("b")
        await stage.pilot.pause()
        assert text_of(stage, "foot").strip() == UNMOVED.said(WARNINGS[0])
        await back(stage)
        assert isinstance(stage.monitor.screen, OneRequest)
        assert "esc back" in text_of(stage, "foot")
        await back(stage)
        assert not isinstance(stage.monitor.screen, OneRequest)
        assert witness_of(stage).asked == [row.id]

    async def test_what_was_asked_and_answered(self, stage: Stage) -> None:
        """All of both bodies, cleaned and wrapped; asked for once, however often the key is pressed."""
        bodies = await with_bodies(stage)
        text = " ".join(page(stage).split())
        for body in bodies.values():
            for word in json.dumps(body, ensure_ascii=False, indent=2).split():
                assert word in text
        asked = len(witness_of(stage).asked)
        assert "asked and answered" not in text_of(stage, "foot")
        await stage.pilot.press("b", "b", "b")
        await stage.pilot.pause()
        assert len(witness_of(stage).asked) == asked
        await stage.pilot.resize_terminal(40, 10)
        await stage.pilot.pause()
        rows = stage.monitor.screen.query_one("#page", Surface)._strips
        assert max(strip.cell_length for strip in rows) <= 36

    async def test_nothing_of_it_stays(self, stage: Stage, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
        """Not in history, log, export or clipboard, nor on the screen once the page is left; keys that would keep the
        screen do nothing here. Who comes again is asked again."""
        caplog.set_level(logging.DEBUG)
        files = names(tmp_path)
        bodies = await with_bodies(stage)
        content = json.dumps(bodies["request"], ensure_ascii=False)
        secret = max((word for word in content.split('"') if " " in word.strip()), key=len)
        assert secret.split()[-1] in page(stage)
        await stage.pilot.press("e", "s", "Q", "y")
        await stage.pilot.pause()
        shown = stage.monitor.screen
        assert isinstance(shown, OneRequest)
        assert names(tmp_path) == files
        await back(stage)
        await stage.pilot.press("e", "c")
        await stage.pilot.pause()
        assert names(tmp_path) > files
        assert secret.encode() not in written(tmp_path)
        assert secret not in caplog.text
        assert secret not in stage.monitor.clipboard
        assert secret not in stage.text()
        assert shown._bodies == ()
        await opened(stage)
        assert secret not in page(stage)
        await stage.pilot.press("b")
        await stage.pilot.pause()
        assert text_of(stage, "foot").strip() == UNMOVED.said(WARNINGS[0])

    async def test_leaving_before_they_come(self, stage: Stage) -> None:
        """Ends it without a word."""
        await opened(stage)
        await stage.pilot.press("b", "b", "escape")
        await within(stage, lambda: not isinstance(stage.monitor.screen, OneRequest))
        await stage.pilot.pause()
        assert stage.monitor.failure is None


def drawn(seen: Seen, width: int = 110, **bodies: bytes | None) -> str:
    return plain(lines(seen, [(part, lines_of(body)) for part, body in bodies.items()], width))


def test_the_page() -> None:
    """Groups of fields, unknown as –; what is not owed says so."""
    assert drawn(Seen(ROW, "acme")) == (
        "× 429  llama-3.3-70b-instruct-fp8-fast  23 Nov 14:05:00 UTC\n"
        "\n"
        "When and where\n"
        "  time                     2026-11-23 14:05:00 UTC\n"
        "  account                  acme (aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa)\n"
        "  gateway                  prod\n"
        "  provider                 workers-ai\n"
        "  model                    @cf/meta/llama-3.3-70b-instruct-fp8-fast\n"
        "  log                      01JD3V6Q2W8Z\n"
        "  dashboard                https://dash.cloudflare.com/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/ai/ai-gateway\n"
        "\n"
        "How it went\n"
        "  status                   429\n"
        "  success                  no\n"
        "  cache                    miss\n"
        "  took                     4.1 s (4,120 ms)\n"
        "\n"
        "What it used\n"
        "  tokens in                120\n"
        "  tokens out               34\n"
        "  cost                     ($0.002100) list price of Workers AI, not owed inside the free allowance\n"
        "\n"
        "What the caller said of it\n"
        "  team                     search\n"
        "\n"
        "The call\n"
        "  path                     v1/chat/completions\n"
        "\n"
        "The answer, and its log\n"
        "  timings.latency          4119\n"
        "  step                     0\n"
    )


def test_what_is_unknown_is_not_nothing() -> None:
    """A cost that nobody knows is no 0; milliseconds are there where they are known."""
    text = drawn(Seen(LogRow("x", NOW + timedelta(milliseconds=7), "a", "g", tokens_in=5)))
    assert "· –" in text
    assert "14:05:00.007 UTC" in text
    for name in ("status", "success", "cache", "took", "provider", "model", "tokens out"):
        assert f"\n  {name:<23}  –" in text
    assert "– no price is known for its tokens" in text
    assert "What the caller said" not in text


def test_json_has_everything() -> None:
    found = json.loads(as_json(ROW))
    assert found["metadata"] == {"team": "search"}
    assert found["more"] == dict(ROW.more)
    assert (found["status"], found["success"], found["cost_usd"]) == (429, False, 0.0021)
    assert json.loads(as_json(LogRow("x", NOW, "a", "g")))["tokens_in"] is None


def test_indentation_survives_the_wrapping() -> None:
    text = drawn(Seen(ROW), 40, request=json.dumps({"a": {"b": "one two three four five six seven"}}).encode())
    assert '    "b": "one two three four five six\n    seven"' in text


def test_a_large_body_is_cut_and_says_so() -> None:
    """Nothing that would keep the terminal busy for long."""
    many = drawn(Seen(ROW), 80, request=b"x\n" * (MOST_LINES + 5))
    assert "… and more; aigw-tui logs --bodies ID prints all of it" in many
    long = drawn(Seen(ROW), 80, request=b"y" * (LONGEST_SHOWN + 1234))
    assert "… 1,234 characters more in this line" in long
    assert long.count("y") < LONGEST_SHOWN + 100


def test_a_body_cannot_harm_the_terminal() -> None:
    text = drawn(Seen(ROW), 80, request=b'{"a": "\\u001b]52;c;x\\u0007"}', response=b"\x1b[2J\xff\x00[/]")
    assert "\x1b" not in text
    assert "[/]" in text
    assert all(char.isprintable() or char == "\n" for char in text)


TEXTS = st.text(max_size=60)


@settings(max_examples=60)
@given(
    st.integers(1, 200), TEXTS, TEXTS, st.lists(st.tuples(TEXTS, TEXTS), max_size=4), st.binary(max_size=400),
    st.none() | st.integers(0, 2**63), st.none() | st.floats(0, 1e9), st.booleans(),
)  # fmt: skip
def test_any_width(
    width: int, name: str, trouble: str, pairs: list[tuple[str, str]], body: bytes, count: int | None,
    cost: float | None, is_reading: bool,
) -> None:  # fmt: skip
    """No line is wider than the page, and nothing in it can harm a terminal."""
    row = LogRow(name, NOW, name, name, name, GPT if count else name, count, None, None, count, count, cost, count)
    row = replace(row, metadata=tuple(pairs), more=tuple(pairs))
    found = lines(Seen(row, name, trouble, is_reading), [("request", lines_of(body))], width)
    widest = max(map(width_of, found))
    assert widest <= max(width, 20)  # below that no field has room beside its name
    assert all(span.text.isprintable() for line in found for span in line)
