"""Themes of one's own: small files over a theme that is whole; a mistake costs its own line."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from textual.theme import BUILTIN_THEMES

from aigw_tui.config.themes import find_themes
from aigw_tui.tui.house import House
from aigw_tui.tui.looks import Looks
from aigw_tui.tui.ownthemes import OwnTheme, read_theme
from aigw_tui.tui.themes import ANSI, HOUSE, ROLES, colors_of
from terminal import Terminal
from test_pty import is_open

README = (Path(__file__).parent.parent / "README.md").read_text()


def read(text: str) -> tuple[OwnTheme, list[str]]:
    theme, complaints = read_theme("mine", tomllib.loads(text))
    return theme, [f"{one.why} → {one.remedy}" for one in complaints]


def test_a_colour_of_ones_own() -> None:
    """What is written counts; every other role is as in the theme below."""
    theme, complaints = read('bad = "#FF00ff"\nwarn = "#abc"')
    assert complaints == []
    assert theme.colors == {**HOUSE["house-dark"], "bad": "#FF00ff", "warn": "#aabbcc"}
    assert theme.is_dark


@pytest.mark.parametrize(
    ("text", "base", "is_dark"),
    [
        ("", "house-dark", True),
        ("dark = true", "house-dark", True),
        ("dark = false", "house-light", False),
        ('base = "contrast-light"', "contrast-light", False),
        ('base = "nord"', "nord", True),
        ('base = "house-light"\ndark = true', "house-light", True),
    ],
)
def test_what_it_lies_over(text: str, base: str, is_dark: bool) -> None:
    """`base` when it is named, else the house theme of that kind."""
    theme, complaints = read(text)
    variables = BUILTIN_THEMES[base].to_color_system().generate() if base in BUILTIN_THEMES else {}
    assert (theme.colors, theme.is_dark, complaints) == (colors_of(base, variables), is_dark, [])


def test_the_colours_of_the_terminal() -> None:
    """Over an `ansi` theme a role may have one of its names; the ground stays the terminal's own."""
    theme, complaints = read('base = "ansi-dark"\nbad = "bright_magenta"\nneuron1 = "#5ba6c6"\nground = "#000000"')
    assert theme.colors == {**ANSI["ansi-dark"], "bad": "bright_magenta", "neuron1": "#5ba6c6"}
    assert complaints == ["ground: #000000 is no colour here → use default, red, …"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('neuron4 = "#000000"', "there is no role neuron4 → did you mean neuron"),
        ('bad = "#12"', "bad: #12 is no colour here → use #rrggbb"),
        ('bad = "red"', "bad: red is no colour here → use #rrggbb; names are for themes over ansi-dark"),
        ("bad = 3", "bad: 3 is no colour here"),
        ("[bad]\nx = 1", "bad: {'x': 1} is no colour here"),
        ('dark = "yes"', "dark is yes → use true or false"),
        ('base = "house-drak"', "there is no theme house-drak to lie over → did you mean house-dark?"),
        ("base = [1]", "there is no theme [1] to lie over"),
    ],
)
def test_a_mistake_is_one_line_and_the_rest_applies(line: str, said: str) -> None:
    theme, complaints = read(f'good = "#123456"\n{line}')
    assert [one[: len(said)] for one in complaints] == [said]
    assert theme.colors["good"] == "#123456"
    assert {*theme.colors} == {*ROLES}


@pytest.mark.parametrize("text", ['bad = "#ff00ff"', 'base = "ansi-light"\nbad = "yellow"', 'base = "nord"'])
async def test_it_is_shown(text: str) -> None:
    """Palette and stylesheet have its colours, and Textual's own widgets know whether it is dark."""
    theme, _ = read(text)
    app = House(Looks("mine", own=(theme,)))
    async with app.run_test():
        assert app.palette(is_stale=False).colors == theme.colors
        assert app.current_theme.dark == theme.is_dark
        spelled = theme.colors["bad"] if "#" in theme.colors["bad"] else f"ansi_{theme.colors['bad']}"
        assert app.theme_variables["bad"] == spelled
        assert "mine" in app.themes


@pytest.mark.parametrize("name", BUILTIN_THEMES)
async def test_textuals_own_themes_are_shown(name: str) -> None:
    """Each of them, with every role in a colour, beside a theme of one's own."""
    theme, _ = read("")
    app = House(Looks(name, own=(theme,)))
    async with app.run_test():
        colors = app.palette(is_stale=False).colors
        assert colors == colors_of(name, BUILTIN_THEMES[name].to_color_system().generate())
        assert all(color.startswith("#") or name in ANSI for color in colors.values())


async def test_on_sixteen_colours_it_is_the_terminals_own() -> None:
    """A theme in 24-bit colours cannot be shown there; one over an `ansi` theme can."""
    tinted, _ = read("dark = false")
    own, _ = read('base = "ansi-dark"')
    assert House(Looks("mine", "16", own=(tinted,))).theme == "ansi-light"
    assert House(Looks("mine", "16", own=(own,))).theme == "mine"


class TestFiles:
    """The folder beside config.toml."""

    def test_they_are_found(self, tmp_path: Path) -> None:
        """By name, each file a theme; others are nobody's business."""
        folder = tmp_path / "themes"
        folder.mkdir()
        (folder / "sea.toml").write_text('accent = "#00ffff"')
        (folder / "rose.toml").write_text("dark = false")
        (folder / "notes.txt").write_text("not a theme")
        found = find_themes(tmp_path / "config.toml")
        assert [(one.name, one.is_dark) for one in found.themes] == [("rose", False), ("sea", True)]
        assert (found.complaints, found.broken) == ((), frozenset())

    def test_without_a_folder(self, tmp_path: Path) -> None:
        """There is none, or a file has its name: no theme, and nobody complains."""
        assert find_themes(tmp_path / "config.toml").themes == ()
        (tmp_path / "themes").write_text("")
        assert find_themes(tmp_path / "config.toml").complaints == ()

    @pytest.mark.parametrize(
        ("name", "content", "said", "is_broken"),
        [
            ("mine", b"bad = ", "themes/mine.toml: Invalid value", True),
            ("mine", b"\xff", "themes/mine.toml is not UTF-8", True),
            ("nord", b"", "themes/nord.toml: there is a theme of that name already", False),
            ("house-dark", b"", "themes/house-dark.toml: there is a theme of that name already", False),
            ("a,b", b"", "themes/a,b.toml: this is no name for a theme", True),
            ("mine", b'blue = "#0000ff"', "themes/mine.toml: there is no role blue", False),
        ],
    )
    def test_mistakes(self, tmp_path: Path, name: str, content: bytes, said: str, is_broken: bool) -> None:
        """Each is one line that names the file; other files are themes all the same."""
        (tmp_path / "themes").mkdir()
        (tmp_path / f"themes/{name}.toml").write_bytes(content)
        (tmp_path / "themes/other.toml").write_text("")
        found = find_themes(tmp_path / "config.toml")
        assert [one.why[: len(said)] for one in found.complaints] == [said]
        assert found.broken == ({name} if is_broken else set())
        assert "other" in [one.name for one in found.themes]

    def test_a_folder_that_may_not_be_read(self, tmp_path: Path) -> None:
        """A file that is a folder is one line too."""
        (tmp_path / "themes/mine.toml").mkdir(parents=True)
        assert "themes/mine.toml" in find_themes(tmp_path / "config.toml").complaints[0].why


def config(home: Path, theme: str) -> Path:
    folder = home / ".config" / "aigw-tui"
    (folder / "themes").mkdir(parents=True)
    (folder / "themes" / "sea.toml").write_text(theme)
    return folder / "config.toml"


def test_on_the_screen(home: Path) -> None:
    """`--theme sea` has its colours; what is wrong with it is said in the second line, with the remedy."""
    config(home, 'ground = "#010203"\nblue = "#0000ff"')
    with Terminal("--demo", "--theme", "sea", size=(120, 30), environ={"COLORTERM": "truecolor"}) as terminal:
        text = terminal.until(lambda text: is_open(text) and "no role" in text)
        assert "themes/sea.toml: there is no role blue" in text.splitlines()[1]
        assert "→ the README has them all" in text.splitlines()[1]
        assert b"48;2;1;2;3" in terminal.bytes
        terminal.press("q")
        assert terminal.end() == 0


def test_a_chosen_theme_that_is_none(home: Path) -> None:
    """The screen opens in the default theme, and says what is wrong with the file."""
    config(home, "no theme at all")
    with Terminal("--demo", "--theme", "sea", size=(120, 30)) as terminal:
        text = terminal.until(lambda text: is_open(text) and "sea.toml" in text)
        assert "themes/sea.toml: " in text.splitlines()[1]
        terminal.press("q")
        assert terminal.end() == 0


def test_a_theme_that_does_not_exist(home: Path) -> None:
    """One line with the names there are, the own ones too."""
    config(home, "")
    with Terminal("--demo", "--theme", "lake", size=(400, 20)) as terminal:
        assert terminal.end() == 2
        assert "there is no lake" in terminal.text
        assert "sea" in terminal.text


def test_the_example_of_the_readme() -> None:
    """It can be saved as it stands."""
    (example,) = re.findall(r"```toml\n(# ~/.config/aigw-tui/themes/.*?)```", README, re.DOTALL)
    theme, complaints = read(example)
    assert complaints == []
    assert theme.colors != HOUSE[theme.base]
