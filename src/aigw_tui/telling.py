"""The monitor in lines of text, for screen readers and for terminals that cannot show a screen."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TextIO

from aigw_tui.errors import ConfigError, LocalError
from aigw_tui.globs import spelled_out
from aigw_tui.model import Fault, Freshness, Scope, Snapshot, hour_of
from aigw_tui.outlets.teller import Told

if TYPE_CHECKING:
    from aigw_tui.collecting import Duty
    from aigw_tui.config import Config
    from aigw_tui.feed import Feed


def run(args: argparse.Namespace, config: Config) -> int:
    """Tell until SIGTERM (0), SIGINT (130), or until nobody reads any more. Raises ConfigError, LocalError."""
    from aigw_tui.ending import Ending

    ending = Ending(signal.SIGHUP)
    from aigw_tui.assembly import feed_of
    from aigw_tui.collecting import duties
    from aigw_tui.ink import be_lenient
    from aigw_tui.words import scope_of

    feed = feed_of(args, config)
    be_lenient(sys.stdout)
    todo = duties(feed, config) if config.target_tables is not None else ()
    code = ending.run(tell(feed, todo, scope_of(args, config, feed.now()), printer(sys.stdout, args.no_color)))
    return ending.leave(code)


async def tell(feed: Feed, todo: Sequence[Duty], scope: Scope, say: Callable[[Told | None], None]) -> int:
    """Says what is new at every look; None: nothing is, now. Closes the feed."""
    from aigw_tui.collecting import follow
    from aigw_tui.outlets.teller import Teller

    teller = Teller()

    def see(snapshot: Snapshot, freshness: Freshness) -> None:
        for told in (*teller.look(snapshot, freshness), None):
            say(told)

    return await follow(feed, todo, lambda: look(feed, scope), see)


def look(feed: Feed, scope: Scope) -> Snapshot:
    """What history holds, with globs spelled out; a name that nothing has is a fault."""
    snapshot = feed.look(scope)
    try:
        narrow = spelled_out(scope, snapshot.views)
    except ConfigError as error:
        fault = Fault("ConfigError", error.what, error.why, error.remedy, hour_of(snapshot.now))
        return replace(snapshot, faults=(*snapshot.faults, fault))
    return snapshot if narrow == scope else feed.look(narrow)


def printer(stream: TextIO | None, no_color: bool) -> Callable[[Told | None], None]:
    """Writes a line a time. What it returns raises BrokenPipeError once nobody reads, LocalError for a full disk."""
    from aigw_tui.ink import colors
    from aigw_tui.outlets.quotatable import INKS, PLAIN
    from aigw_tui.tui.terminal import is_hung_up

    has_color = colors(stream, {**os.environ, "TERM": os.environ.get("TERM") or "dumb"}, no_color)

    def write(told: Told | None) -> None:
        if stream is None or is_hung_up(stream.fileno()):
            raise BrokenPipeError
        if told is None:
            return
        text = f"{INKS[told.role]}{told.text}{PLAIN}" if has_color and told.role else told.text
        try:
            stream.write(f"{text}\n")
            stream.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise LocalError(f"the output cannot be written: {error.strerror}") from error

    return write
