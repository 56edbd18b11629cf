"""The keys of the monitor itself: what each does, and which of them the bottom line names."""

from __future__ import annotations

from textual.binding import Binding

PALETTE = "Any panel, gateway, provider, model, window, measure or theme by its name"
BINDINGS: tuple[Binding, ...] = (
    Binding("escape", "wider", "back", id="scope.back", tooltip="Undo the last narrowing, filter or zoom"),
    Binding("slash", "filter", "filter", key_display="/", id="scope.filter", tooltip="Models by regex; ! inverts"),
    Binding("w", "window", "window", id="scope.window", tooltip="Today, 24 h, 7 d, 30 d, 90 d, all"),
    Binding("m", "measure", "measure", id="view.measure", tooltip="What the chart and Heat show"),
    Binding(
        "c", "compare", "compare", id="time.compare", tooltip="Against yesterday, last week, the median of 7; or not"
    ),
    Binding("p", "pause", "pause", id="view.pause", tooltip="Freeze the screen; fetching goes on"),
    Binding("r", "refresh", "refresh", id="view.refresh", tooltip="Ask Cloudflare now"),
    Binding("z", "zoom", "zoom", id="view.zoom", tooltip="Give the focused panel the whole screen"),
    Binding(
        "left_square_bracket",
        "travel(-1)",
        "an hour back",
        key_display="[",
        id="time.hour_back",
        tooltip="Replay: the screen as history has it for an hour earlier",
    ),
    Binding(
        "right_square_bracket",
        "travel(1)",
        "an hour on",
        key_display="]",
        id="time.hour_on",
        tooltip="Replay: an hour later; past now it ends",
    ),
    Binding(
        "left_curly_bracket",
        "travel(-24)",
        "a day back",
        key_display="{",
        id="time.day_back",
        tooltip="Replay: a day earlier",
    ),
    Binding(
        "right_curly_bracket",
        "travel(24)",
        "a day on",
        key_display="}",
        id="time.day_on",
        tooltip="Replay: a day later; past now it ends",
    ),
    Binding("t", "present", "back to now", id="time.now", tooltip="End the replay"),
    Binding("M", "mouse", "mouse", show=False, id="app.mouse", tooltip="Mouse on or off; off, text can be selected"),
    Binding(
        "ctrl+l",
        "redraw",
        "redraw",
        show=False,
        id="app.redraw",
        tooltip="Write the whole screen again, where it is spoiled",
    ),
    Binding("l", "requests", "requests", id="panel.requests", tooltip="The request logs of this selection"),
    Binding("tab", "app.focus_next", "next panel", show=False, id="panel.next"),
    Binding("shift+tab", "app.focus_previous", "previous panel", show=False, id="panel.previous"),
    *(Binding(str(n), f"panel('{n}')", f"panel {n}", show=False, id=f"panel.{n}") for n in range(1, 10)),
    Binding("e", "export", "export", id="view.export", tooltip="The panel as csv, json or markdown, the screen as svg"),
    Binding("ctrl+p", "command_palette", "palette", show=False, id="app.palette", tooltip=PALETTE),
    Binding("question_mark,h", "help", "help", key_display="?", id="app.help", tooltip="All keys and panels"),
    Binding(
        "Q", "quit_keeping", "quit and keep", id="app.quit_keeping", tooltip="Leave the last screen in the scrollback"
    ),
    Binding("q,ctrl+c", "quit", "quit", id="app.quit", priority=False, tooltip="Leave"),
)

KEYS = (
    ("row.narrow", "narrow"),
    ("row.silence", "silence"),
    ("scope.back", "back"),
    ("scope.filter", "filter"),
    ("scope.window", "window"),
    ("view.measure", "measure"),
    ("view.pause", "pause"),
    ("view.zoom", "zoom"),
    ("panel.requests", "requests"),
    ("app.help", "help"),
    ("app.quit", "quit"),
)
"""What the bottom line may name, the most useful first; the last two always."""

REPLAY_KEYS = (
    ("time.now", "now"),
    ("time.hour_back time.hour_on", "hour"),
    ("time.day_back time.day_on", "day"),
)
"""What it names before all others in a replay."""
