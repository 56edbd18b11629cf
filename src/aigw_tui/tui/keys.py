"""The keys of the monitor itself: what each does, and which of them the bottom line names."""

from __future__ import annotations

from textual.binding import Binding

BINDINGS: tuple[Binding, ...] = (
    Binding("escape", "wider", "back", id="scope.back", tooltip="Undo the last narrowing, filter or zoom"),
    Binding("slash", "filter", "filter", key_display="/", id="scope.filter", tooltip="Models by regex; ! inverts"),
    Binding("w", "window", "window", id="scope.window", tooltip="Today, 24 h, 7 d, 30 d, 90 d, all"),
    Binding("m", "measure", "measure", id="view.measure", tooltip="What the chart shows"),
    Binding("p", "pause", "pause", id="view.pause", tooltip="Freeze the screen; fetching goes on"),
    Binding("r", "refresh", "refresh", id="view.refresh", tooltip="Ask Cloudflare now"),
    Binding("z", "zoom", "zoom", id="view.zoom", tooltip="Give the focused panel the whole screen"),
    Binding("l", "requests", "requests", id="panel.requests", tooltip="The request logs of this selection"),
    Binding("tab", "app.focus_next", "next panel", show=False, id="panel.next"),
    Binding("shift+tab", "app.focus_previous", "previous panel", show=False, id="panel.previous"),
    *(Binding(str(n), f"panel('{n}')", f"panel {n}", show=False, id=f"panel.{n}") for n in range(1, 10)),
    Binding("e", "export", "export", id="view.export", tooltip="The panel as csv, json or markdown, the screen as svg"),
    Binding("question_mark,h", "help", "help", key_display="?", id="app.help", tooltip="All keys and panels"),
    Binding(
        "Q", "quit_keeping", "quit and keep", id="app.quit_keeping", tooltip="Leave the last screen in the scrollback"
    ),
    Binding("q,ctrl+c", "quit", "quit", id="app.quit", priority=False, tooltip="Leave"),
)

KEYS = (
    ("enter", "narrow"),
    ("esc", "back"),
    ("/", "filter"),
    ("w", "window"),
    ("m", "measure"),
    ("p", "pause"),
    ("z", "zoom"),
    ("l", "requests"),
    ("?", "help"),
    ("q", "quit"),
)
"""What the bottom line may name, the most useful first; the last two always."""
