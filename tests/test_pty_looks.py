"""In a real terminal: it sends what that terminal can show, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from aigw_tui.tui.panels import all_panels
from terminal import Terminal
from test_pty import is_open

SGR = re.compile(rb"\x1b\[([\d;]*)m")
FULL = {"COLORTERM": "truecolor", "TERM": "xterm-256color"}


def colors(sent: bytes) -> set[str]:
    """`24-bit`, `256`, `16`: the kinds of colour that were sent."""
    kinds = set()
    for found in SGR.finditer(sent):
        codes = found[1].decode().split(";")
        while codes:
            code = codes.pop(0)
            if code in ("38", "48"):
                kind = codes.pop(0)
                kinds.add("24-bit" if kind == "2" else "256")
                del codes[: 3 if kind == "2" else 1]
            elif code and (30 <= int(code) <= 37 or 40 <= int(code) <= 47 or 90 <= int(code) <= 107):
                kinds.add("16")
    return kinds


@pytest.mark.parametrize(
    ("words", "environ", "sent"),
    [
        ((), FULL, {"24-bit"}),
        ((), {"TERM": "xterm-256color", "COLORTERM": ""}, {"256"}),
        (("--theme", "nord"), {"TERM": "xterm-256color", "COLORTERM": ""}, {"256"}),
        ((), {"TERM": "xterm", "COLORTERM": ""}, {"16"}),
        (("--theme", "house-light"), {"TERM": "xterm", "COLORTERM": ""}, {"16"}),
        (("--theme", "contrast-dark", "--colors", "256"), FULL, {"256"}),
        (("--theme", "ansi-light"), FULL, {"16"}),
        (("--no-color",), FULL, set()),
        (("--theme", "ansi-dark"), FULL | {"NO_COLOR": "1"}, set()),
        (("--theme", "nord", "--colors", "none"), FULL, set()),
    ],
)
def test_colours(words: tuple[str, ...], environ: Mapping[str, str], sent: set[str]) -> None:
    """The dashboard, the help and the palette have no more colours than the terminal."""
    with Terminal("--demo", *words, environ=environ) as terminal:
        terminal.until(is_open)
        for key, words_there in (("?", "Next row"), ("\x10", "Search for commands")):
            terminal.press(key)
            terminal.until(lambda text, there=words_there: there in text)  # type: ignore[misc]
            terminal.press("\x1b")
            terminal.until(lambda text, there=words_there: there not in text and is_open(text))  # type: ignore[misc]
        terminal.press("q")
        assert terminal.end() == 0
        assert colors(terminal.bytes) == sent


def everything(terminal: Terminal) -> list[str]:
    """The dashboard, every panel by its name (and so the palette), and the help to its end; the panels' texts."""
    seen = [terminal.until(lambda text: "live" in text and "llama" in text)]
    for kind in (kind for _, kind in all_panels()):
        terminal.press("\x10")
        terminal.until(lambda text: "Search for commands" in text)
        terminal.press(f"panel: {kind.TITLE}")
        terminal.until(lambda text, title=kind.TITLE: f"panel: {title}" in text and "Focus it" in text)  # type: ignore[misc]
        terminal.press("\r")
        seen.append(terminal.until(lambda text, title=kind.TITLE: title in text and "Focus it" not in text))  # type: ignore[misc]
    terminal.press("?")
    terminal.until(lambda text: "Next row" in text)
    terminal.press("G")
    terminal.until(lambda text: "esc close" in text)
    terminal.press("\x1b")
    terminal.until(lambda text: "esc close" not in text)
    terminal.press("q")
    assert terminal.end() == 0
    return seen


def test_ascii_alone() -> None:
    """Not one byte beyond ASCII, wherever one looks; and no `?` but the key of the help."""
    with Terminal("--demo", "--ascii", size=(120, 40), environ={"LANG": "C.UTF-8"}) as terminal:
        seen = everything(terminal)
        assert max(terminal.bytes) < 0x80
        assert not [text for text in seen if "?" in text.replace("? help", "")]


@pytest.mark.parametrize(
    "environ", [{"LANG": "C"}, {"LC_ALL": "POSIX"}, {"TERM": "linux"}, {"AIGW_ASCII": "yes", "LANG": "C.UTF-8"}]
)
def test_ascii_by_itself(environ: Mapping[str, str]) -> None:
    """Where the locale or the terminal knows no more, or the person says so."""
    with Terminal("--demo", size=(120, 40), environ=environ) as terminal:
        terminal.until(lambda text: "live" in text and "llama" in text)
        terminal.press("q")
        assert terminal.end() == 0
        assert max(terminal.bytes) < 0x80


def test_foreign_text_in_ascii() -> None:
    """Whatever a thing is called: letters without their accents, and as many cells as it had."""
    with Terminal("--demo", "--ascii", "--gateway", "模型-café", size=(120, 30)) as terminal:
        text = terminal.until(lambda text: "unknown gateway" in text)
        assert "____-cafe" in text.splitlines()[0]
        terminal.press("q")
        assert terminal.end() == 0
        assert max(terminal.bytes) < 0x80


def test_ascii_is_not_for_everybody() -> None:
    """A flag beats the locale."""
    with Terminal("--demo", "--no-ascii", environ={"LANG": "C"}) as terminal:
        terminal.until(is_open)
        terminal.press("q")
        assert terminal.end() == 0
        assert "╭".encode() in terminal.bytes


SSH = {"SSH_CONNECTION": "192.0.2.1 50000 192.0.2.2 22"}
MOUSE_ON, MOUSE_OFF = b"\x1b[?1003h", b"\x1b[?1003l"


@pytest.mark.parametrize(
    ("words", "environ", "is_quiet"),
    [
        ((), FULL, False),
        ((), FULL | SSH, True),
        (("--ssh",), FULL, True),
        (("--no-ssh",), FULL | SSH, False),
    ],
)
def test_over_ssh(words: tuple[str, ...], environ: Mapping[str, str], is_quiet: bool) -> None:
    """The terminal's own colours and no mouse; `M` turns it on, which the line of keys says, and off; all is whole."""
    with Terminal("--demo", *words, size=(120, 30), environ=environ) as terminal:
        terminal.until(is_open)
        assert colors(terminal.bytes) == ({"16"} if is_quiet else {"24-bit"})
        assert (MOUSE_ON in terminal.bytes) is not is_quiet
        for said in ("mouse on", "mouse off") if is_quiet else ("mouse off", "mouse on"):
            terminal.press("M")
            terminal.until(lambda text, said=said: said in text.splitlines()[-1])  # type: ignore[misc]
        assert (terminal.bytes.rfind(MOUSE_ON) > terminal.bytes.rfind(MOUSE_OFF)) is not is_quiet
        terminal.press("q")
        assert terminal.end() == 0
        assert terminal.is_whole()


def test_a_mouse_over_ssh() -> None:
    """It can be asked for without the rest."""
    with Terminal("--demo", environ=FULL | SSH | {"AIGW_MOUSE": "true"}) as terminal:
        terminal.until(is_open)
        assert MOUSE_ON in terminal.bytes
        assert colors(terminal.bytes) == {"16"}
        terminal.press("q")
        assert terminal.end() == 0
        assert terminal.is_whole()


def test_a_spoiled_screen() -> None:
    """What another program wrote over it is gone after ctrl+l, and after a new size."""
    with Terminal("--demo", "--at", "14:05", environ=FULL) as terminal:
        terminal.until(is_open)
        terminal.screen.erase_in_display(2)
        terminal.press("\x0c")
        terminal.until(is_open)
        terminal.screen.erase_in_display(2)
        terminal.resize(80, 25)
        terminal.until(is_open)
        terminal.press("q")
        assert terminal.end() == 0
