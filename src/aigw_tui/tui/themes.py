"""Every colour of the program: the roles of the house themes, and how other themes fill the same roles."""

from __future__ import annotations

from collections.abc import Mapping

from textual.color import Color, ColorParseError
from textual.theme import Theme

from aigw_tui.tui.legibility import CONTRAST, readable

ROLES = (
    "ground", "strong", "text", "muted", "faint", "edge", "grid", "accent",
    "neuron1", "neuron2", "neuron3", "dollar1", "dollar2", "dollar3", "expected", "free", "perhaps",
    "good", "warn", "bad", "over1", "over2", "cursor", "zebra", "warnband", "badband",
)  # fmt: skip
"""What a span may be: two families of data (blue burns neurons, grey costs dollars), and what judges them."""

HOUSE: Mapping[str, Mapping[str, str]] = {
    "house-dark": {
        "ground": "#11151c", "strong": "#f2f5f9", "text": "#c6cedb", "muted": "#949fb0", "faint": "#768297",
        "edge": "#2c3442", "grid": "#222936", "accent": "#6fb8d6",
        "neuron1": "#5ba6c6", "neuron2": "#3f7f9b", "neuron3": "#31627a",
        "dollar1": "#8892a3", "dollar2": "#687284", "dollar3": "#4b5565",
        "expected": "#212b38", "free": "#232c39", "perhaps": "#20404f",
        "good": "#87cba6", "warn": "#efb75c", "bad": "#ea6a6f", "over1": "#8a6a38", "over2": "#55452a",
        "cursor": "#1b2b38", "zebra": "#141922", "warnband": "#33291a", "badband": "#3a1d22",
    },
    "house-light": {
        "ground": "#fbfaf7", "strong": "#0c121a", "text": "#303844", "muted": "#515b69", "faint": "#686f79",
        "edge": "#d3d6da", "grid": "#e9eaea", "accent": "#136f97",
        "neuron1": "#2f86ab", "neuron2": "#5ba2bd", "neuron3": "#96c4d6",
        "dollar1": "#7d8794", "dollar2": "#a2aab4", "dollar3": "#c1c7ce",
        "expected": "#e9ebec", "free": "#e4e6e8", "perhaps": "#d6e7ed",
        "good": "#1d764b", "warn": "#9a5b00", "bad": "#a70029", "over1": "#d9a441", "over2": "#efdcb4",
        "cursor": "#e2eef4", "zebra": "#f4f3ef", "warnband": "#f8ecd6", "badband": "#f9e1e0",
    },
    "contrast-dark": {
        "ground": "#000000", "strong": "#ffffff", "text": "#f4f6fa", "muted": "#c8ced8", "faint": "#b4bcc8",
        "edge": "#757f8e", "grid": "#3a414d", "accent": "#7fd4ff",
        "neuron1": "#5cc0ee", "neuron2": "#2f92c2", "neuron3": "#1f6a91",
        "dollar1": "#c3c9d3", "dollar2": "#8f98a6", "dollar3": "#666f7d",
        "expected": "#2a303b", "free": "#2f3642", "perhaps": "#174a63",
        "good": "#9bfcc0", "warn": "#ffd166", "bad": "#ff9490", "over1": "#b98a3a", "over2": "#6f5526",
        "cursor": "#0a2740", "zebra": "#0c0f14", "warnband": "#332600", "badband": "#3f0a11",
    },
    "contrast-light": {
        "ground": "#ffffff", "strong": "#000000", "text": "#14181f", "muted": "#3a4350", "faint": "#474f5b",
        "edge": "#7a828d", "grid": "#c9ced5", "accent": "#004a72",
        "neuron1": "#00618f", "neuron2": "#3f8fb5", "neuron3": "#84bad2",
        "dollar1": "#545d69", "dollar2": "#868f9b", "dollar3": "#b3bac3",
        "expected": "#dde0e4", "free": "#d8dce0", "perhaps": "#bfe0ee",
        "good": "#005436", "warn": "#6a3c00", "bad": "#830024", "over1": "#c98a1f", "over2": "#eccf94",
        "cursor": "#d9ebf7", "zebra": "#f4f5f7", "warnband": "#ffefcc", "badband": "#ffe3e3",
    },
}  # fmt: skip

ANSI: Mapping[str, Mapping[str, str]] = {
    "ansi-dark": {
        "ground": "default", "strong": "default", "text": "default", "muted": "default", "faint": "bright_black",
        "edge": "bright_black", "grid": "bright_black", "accent": "bright_cyan",
        "neuron1": "bright_blue", "neuron2": "blue", "neuron3": "cyan",
        "dollar1": "default", "dollar2": "bright_black", "dollar3": "bright_black",
        "expected": "bright_black", "free": "bright_black", "perhaps": "cyan",
        "good": "bright_green", "warn": "bright_yellow", "bad": "bright_red", "over1": "yellow", "over2": "yellow",
        "cursor": "blue", "zebra": "default", "warnband": "default", "badband": "default",
    },
    "ansi-light": {
        "ground": "default", "strong": "default", "text": "default", "muted": "default", "faint": "bright_black",
        "edge": "bright_black", "grid": "bright_black", "accent": "blue",
        "neuron1": "blue", "neuron2": "cyan", "neuron3": "bright_blue",
        "dollar1": "default", "dollar2": "bright_black", "dollar3": "bright_black",
        "expected": "bright_black", "free": "bright_black", "perhaps": "bright_blue",
        "good": "green", "warn": "magenta", "bad": "red", "over1": "magenta", "over2": "magenta",
        "cursor": "bright_cyan", "zebra": "default", "warnband": "default", "badband": "default",
    },
}  # fmt: skip
"""The same roles in the sixteen colours that a terminal names itself; words and greys can be read on any background."""

DERIVED: Mapping[str, tuple[str, float]] = {
    "ground": ("background", 1.0), "strong": ("foreground", 1.0), "text": ("foreground", 0.85),
    "muted": ("foreground", 0.65), "faint": ("foreground", 0.5), "edge": ("foreground", 0.2),
    "grid": ("foreground", 0.12), "accent": ("accent", 1.0),
    "neuron1": ("primary", 1.0), "neuron2": ("primary", 0.75), "neuron3": ("primary", 0.55),
    "dollar1": ("foreground", 0.55), "dollar2": ("foreground", 0.42), "dollar3": ("foreground", 0.3),
    "expected": ("foreground", 0.1), "free": ("foreground", 0.12), "perhaps": ("primary", 0.3),
    "good": ("success", 1.0), "warn": ("warning", 1.0), "bad": ("error", 1.0),
    "over1": ("warning", 0.55), "over2": ("warning", 0.3), "cursor": ("primary", 0.2), "zebra": ("foreground", 0.03),
    "warnband": ("warning", 0.15), "badband": ("error", 0.18),
}  # fmt: skip
"""Role → a variable of any Textual theme, and how much of it lies over that theme's background."""

READABLE: Mapping[str, tuple[str, ...]] = {
    "strong": ("ground", "zebra", "cursor", "warnband", "badband"), "text": ("ground", "zebra", "cursor", "badband"),
    "muted": ("ground", "zebra", "cursor"), "faint": ("ground", "zebra"), "accent": ("ground",),
    "good": ("ground", "zebra", "cursor"), "warn": ("ground", "zebra", "cursor", "warnband"),
    "bad": ("ground", "zebra", "cursor", "badband"),
}  # fmt: skip
"""Roles that words are written in → what lies behind them; words on the cursor are never faint."""


def colors_of(theme: str, variables: Mapping[str, str]) -> Mapping[str, str]:
    """Role → colour, as `#rrggbb` or as one of the terminal's own names. `variables` are those of a Textual theme."""
    if theme in HOUSE:
        return HOUSE[theme]
    if theme in ANSI:
        return ANSI[theme]
    ground = _parsed(variables.get("background"), HOUSE["house-dark"]["ground"])
    fallback = HOUSE["house-dark" if ground.brightness < 0.5 else "house-light"]
    found = {
        role: ground.blend(_parsed(variables.get(name), fallback[role]), share, alpha=1)
        for role, (name, share) in DERIVED.items()
    }
    for role, behind in READABLE.items():
        found[role] = readable(found[role], [found[name] for name in behind], CONTRAST)
    return {role: color.hex6.lower() for role, color in found.items()}


def house_themes() -> tuple[Theme, ...]:
    """The house themes for Textual, every role a variable of the stylesheet: `$muted`, `$warnband`."""
    return tuple(theme_of(name, colors, name.endswith("dark")) for name, colors in HOUSE.items())


def stylesheet_roles(theme: Theme) -> dict[str, str]:
    """Role → colour in the stylesheet's words, so that `$muted` exists whatever theme the person chooses."""
    return stylesheet_colors(colors_of(theme.name, theme.to_color_system().generate()))


def stylesheet_colors(colors: Mapping[str, str]) -> dict[str, str]:
    """The same, with the terminal's own names as the stylesheet spells them."""
    return {role: color if color.startswith("#") else f"ansi_{color}" for role, color in colors.items()}


def theme_of(name: str, colors: Mapping[str, str], is_dark: bool) -> Theme:
    """For Textual: its own roles filled from ours, and ours as variables."""
    return Theme(
        name=name,
        primary=colors["neuron1"],
        secondary=colors["dollar1"],
        accent=colors["accent"],
        foreground=colors["text"],
        background=colors["ground"],
        surface=colors["zebra"],
        panel=colors["cursor"],
        success=colors["good"],
        warning=colors["warn"],
        error=colors["bad"],
        dark=is_dark,
        variables={
            **colors,
            "border": colors["accent"],
            "border-blurred": colors["edge"],
            "block-cursor-background": colors["cursor"],
            "block-cursor-foreground": colors["strong"],
            "block-cursor-text-style": "bold",
            "input-selection-background": colors["cursor"],
            "footer-key-foreground": colors["accent"],
            "scrollbar": colors["edge"],
            "scrollbar-background": colors["ground"],
            "scrollbar-hover": colors["faint"],
            "scrollbar-active": colors["accent"],
        },
    )


def _parsed(text: str | None, fallback: str) -> Color:
    try:
        return Color.parse(text or fallback)
    except ColorParseError:  # such as `auto 87%`, which only the stylesheet understands
        return Color.parse(fallback)
