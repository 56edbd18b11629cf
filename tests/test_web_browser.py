"""`web` in a real browser."""

from __future__ import annotations

import asyncio
import zlib
from pathlib import Path

from chromium import browsing
from debian import needs
from test_web import DELIVERS, LINES, is_open, running, serving

FEWEST_LINES = 100
"""Lines of pixels that differ, of a screen with something on it; a blank one has two or three."""


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


@needs("chromium")
async def test_the_monitor() -> None:
    """It is drawn, keys work from the start without a click, it follows the window, and q says that it has ended."""
    with running("--demo", "--at", "14:05") as web:
        async with browsing(web.url) as page:
            await page.until(lambda text: is_open(text) and "enter narrow" in text)
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
            async with asyncio.timeout(20):
                while "-closed" not in (await page.asked("document.body.className") or ""):
                    pass
            assert await page.asked("document.getElementById('ended').offsetHeight") > 0
            wrong = ("Runtime.exceptionThrown", "Network.loadingFailed", "Log.entryAdded")
            assert [event for event in page.events if event[0] in wrong] == []
            asked = {event["request"]["url"] for name, event in page.events if name == "Network.requestWillBeSent"}
            assert {url for url in asked if not url.startswith((web.url, "data:"))} == set()


def arrived(folder: Path) -> str:
    """What the file in it holds by now."""
    return "".join(file.read_text() for file in folder.glob("usage.csv"))


@needs("chromium")
async def test_a_download(tmp_path: Path) -> None:
    """What a screen delivers is a file in the downloads."""
    async with serving(DELIVERS) as url, browsing(url) as page:
        await page.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path), eventsEnabled=True)
        async with asyncio.timeout(20):
            while "-first-byte" not in (await page.asked("document.body.className") or ""):
                pass
        await page.press("e")
        async with asyncio.timeout(20):
            while arrived(tmp_path) != LINES:
                await page.asked("1")
