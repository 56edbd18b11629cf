"""`web` in a real browser."""

from __future__ import annotations

import csv
import html
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from chromium import Page, browsing, chromium
from debian import needs
from test_web import DELIVERS, LINES, Web, gone, is_open, running, serving

pytestmark = [needs("chromium"), pytest.mark.xdist_group("browser")]
"""One browser, and one server, for all of them."""
FEWEST_LINES = 100
"""Lines of pixels that differ, of a screen with something on it; a blank one has two or three."""
WITHOUT_CLIPBOARD = "delete Navigator.prototype.clipboard"
"""As over http from another machine."""


@pytest.fixture(scope="module")
def browser() -> Iterator[str]:
    with chromium() as address:
        yield address


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    with running("--demo", "--at", "14:05") as found:
        yield found


def pixel_lines(png: bytes) -> set[bytes]:
    """The lines of a PNG, as they are stored."""
    place, data, width = 8, b"", int.from_bytes(png[16:20], "big")
    while place < len(png):
        size, kind = int.from_bytes(png[place : place + 4], "big"), png[place + 4 : place + 8]
        data += png[place + 8 : place + 8 + size] if kind == b"IDAT" else b""
        place += size + 12
    raw = zlib.decompress(data)
    step = 1 + width * {2: 3, 6: 4}[png[25]]
    return {raw[at : at + step] for at in range(0, len(raw), step)}


def is_ready(text: str) -> bool:
    return is_open(text) and "enter narrow" in text


async def test_the_monitor(browser: str, web: Web) -> None:
    """It is drawn, keys work from the start without a click, it follows the window; q says that it has ended, and
    Enter opens it again."""
    async with browsing(browser, web.url) as page:
        await page.until(is_ready)
        assert await page.asked("document.title") == "aigw-tui, the built-in account"
        assert len(pixel_lines(await page.picture())) > FEWEST_LINES
        wide = page.screen.columns
        await page.press("Enter")
        await page.until(lambda text: "workers-ai › llama" in text and "esc back" in text)
        await page.press("Escape")
        await page.until(lambda text: "esc back" not in text)
        await page.resize(800, 500)
        await page.until(lambda text: page.screen.columns < wide and "quit" in text.splitlines()[-1])
        await page.press("q")
        await page.until_asked("document.body.classList.contains('-closed')")
        assert await page.asked("document.getElementById('ended').offsetHeight") > 0
        assert page.wrong == []
        asked = {event["request"]["url"] for name, event in page.events if name == "Network.requestWillBeSent"}
        assert {url for url in asked if not url.startswith((web.url, "data:"))} == set()
        page.screen.reset()
        await page.press("Enter")
        await page.until(is_open)


async def test_tabs(browser: str, web: Web) -> None:
    """Each has a monitor of its own, a page that is loaded again too; a process ends with its page."""
    before = set(web.children())
    async with browsing(browser, web.url) as one, browsing(browser, web.url) as two:
        await one.until(is_ready)
        await two.until(is_ready)
        await one.press("Enter")
        await one.until(lambda text: "esc back" in text)
        assert "esc back" not in two.text
        first = set(web.children()) - before
        assert len(first) == 2
        one.screen.reset()
        await one.call("Page.reload")
        await one.until(is_ready)
        assert "esc back" not in one.text
    assert await gone(list(first | set(web.children()) - before), 10)


async def test_a_server_that_ends(browser: str) -> None:
    """The page says so."""
    with running("--demo") as web:
        async with browsing(browser, web.url) as page:
            await page.until(is_open)
            web.process.terminate()
            await page.until_asked("document.getElementById('ended').offsetHeight > 0")


async def test_a_download(browser: str, tmp_path: Path) -> None:
    """What a screen delivers is a file in the downloads; no window is opened for it, which could be held back."""
    async with serving(DELIVERS) as url, browsing(browser, url) as page:
        await page.save_in(tmp_path)
        await page.until_asked("document.body.classList.contains('-first-byte')")
        await page.press("e")
        file = await page.saved()
        assert (file.name, file.read_text()) == ("usage.csv", LINES)
        assert "Page.windowOpen" not in [name for name, _ in page.events]


async def exported(page: Page, letter: str) -> Path:
    """What `e` and that answer save of the panel Models."""
    await page.press("e")
    await page.until(lambda text: "export Models" in text)
    await page.press(letter)
    file = await page.saved()
    await page.until(lambda text: f"sent to the browser: {file.name}" in text)
    return file


async def test_an_export(browser: str, web: Web, tmp_path: Path) -> None:
    """The table and the picture that arrive are what stands on the screen, without the question."""
    async with browsing(browser, web.url) as page:
        await page.save_in(tmp_path)
        await page.until(is_ready)
        await page.press("p", "6", "z")
        shown = (
            await page.until(lambda text: "p go on" in text and "hits" in text and "Hours" not in text)
        ).splitlines()
        table = await exported(page, "c")
        assert re.fullmatch(r"aigw-tui-models-\d{4}-\d\d-\d\d\.csv", table.name)
        with table.open(newline="") as rows:
            saved = [tuple(map(str, figures(row))) for row in csv.DictReader(rows)]
        drawn = [tuple(line.strip(" │").split()) for line in shown if "■" in line]
        assert saved == [(name, *values) for _, name, _, *values in drawn]
        picture = await exported(page, "s")
        assert picture.suffix == ".svg"
        lines = lines_of(picture.read_text())
        assert lines[1:-1] == shown[1:-1], "the first and the last tell the time and the progress"
        assert "p go on" in lines[-1]
        assert picture.parent == table.parent == tmp_path


def figures(row: dict[str, str]) -> Iterator[str]:
    """A row of the file as the screen words it."""
    yield row["model"].rpartition("/")[2]
    for name in ("requests", "errors", "cache_hits", "tokens_in", "tokens_out"):
        yield f"{int(row[name]):,}"
    yield f"{float(row['neurons']):,.0f}" if row["neurons"] else "–"
    cost = row["owed_usd"] or row["list_usd"]
    text = "–" if not cost else "<0.01" if float(cost) < 0.005 else f"{float(cost):.2f}"
    yield f"({text})" if row["list_usd"] else text


def lines_of(svg: str) -> list[str]:
    """The screen that a picture shows."""
    cell = 12.2
    found = re.findall(r'<text [^>]*?x="([\d.]+)"[^>]*?-line-(\d+)\)">([^<]*)</text>', svg)
    lines = [""] * (1 + max(int(number) for _, number, _ in found))
    for x, number, text in found:
        cells = html.unescape(text).replace("\xa0", " ").removesuffix("\n")
        lines[int(number)] = lines[int(number)].ljust(round(float(x) / cell)) + cells
    width = max(map(len, lines))
    return [line.ljust(width) for line in lines]


@pytest.mark.parametrize("before", ["", WITHOUT_CLIPBOARD])
async def test_copy_and_paste(browser: str, web: Web, before: str) -> None:
    """`y` fills the clipboard, and ctrl-v pastes from it, also where the page has none of its own."""
    async with browsing(browser, web.url, before) as page:
        await page.until(is_ready)
        await page.press(*("j" if before else ""), "y")
        await page.until(lambda text: "copied: " in text)
        copied = re.search(r"copied: ■ (\S+)", page.text)
        assert copied
        await page.press("/")
        await page.until(lambda text: "regular expression" in text)
        await page.press_ctrl("v", "paste")
        await page.until(lambda text: f"■ {copied[1]}" in text.splitlines()[-2])


async def test_the_mouse(browser: str, web: Web) -> None:
    """Rows, the words of the top line and the wheel; turned off, it selects text, which ctrl-c copies and does not
    quit."""
    async with browsing(browser, web.url) as page:
        await page.until(lambda text: is_ready(text) and "gpt-5-mini" in text)
        await page.click("gpt-5-mini")
        await page.point("Wheel", "gpt-5-mini", deltaX=0, deltaY=120)
        await page.press("Enter")
        await page.until(lambda text: "workers-ai › gpt-oss-120b" in text)
        await page.click("acme")
        await page.until(lambda text: "all gateways › today" in text)
        await page.press("M")
        await page.until(lambda text: "mouse off" in text)
        await page.point("Pressed", "Traffic", button="left", clickCount=1)
        await page.point("Moved", "Traffic", 7, button="left", buttons=1)
        await page.point("Released", "Traffic", 7, button="left", clickCount=1)
        await page.press_ctrl("c")
        await page.press("/")
        await page.until(lambda text: "regular expression" in text)
        await page.press_ctrl("v", "paste")
        await page.until(lambda text: text.splitlines()[-2].strip() == "Traffic")
        assert await page.asked("document.activeElement.tagName") == "TEXTAREA"
