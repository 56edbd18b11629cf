"""Hints name what a person presses: every key that was moved is called by its new name, in every panel."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from string import ascii_letters

import pytest

import aigw_tui
from aigw_tui.model import PERIODS, NewestLogs, Scope, Snapshot
from aigw_tui.tui.canvas import left_out
from aigw_tui.tui.frame import framed, inner
from aigw_tui.tui.keymap import places
from aigw_tui.tui.lines import plain
from aigw_tui.tui.looks import Looks
from aigw_tui.tui.panel import Panel
from aigw_tui.tui.panels import all_panels
from aigw_tui.tui.pressed import NAMED, UNMOVED, Keys
from aigw_tui.tui.scene import Area, Scene
from aigw_tui.tui.screens.help import FIGURES
from stage import Stage
from world import ACCOUNT, empty, scene

IDS = {one.id: one.key for bindings in places().values() for one in bindings if one.id}
MOVED = Keys.of({id_: f"f{n}" for n, id_ in enumerate(IDS, 1)})
"""Every binding is elsewhere; names of keys are not checked here, so there are enough."""

VERBS = (
    "goes|looks|clears|narrows|unfolds|folds|opens|copies|shows|silences|chooses|lists|tries|asks|leaves|zooms|sorts"
    "|moves|switches"
)
HINT = re.compile(
    rf"\b(Enter|enter|Esc|esc|ctrl-[a-z])\b|(?<![\w'’{{.])([{ascii_letters}]|space|Space|[][/?]) ({VERBS})\b"
    r"|\b[Pp]ress (?!\{|[a-z]+\.[a-z\d])\S+|\bkey [a-z]\b"
)
"""A key by its name, in words that tell a person to press it."""
FOLDERS = ("tui", "insight", "feed")
NO_HINTS = {
    "tui/keynames.py": "names of keys are what it is about",
    "tui/keys.py": "bindings",
    "tui/keymap.py": "what may be written for a key",
    "tui/panel.py": "bindings",
    "tui/keyline.py": "a question is left with esc, wherever keys are",
}
SOURCE = Path(aigw_tui.__file__).parent


def texts(file: Path) -> Iterator[str]:
    """Every text of a file, without what is said of the code itself."""
    tree = ast.parse(file.read_text())
    said = {
        id(body[0].value)
        for one in ast.walk(tree)
        if isinstance(body := getattr(one, "body", None), list) and body and isinstance(body[0], ast.Expr)
    }
    said |= {id(one.value) for one in ast.walk(tree) if isinstance(one, ast.Expr)}
    bindings = [one for one in ast.walk(tree) if isinstance(one, ast.Call) and ast.unparse(one.func) == "Binding"]
    said |= {id(part) for one in bindings for part in ast.walk(one)}
    for one in ast.walk(tree):
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and id(one) not in said:
            yield one.value


FILES = [file for folder in FOLDERS for file in sorted((SOURCE / folder).rglob("*.py"))]
TEXTS = [(file.relative_to(SOURCE).as_posix(), text) for file in FILES for text in texts(file)]


class TestKeys:
    """A value, made once of what the person chose."""

    def test_a_name_and_a_key(self) -> None:
        keys = Keys.of({"scope.back": "f7", "scope.filter": "slash,f"})
        assert [keys.name(id_) for id_ in ("scope.back", "scope.filter", "row.narrow")] == ["f7", "/", "enter"]
        assert [keys.pressed(id_) for id_ in ("scope.filter", "app.help", "x")] == ["slash", "question_mark", "x"]

    def test_in_a_sentence(self) -> None:
        """Where its name begins one, it is written as a word; a letter is another key when it is large."""
        assert UNMOVED.said("{row.narrow}: all. {row.narrow} narrows; {scope.back} goes back") == (
            "enter: all. Enter narrows; esc goes back"
        )
        assert UNMOVED.said("It is over. {view.measure} chooses") == "It is over. m chooses"

    def test_other_braces_stay(self) -> None:
        """Also those of a model that is called like that."""
        assert UNMOVED.said("{} {x} {no.such} {Scope.back}") == "{} {x} {no.such} {Scope.back}"


def test_every_binding_that_is_named_exists() -> None:
    named = {(file, found[2]) for file, text in TEXTS for found in NAMED.finditer(text)}
    assert len(named) > 20
    assert [one for one in named if one[1] not in IDS] == []


def test_no_text_names_a_key_itself() -> None:
    """Not one of what the screen may say: a person may have moved it."""
    found = [(file, text) for file, text in TEXTS if HINT.search(text) and file not in NO_HINTS]
    assert found == []
    for hint in ("esc goes back", "; w looks further back", "press w", "x; m looks", "] goes on", "Space unfolds"):
        assert HINT.search(hint), hint


def snapshots() -> Iterator[Snapshot]:
    """Times at which panels have something to say about keys: full, empty, narrowed, filtered, of the past."""
    for now in (scene().snapshot, scene(views=empty()).snapshot, scene(views=empty("requests", "neurons")).snapshot):
        for scope in (
            Scope(),
            Scope(pattern="nothing like it"),
            Scope().narrow(None, status="500"),
            Scope(period=PERIODS[1]),
            Scope().narrow(None, account=ACCOUNT, model="none"),
        ):
            for is_past in (False, True):
                yield replace(now, scope=scope, is_past=is_past, newest=(NewestLogs(ACCOUNT),))
                yield replace(now, scope=scope, is_past=is_past, labels=tuple((f"{n}", "a") for n in range(40)))


def drawn(panel: Panel, keys: Keys) -> set[str]:
    """Everything that it says, in any of these situations."""
    found = set()
    for snapshot in snapshots():
        for measure in ("requests", "neurons", "cache"):
            area = replace(Area(*inner("box", 200, 50), is_focused=True, is_zoomed=True), keys=keys)
            seen = panel.look(Scene(snapshot, measure), area)
            drawing = panel.draw(seen, area)
            found.add(plain(framed(drawing, "box", 200, 50, panel.KEY, panel.TITLE, is_focused=True)))
    if panel.NOT_KEPT:
        found.add(plain(left_out(panel.NOT_KEPT, area)))
    return {*found, keys.said(panel.HELP)}


@pytest.mark.parametrize("name", [name for name, _ in all_panels()])
def test_a_panel_names_moved_keys(name: str) -> None:
    """The same words, with the keys of now wherever there was another; and none by a name that it no longer has."""
    panel = dict(all_panels())[name]()
    before, after = drawn(panel, UNMOVED), drawn(panel, MOVED)
    assert [text for text in before | after if NAMED.search(text)] == []
    assert [found[0] for text in after if (found := HINT.search(text))] == []
    hints = [found[0] for text in before if (found := HINT.search(text))]
    if hints:
        assert before != after


def test_all_kinds_of_hints_are_among_them() -> None:
    """What is checked above is really said somewhere."""
    said = " ".join(text for _, kind in all_panels() for text in drawn(kind(), UNMOVED))
    for hint in (
        "esc goes back", "esc clears the filter", "w looks further back", "m looks at another measure", "] goes on",
        "t goes back to now", "enter: the hour", "enter in Accounts", "Enter narrows", "Space unfolds", "s silences",
    ):  # fmt: skip
        assert hint in said, hint


def test_the_figures_of_the_help() -> None:
    assert any("what f5 chooses" in Keys.of({"time.compare": "f5"}).said(text) for _, text in FIGURES)


KEYMAP = {
    "row.narrow": "f6", "scope.back": "f7", "scope.window": "f8", "view.measure": "f9", "time.now": "n",
    "filter.clear": "f10", "request.close": "f11", "request.bodies": "f12", "scope.filter": "f2",
}  # fmt: skip


async def test_on_the_screen(tmp_path: Path) -> None:
    """Panels, the notice, the line of the filter, the page of one request, and words that can be clicked."""
    stage = Stage(tmp_path / "history.sqlite", looks=Looks(keymap=KEYMAP))
    async with stage.running():
        await stage.until(lambda: stage.clock.has_sleepers)
        monitor = stage.monitor
        monitor.scope = Scope().narrow(None, model="claude-haiku-4-5")
        monitor.show_panel(monitor.panel("failures"))
        await stage.until(lambda: "f6: the hour" in stage.panel("failures"))
        monitor.zoom(None)
        monitor.scope = Scope()
        await stage.pilot.press("f2")
        await stage.until(lambda: "f10 clears" in stage.text())
        await stage.pilot.press(*"no such", "enter")
        await stage.until(lambda: "f7 clears the filter" in stage.text())
        await stage.pilot.press("f7")
        monitor.scope = Scope().narrow(None, gateway="nowhere")
        await stage.until(lambda: "f7 goes back" in stage.panel_line("notice"))
        monitor.scope = Scope()
        period = monitor.scope.period.name
        await stage.until(lambda: period in stage.panel_line("status"))
        await stage.pilot.click("#status", offset=(stage.panel_line("status").index(period), 0))
        await stage.until(lambda: monitor.scope.period.name != period)
        await stage.pilot.press("left_square_bracket")
        monitor.show_panel(monitor.panel("requests"))
        await stage.until(lambda: "n goes back to now" in stage.panel("requests"))
        await stage.pilot.press("n")
        await stage.until(lambda: "POST" in stage.text() or "took" in stage.panel("requests"))
        await stage.pilot.press("f6")
        await stage.until(lambda: monitor.screen.is_modal and "f11 back" in stage.text())
        await stage.pilot.press("f12")
        await stage.until(lambda: "f12 again shows it, f11 leaves" in stage.text())
