"""Messages and targets for tests, and texts of people who mean no good."""

from __future__ import annotations

from dataclasses import replace

from aigw_tui.model import Message
from aigw_tui.outlets.notify import Target
from aigw_tui.secret import Secret
from wire import NOW

HOOK = "canary-hook-4b1d9e7702"
PASSWORD = "canary password 77aa0c"
FIRED = Message(
    "errors.prod.20261123T140500",
    "warning",
    "errors on prod at 7.2 %",
    NOW,
    "firing",
    ("7.2 % of 1,204 requests failed in the last 15 min.", "Most of them: 429 from workers-ai."),
    (("gateway", "prod"), ("since", "14:05 UTC")),
)

HOSTILE = (
    "\x1b]52;c;aGFjaw==\x07", "\x1b[41mCSI", "\x9b41mC1", "\u202eevil\u202c", "[/]", "[@click=app.quit]x[/]", "[8b]",
    "漢字" * 30, "a\u200db" * 9, "a\u0301\u0302" * 20, "x" * 10_000, "&" * 10_000, "\ud800half", "", " ", "nul\x00byte",
    "\r\nBcc: evil@example.com\r\n\r\nhello", "\x08\x7f", "\x1b\\", "=cmd()", "<!channel>", "<!here|here>", "<@U123>",
    "<https://evil.example|click>", "@everyone", "@HERE", "<@&42>", "[click](https://evil.example)", "**b** `c` ||d||",
    "</td><script>", "|", "{{.Env}}", "%0d%0aX: y", "\u2028line", "9;4;1;50", "\n.\n", "🏳️‍🌈", "\U000e0041",
)  # fmt: skip


def hostile(text: str) -> Message:
    """The same text in every place that may hold one."""
    return Message(text or "id", "critical", text, NOW, "firing", (text, text), ((text, text), ("n", text)))


def at(url: str, kind: str = "webhook", name: str = "team") -> Target:
    """A target with that URL."""
    return Target(name, kind, url=Secret(url))


def numbered(number: int) -> Message:
    """One of many that differ in their ids."""
    return replace(FIRED, id=f"m{number:05}")
