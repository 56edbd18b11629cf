"""`[keymap]`: keys where a person wants them; what makes no sense costs its own line, and the rest applies."""

from __future__ import annotations

import pkgutil
import re
import tomllib
from collections import Counter
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.binding import Binding

from aigw_tui import tui
from aigw_tui.tui.dashboard import Ground
from aigw_tui.tui.keymap import keys_of_help, places, read_keymap
from aigw_tui.tui.keynames import first_key, key_name, keys_of, types
from aigw_tui.tui.looks import Looks
from aigw_tui.tui.panel import Panel
from aigw_tui.tui.screens.welcome import FirstRun
from stage import Stage
from terminal import Terminal
from test_pty import is_open

README = (Path(__file__).parent.parent / "README.md").read_text()


def read(text: str) -> tuple[dict[str, str], list[str]]:
    keymap = read_keymap(tomllib.loads(text).get("keymap"))
    return dict(keymap.keys), [f"{one.why} → {one.remedy}" for one in keymap.complaints]


class TestNames:
    """What a person may write for a key."""

    @pytest.mark.parametrize(
        ("text", "keys", "shown"),
        [
            ("f", ("f",), "f"),
            ("F", ("F",), "F"),
            ("shift+f", ("F",), "F"),
            ("/", ("slash",), "/"),
            ("slash", ("slash",), "/"),
            ("question_mark", ("question_mark",), "?"),
            ("ctrl-d", ("ctrl+d",), "ctrl-d"),
            ("Ctrl+D", ("ctrl+d",), "ctrl-d"),
            ("esc", ("escape",), "esc"),
            ("pgdn, F5", ("pagedown", "f5"), "pgdn"),
            ("ctrl+i", ("tab",), "tab"),
            ("-", ("minus",), "-"),
            ("+", ("plus",), "+"),
            (",", ("comma",), ","),
            ("space", ("space",), "space"),
            ("é", ("é",), "é"),
        ],
    )
    def test_keys(self, text: str, keys: tuple[str, ...], shown: str) -> None:
        """As the help shows it, as Textual calls it, or the character itself; several with commas between."""
        assert keys_of(text) == keys
        assert first_key(",".join(keys)) == shown

    @pytest.mark.parametrize("text", ["", "spam", "ctrl+spam", "cmd+x", "ctrl+", "f,", "f99", "a b", "<any>", "\x1b"])
    def test_no_keys(self, text: str) -> None:
        with pytest.raises(ValueError):  # noqa: PT011 - it has no words
            keys_of(text)

    @given(st.text())
    def test_any_text(self, text: str) -> None:
        """It is a key or it is none, and a key is read again from what is shown of it."""
        try:
            found = keys_of(text)
        except ValueError:
            return
        assert all(keys_of(key_name(key)) == (key,) for key in found)

    def test_what_types(self) -> None:
        assert [key for key in ("f", "slash", "space", "escape", "ctrl+f", "f5") if types(key)] == [
            "f",
            "slash",
            "space",
        ]


class TestBindings:
    """What can be moved."""

    def test_every_binding_has_a_name_of_its_own(self) -> None:
        """So that nothing is stuck where it is; the scrolling of pages is the same in all of them."""
        for bindings in places().values():
            ids = Counter(one.id for one in bindings)
            assert None not in ids
            assert set(ids.values()) == {1}

    def test_none_is_forgotten(self) -> None:
        """Every class of the screen with keys of its own is in a place, but for what Textual has anyway."""
        names = [found.name for found in pkgutil.walk_packages(tui.__path__, f"{tui.__name__}.")]
        kinds = {kind for name in names for kind in vars(import_module(name)).values() if isinstance(kind, type)}
        ours = {kind for kind in kinds if kind.__module__.startswith(tui.__name__) and kind is not Ground}
        bindings = [one for kind in ours for one in vars(kind).get("BINDINGS", ()) if isinstance(one, Binding)]
        placed = {id(one) for some in places().values() for one in some}
        assert bindings
        assert [one for one in bindings if id(one) not in placed] == []

    def test_no_two_have_one_key(self) -> None:
        """As they are, before anybody moves them."""
        for bindings in places().values():
            keys = Counter(one.key for one in Binding.make_bindings(bindings))
            assert {*keys.values()} == {1}, keys
        assert read("") == ({}, [])

    def test_the_readme_has_them_all(self) -> None:
        """With the keys they have."""
        for bindings in places().values():
            for one in bindings:
                assert f"`{one.id}`" in README or re.fullmatch(r"panel\.[1-9]", one.id or ""), one.id
        assert "`panel.1`" in README


class TestMistakes:
    """Each is one line, and everything else is moved."""

    @pytest.mark.parametrize(
        ("line", "said"),
        [
            ('"scope.fliter" = "f"', "[keymap] there is no scope.fliter → did you mean scope.filter?"),
            ('"spam" = "f"', "[keymap] there is no spam → the README has all"),
            ('"scope.filter" = "spam"', "[keymap] scope.filter: spam is no key → write f, F, ctrl-f"),
            ('"scope.filter" = ""', "[keymap] scope.filter:  is no key"),
            ('"scope.filter" = 3', "[keymap] scope.filter: 3 is no key"),
            ('"scope.filter" = "w"', "[keymap] scope.filter: w is scope.window already → move that too"),
            ('"scope.filter" = "j"', "[keymap] scope.filter: j is row.next already"),
            ('"row.fold" = "s"', "[keymap] row.fold: s is row.silence already"),
            ('"view.zoom" = "tab"', "[keymap] view.zoom: tab is panel.next already"),
            ('"view.zoom" = "ctrl-q"', "[keymap] view.zoom: ctrl-q is the last way out already"),
            ('"page.close" = "g"', "[keymap] page.close: g is page.top already"),
            ('"filter.clear" = "x"', "[keymap] filter.clear: x types a letter there"),
            ('"filter.clear" = "enter"', "[keymap] filter.clear: enter is typing already"),
        ],
    )
    def test_one_line(self, line: str, said: str) -> None:
        keys, complaints = read(f'[keymap]\n"view.pause" = "f9"\n{line}')
        assert [one[: len(said)] for one in complaints] == [said]
        assert keys == {"view.pause": "f9"}

    def test_two_on_one_key(self) -> None:
        """The first has it."""
        keys, complaints = read('[keymap]\n"view.pause" = "f"\n"scope.filter" = "f"')
        assert keys == {"view.pause": "f"}
        assert complaints == ["[keymap] scope.filter: f is view.pause already → move that too"]

    def test_keys_change_places(self) -> None:
        """Both are moved, so neither stands in the way; one key may do different things in different places."""
        text = '[keymap]\n"scope.filter" = "w"\n"scope.window" = "/"\n"page.top" = "w"'
        assert read(text) == ({"scope.filter": "w", "scope.window": "slash", "page.top": "w"}, [])

    def test_one_that_stays_takes_the_place_of_another(self) -> None:
        """What was left out is where it was, and then in the way of what should have come there."""
        text = '[keymap]\n"scope.filter" = "spam"\n"scope.window" = "/"'
        keys, complaints = read(text)
        assert keys == {}
        assert len(complaints) == 2

    @pytest.mark.parametrize("text", ["keymap = 1", "[[keymap]]\na = 1"])
    def test_no_table(self, text: str) -> None:
        assert read(text) == ({}, ['[keymap] it is no table → write [keymap], and below it "scope.filter" = "f"'])

    def test_without_quotes(self) -> None:
        """To TOML that is a table in a table; to a person it is the same."""
        assert read('[keymap]\nscope.filter = "f"') == ({"scope.filter": "f"}, [])


KEYMAP = {"scope.filter": "f,slash", "row.next": "n", "view.zoom": "ctrl+z", "app.help": "f1", "page.close": "x"}


async def test_moved_keys_work() -> None:
    """They do what the others did, which do nothing now."""
    stage = Stage(looks=Looks(keymap=KEYMAP))
    monitor = stage.monitor
    async with stage.running():
        await stage.until(lambda: stage.clock.has_sleepers)
        panel = monitor.focused
        assert isinstance(panel, Panel)
        before = panel._cursor
        await stage.pilot.press("j")
        assert panel._cursor == before
        await stage.pilot.press("n")
        assert panel._cursor != before
        await stage.pilot.press("z")
        assert monitor.zoomed is None
        await stage.pilot.press("ctrl+z")
        assert monitor.zoomed is panel
        await stage.pilot.press("ctrl+z", "f")
        assert monitor.focused is monitor.query_one("#filter")
        await stage.pilot.press(*"llama f", "escape")
        await stage.pilot.press("question_mark")
        assert not monitor.screen.is_modal
        await stage.pilot.press("f1")
        assert monitor.screen.is_modal
        await stage.pilot.press("escape")
        assert monitor.screen.is_modal
        await stage.pilot.press("x")
        assert not monitor.screen.is_modal


async def test_tab_can_be_moved() -> None:
    """It is a key as any other: Textual's own Tab is not behind it."""
    stage = Stage(looks=Looks(keymap={"panel.next": "n"}))
    async with stage.running():
        await stage.until(lambda: stage.clock.has_sleepers)
        before = stage.monitor.focused
        await stage.pilot.press("tab")
        assert stage.monitor.focused is before
        await stage.pilot.press("n")
        assert stage.monitor.focused is not before


async def test_the_screen_names_moved_keys() -> None:
    """The bottom line and the help; a key that is where it was is named as before."""
    stage = Stage(looks=Looks(keymap=KEYMAP))
    async with stage.running():
        await stage.until(lambda: stage.clock.has_sleepers)
        line = stage.text().splitlines()[-1]
        assert "f filter" in line
        assert "f1 help" in line
        assert "w window" in line
        await stage.pilot.press("f1")
        await stage.pilot.pause()
        surface = stage.monitor.screen.query_one("#page")
        text = "\n".join(strip.text for strip in surface._strips)  # type: ignore[attr-defined]
        assert re.search(r"^  f, / +Models by regex", text, re.MULTILINE)
        assert re.search(r"^  n +Next row", text, re.MULTILINE)
        assert re.search(r"^  w +Today", text, re.MULTILINE)
        assert re.search(r"^x close", text, re.MULTILINE)


async def test_the_welcome_has_moved_keys() -> None:
    """It says them, and they work."""
    app = FirstRun(Looks(keymap={"welcome.demo": "f2"}))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        rows = [strip.text for strip in app.screen._compositor.render_strips()]
        assert any("f2  look around first" in row for row in rows)
        await pilot.press("d", "f2")
    assert app.return_value == "demo"


def test_digits_of_the_help() -> None:
    """Nine in one line; those that are elsewhere have their own."""
    names = [first_key(one.key) for one in keys_of_help({})]
    assert names.count("1-9") == 1
    keys = [one.key for one in keys_of_help({"panel.3": "f3"})]
    assert "1,2,4,5,6,7,8,9" in keys
    assert "f3" in keys


def test_in_a_real_terminal(home: Path) -> None:
    """From config.toml: the key works, and the mistake is in the second line."""
    file = home / ".config/aigw-tui/config.toml"
    file.parent.mkdir(parents=True)
    file.write_text('[keymap]\n"app.quit" = "ctrl-x"\n"scope.filter" = "w"\n')
    with Terminal("--demo", size=(120, 30)) as terminal:
        text = terminal.until(lambda text: is_open(text) and "keymap" in text)
        assert "[keymap] scope.filter: w is scope.window already" in text.splitlines()[1]
        assert "→ move that too" in text.splitlines()[1]
        assert "ctrl-x quit" in text.splitlines()[-1]
        terminal.press("q")
        terminal.press("\x18")
        assert terminal.end() == 0


def test_the_example_of_the_readme() -> None:
    """It can be written as it stands."""
    (example,) = re.findall(r"```toml\n(\[keymap\].*?)```", README, re.DOTALL)
    keys, complaints = read(example)
    assert complaints == []
    assert len(keys) == len(re.findall(r"^\"", example, re.MULTILINE))
