"""The first screen without a token: the built-in account, setting up, or where a token comes from."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from aigw_tui.insight.permissions import PERMISSIONS
from aigw_tui.tui.house import House
from aigw_tui.tui.lines import Line, Span, gap
from aigw_tui.tui.screens.pages import Page

DEMO, SETUP = "demo", "setup"
"""What the welcome returns: what the person wants next."""


class Welcome(Page):
    """d opens the built-in account, s sets up; q leaves."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d,enter", "demo", "open the built-in account", id="welcome.demo"),
        Binding("s", "setup", "set up", id="welcome.setup"),
        Binding("q,ctrl+c", "app.quit", "quit", id="welcome.quit"),
    ]

    def lines(self, width: int) -> Sequence[Line]:
        return welcome_lines(width)

    def action_demo(self) -> None:
        self.app.exit(DEMO)

    def action_setup(self) -> None:
        self.app.exit(SETUP)


class FirstRun(House):
    """The welcome alone, before there is anything to watch."""

    CSS_PATH = "../app.tcss"

    def on_mount(self) -> None:
        super().on_mount()
        self.push_screen(Welcome())


def welcome_lines(width: int) -> tuple[Line, ...]:
    """At most `width` cells wide."""

    def words(text: str, role: str = "text") -> list[Line]:
        return [(Span(part, role),) for part in textwrap.wrap(text, max(width, 12))]

    def key(letter: str, text: str) -> list[Line]:
        first, *more = textwrap.wrap(text, max(width - 3, 12))
        return [
            (Span(f"{letter}  ", "accent", bold=True), Span(first, "text")),
            *((gap(3), Span(part, "text")) for part in more),
        ]

    return (
        (Span("aigw-tui", "strong", bold=True),),
        *words("watches Cloudflare AI Gateway and Workers AI", "muted"),
        (),
        *words("There is no API token yet, so there is nothing to watch.", "warn"),
        (),
        *key("d", "look around first: a built-in account, no token, no network"),
        *key("s", "set up: paste a token; it is checked, and kept in a file that only you can read"),
        *key("q", "quit"),
        (),
        (Span("Or by hand", "strong", bold=True),),
        *words("1  In Cloudflare's dashboard open My Profile, API Tokens, Create Token, Custom token."),
        *words("2  Give it these permissions for your account:"),
        *((gap(5), Span(permission, "neuron1")) for permission in PERMISSIONS),
        *words("3  Start aigw-tui with it in the environment, or in a .env file beside you:"),
        (gap(5), Span("CLOUDFLARE_API_TOKEN=…", "neuron1")),
        (gap(5), Span("CLOUDFLARE_ACCOUNT_ID=…", "neuron1")),
        *words("The second is needed when the token sees several accounts.", "muted"),
    )
