"""From roles to terminal styles: one palette per theme and state, every style made once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rich.style import Style
from textual.color import Color
from textual.theme import Theme

from aigw_tui.tui.bars import GHOST, GROUND, major
from aigw_tui.tui.legibility import CONTRAST, blend, readable
from aigw_tui.tui.lines import Span
from aigw_tui.tui.themes import READABLE, colors_of, house_themes

FILLING = 0.5
"""How much of a colour is left over the ground in hours that still fill."""
STALE = 0.6
STALE_WARNING = 0.72
"""How much of a data colour, and of a warning, is left over the ground when the data are stale; more where words in
it could not be read."""
JUDGED = frozenset({"good", "warn", "bad"})
INKED = 3.0
"""Contrast of what stands for blocks and lines in ASCII; `:` alone says that an hour still fills."""
LOWER = {"strong": "text", "text": "muted", "muted": "faint"}
"""Text one level down, for stale data."""
KEPT = frozenset({"ground", "faint", "edge", "grid", "accent", "cursor", "zebra"})
"""Roles that are no data: the same when stale."""
SHADES = {
    "neuron1": "█", "dollar1": "█", "neuron2": "▓", "neuron3": "▓", "dollar2": "▓", "over1": "▓", "perhaps": "▒",
    "dollar3": "▒", "over2": "▒", "free": "░", "expected": "░",
}  # fmt: skip
"""What a full cell is where colours cannot tell: solid, sure, perhaps, free."""
FILLING_SHADE, BAD_SHADE = "▒", "×"
LAYERS = frozenset({*SHADES, "bad", GROUND})
"""Roles that are a second layer of a cell when they are behind a block."""
WORDS = frozenset({"strong", "text", "muted", "faint"})
QUIET = frozenset({"faint", "edge", "grid", "free", "expected"})


@dataclass(frozen=True, slots=True)
class Palette:
    """The styles of one theme. Colours are `#rrggbb` or the terminal's names; without any, glyphs carry the meaning."""

    colors: Mapping[str, str]
    is_stale: bool = False
    is_ascii: bool = False
    """Half rows and eighths of a cell cannot be told there, so blocks carry textures."""
    _styles: dict[tuple[str, str, bool], Style] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(
        cls,
        theme: str,
        variables: Mapping[str, str],
        *,
        is_stale: bool = False,
        has_color: bool = True,
        is_ascii: bool = False,
        own: Mapping[str, str] | None = None,
    ) -> Palette:
        """The palette of any Textual theme; `variables` are `app.theme_variables`, `own` the roles of a person's."""
        return cls((own or colors_of(theme, variables)) if has_color else {}, is_stale, is_ascii)

    @staticmethod
    def themes() -> tuple[Theme, ...]:
        """The house themes, for the app to register."""
        return house_themes()

    @property
    def has_tints(self) -> bool:
        """Whether lighter and darker mean anything: not without colour, nor in the terminal's own sixteen."""
        return self.colors.get("ground", "").startswith("#")

    def style(self, span: Span) -> Style:
        """Raises KeyError for a role that does not exist."""
        seen = self._seen(span)
        wanted = (seen.role, seen.on, seen.bold)
        if (found := self._styles.get(wanted)) is None:
            found = self._styles[wanted] = self._made(*wanted)
        return found

    def text(self, span: Span) -> str:
        """What to write: where there are no tints, full cells become `█ ▓ ▒ ░ ×` by their role."""
        return self._seen(span).text

    def color(self, role: str) -> str | None:
        """The colour of a role as it is shown now; None without colours."""
        if not self.colors:
            return None
        name, _, state = role.partition(":")
        name = LOWER.get(name, name) if self.is_stale else name
        found, ground = self.colors[name], self.colors["ground"]
        if state:
            found = blend(found, ground, FILLING)
        if self.is_stale and name not in KEPT and name not in LOWER:
            found = blend(found, ground, STALE_WARNING if name in ("warn", "bad") else STALE)
            if name in JUDGED and self.has_tints and not state:
                behind = [Color.parse(self.color(on) or ground) for on in READABLE[name]]
                found = readable(Color.parse(found), behind, CONTRAST).hex6.lower()
        return found

    def _seen(self, span: Span) -> Span:
        """The span as it can be shown: without tints textures tell roles, and of two layers in a cell the larger is."""
        if (self.has_tints and not self.is_ascii) or not span.text:
            return span
        if span.on.partition(":")[0] not in LAYERS:
            return span._replace(text=span.text.replace("█", _shade(span.role)))
        if span.text[0] == GHOST:
            return span._replace(on="")
        role = major(span)
        if role == GROUND:
            return span._replace(on="")
        return span._replace(text=_shade(role) * len(span.text), role=role, on="")

    def _made(self, role: str, on: str, bold: bool) -> Style:
        name, _, state = role.partition(":")
        is_band = on == "cursor" and name not in SHADES  # reversed; a reversed chart would show what it is not
        if not self.colors:
            is_dim = bool(state) or name in QUIET or self.is_stale
            return Style(bold=bold or None, dim=is_dim or None, reverse=is_band or None)
        if self.has_tints:
            color = self.color(role)
            if self.is_ascii and name not in WORDS:  # a letter has less ink than a block
                color = readable(Color.parse(self.color(name) or ""), [Color.parse(self.colors["ground"])], INKED).hex6
            if on == "cursor" and color == self.colors["faint"]:
                color = self.colors["muted"]  # faint is read on the ground alone
            return Style(color=color, bgcolor=self.color(on or "ground"), bold=bold or None)
        is_dim = bool(state) or self.is_stale
        if on == "cursor":  # whatever can be seen on the ground can be seen there too; words are one band
            color = self.color("text" if name in WORDS else role)
            return Style(
                color=color,
                bgcolor=self.color("ground"),
                bold=bold or None,
                dim=is_dim or None,
                reverse=is_band or None,
            )
        return Style(color=self.color(role), bgcolor=self.color(on or "ground"), bold=bold or None, dim=is_dim or None)


def _shade(role: str) -> str:
    name, _, state = role.partition(":")
    return BAD_SHADE if name == "bad" else FILLING_SHADE if state else SHADES.get(name, "█")
