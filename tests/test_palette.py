"""From roles to styles: filling, stale, and what is left without colours."""

from __future__ import annotations

import pytest
from rich.color import Color
from textual.color import Color as TextualColor

from aigw_tui.tui.bars import GROUND
from aigw_tui.tui.legibility import CONTRAST, blend, contrast
from aigw_tui.tui.lines import Span
from aigw_tui.tui.palette import SHADES, WORDS, Palette
from aigw_tui.tui.themes import ANSI, HOUSE, READABLE, ROLES

DARK = Palette.of("house-dark", {})
STALE = Palette.of("house-dark", {}, is_stale=True)
BARE = Palette.of("house-dark", {}, has_color=False)
COLORS = HOUSE["house-dark"]


def test_a_role_is_its_colour_on_the_ground() -> None:
    """A span without a background lies on the ground; one with a background lies on that."""
    style = DARK.style(Span("x", "bad", bold=True))
    assert (style.color, style.bgcolor, style.bold) == (
        Color.parse(COLORS["bad"]), Color.parse(COLORS["ground"]), True,
    )  # fmt: skip
    assert DARK.style(Span("x", "text", "cursor")).bgcolor == Color.parse(COLORS["cursor"])


def test_filling_is_half_way_to_the_ground() -> None:
    """An unfinished hour is its colour, half."""
    assert DARK.color("neuron1:filling") == blend(COLORS["neuron1"], COLORS["ground"], 0.5)


@pytest.mark.parametrize(
    ("role", "wanted"),
    [
        ("strong", COLORS["text"]),
        ("text", COLORS["muted"]),
        ("muted", COLORS["faint"]),
        ("faint", COLORS["faint"]),
        ("ground", COLORS["ground"]),
        ("edge", COLORS["edge"]),
        ("neuron1", blend(COLORS["neuron1"], COLORS["ground"], 0.6)),
        ("warn", blend(COLORS["warn"], COLORS["ground"], 0.72)),
    ],
)
def test_stale_data_pale(role: str, wanted: str) -> None:
    """Data at 60 % over the ground, warnings at 72 %, words one level down, borders as they were."""
    assert STALE.color(role) == wanted


@pytest.mark.parametrize("theme", list(HOUSE))
@pytest.mark.parametrize("role", ["good", "warn", "bad"])
def test_stale_verdicts_can_be_read(theme: str, role: str) -> None:
    """They pale as far as words in them can be read on what lies behind them then, and no further."""
    stale = Palette.of(theme, {}, is_stale=True)
    for on in READABLE[role]:
        style = stale.style(Span("x", role, on))
        assert contrast(parsed(style.color), parsed(style.bgcolor)) >= CONTRAST


@pytest.mark.parametrize("palette", [DARK, STALE])
def test_no_word_is_faint_under_the_cursor(palette: Palette) -> None:
    """Zeros and asides of the selected row are muted: faint is read on the ground alone."""
    for role in ("faint", "muted"):
        assert palette.style(Span("0", role, "cursor")).color == Color.parse(COLORS["muted"])


def parsed(color: Color | None) -> TextualColor:
    assert color
    assert color.triplet
    return TextualColor(*color.triplet)


def test_styles_are_made_once() -> None:
    """The same role gives the same object, so that painting allocates nothing."""
    assert DARK.style(Span("a", "text")) is DARK.style(Span("b", "text"))


def test_a_role_that_does_not_exist_is_an_error() -> None:
    """A misspelled role is found by the first test that draws it."""
    with pytest.raises(KeyError):
        DARK.style(Span("x", "blue"))


@pytest.mark.parametrize("role", ROLES)
def test_without_colour_no_style_has_any(role: str) -> None:
    """NO_COLOR leaves bold, dim, and reverse for the selected row, except its chart: that would show its negative."""
    style = BARE.style(Span("x", role, on="cursor"))
    assert style.color is None
    assert style.bgcolor is None
    assert bool(style.reverse) is (role not in SHADES)


def test_without_colour_blocks_say_what_they_are() -> None:
    """Used, surely expected, perhaps, free and failed differ by glyph; a filling bar too; sparks keep their heights."""
    roles = ("neuron1", "neuron3", "perhaps", "free", "neuron1:filling", "bad", "bad:filling")
    shades = ["██", "▓▓", "▒▒", "░░", "▒▒", "××", "××"]
    assert [BARE.text(Span("██", role)) for role in roles] == shades
    assert [BARE.text(Span("▄▄", role, GROUND)) for role in roles] == shades
    assert BARE.text(Span("▁▃▄▇", "neuron1")) == "▁▃▄▇"
    assert BARE.text(Span("used", "neuron1")) == "used"
    assert BARE.text(Span("", "neuron1")) == ""
    assert DARK.text(Span("▄▄", "perhaps", GROUND)) == "▄▄"


def test_a_run_is_shaded_character_by_character() -> None:
    """A bar's top beside full cells leaves them their texture."""
    assert BARE.text(Span("██▂▂██", "expected")) == "░░▂▂░░"


@pytest.mark.parametrize(
    ("cell", "text", "role"),
    [
        (Span("▅▅", "neuron1", "neuron2"), "██", "neuron1"),
        (Span("▃▃", "neuron1", "neuron2"), "▓▓", "neuron2"),
        (Span("▃", "neuron2", "dollar1:filling"), "▒", "dollar1:filling"),
        (Span("▅", "neuron1", "bad"), "×", "bad"),
        (Span("▆", "neuron1", "bad"), "█", "neuron1"),
        (Span("▃", "bad", GROUND), "×", "bad"),
        (Span("▂", "bad", GROUND), "▂", "bad"),
    ],
)
def test_without_tints_two_layers_are_the_larger_one(cell: Span, text: str, role: str) -> None:
    """Text and colour of the layer that fills more; failures count twice, and never leave a hole."""
    for palette in (BARE, Palette.of("ansi-dark", {})):
        assert palette.text(cell) == text
        assert palette.style(cell) == palette.style(Span(text, role))
    assert DARK.text(cell) == cell.text


def test_sixteen_colours_have_textures_and_names() -> None:
    """The terminal's own sixteen cannot be tinted, so blocks carry texture, and filling is dim."""
    ansi = Palette.of("ansi-dark", {})
    assert ansi.text(Span("█", "free")) == "░"
    assert ansi.style(Span("█", "neuron1:filling")).dim
    assert ansi.style(Span("x", "bad")).color == Color.parse("bright_red")


@pytest.mark.parametrize("theme", list(ANSI))
@pytest.mark.parametrize("role", ROLES)
def test_a_cursor_of_sixteen_colours_hides_nothing(theme: str, role: str) -> None:
    """The selected row is reversed, except its chart: colours are as far from what lies behind them as on the ground;
    words are one."""
    ansi = Palette.of(theme, {})
    on_cursor = ansi.style(Span("■", role, on="cursor"))
    on_ground = ansi.style(Span("■", "text" if role in WORDS else role))
    assert bool(on_cursor.reverse) is (role not in SHADES)
    assert (on_cursor.color, on_cursor.bgcolor) == (on_ground.color, on_ground.bgcolor)


def test_equal_palettes_are_equal() -> None:
    """A palette that is made again means nothing to paint."""
    assert Palette.of("house-dark", {}) == DARK
    assert DARK != STALE


@pytest.mark.parametrize("theme", list(HOUSE))
def test_ascii_has_textures_with_enough_ink(theme: str) -> None:
    """Blocks tell their role by what they are, for no eighth of a cell can; their signs can be seen on the ground."""
    ascii_palette = Palette.of(theme, {}, is_ascii=True)
    shown = [ascii_palette.text(Span("▄", role, GROUND)) for role in ("neuron1", "neuron3", "perhaps", "free", "bad")]
    assert shown == ["█", "▓", "▒", "░", "×"]
    assert ascii_palette.text(Span("▅", "neuron1", "neuron2")) == "█"
    for role in set(ROLES) - {"ground"}:
        style = ascii_palette.style(Span("█", f"{role}:filling" if role.startswith("neuron") else role))
        assert contrast(parsed(style.color), parsed(style.bgcolor)) >= 3.0


@pytest.mark.parametrize("palette", [BARE, Palette.of("ansi-dark", {})])
def test_a_ghost_is_seen_without_tints(palette: Palette) -> None:
    """It cuts through the bar that it crosses; with tints it lies on the bar's colour."""
    ghost = Span("╌╌", "strong", "neuron1:filling")
    assert palette.text(ghost) == "╌╌"
    assert palette.style(ghost) == palette.style(Span("╌╌", "strong"))
    assert DARK.style(ghost).bgcolor == Color.parse(DARK.color("neuron1:filling") or "")
