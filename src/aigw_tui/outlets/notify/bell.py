"""The terminal itself: a bell, and the notification that OSC 9 asks for."""

from __future__ import annotations

from aigw_tui.format import clean
from aigw_tui.model import Message
from aigw_tui.outlets.notify.wording import headline

BELL = b"\x07"
LONGEST = 200


def bell(message: Message) -> bytes:
    """What to write to a terminal; one that does not know OSC 9 ignores it."""
    # The name stands first because a text that begins with "4;" would set a progress bar in some terminals.
    text = clean(f"aigw-tui: {headline(message)}", LONGEST)
    return BELL + b"\x1b]9;" + text.encode("utf-8") + b"\x1b\\"
