"""A client for any account and its Worker's counter, as configured; the built-in account answers from this process."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from aigw_tui.assembly import DEMO_SERVER, demo_counter, demo_start, worker_counter
from aigw_tui.clock import SystemClock
from aigw_tui.cloudflare.client import Client
from aigw_tui.secret import Secret
from aigw_tui.transport import InProcess, Transport
from aigw_tui.words import demo_clock

if TYPE_CHECKING:
    from collections.abc import Callable

    from aigw_tui.config import Config
    from aigw_tui.model import Clock
    from aigw_tui.source import CounterSource


@dataclass(frozen=True, slots=True)
class Doors:
    """Where to knock. `client` makes a new client for an account's token; "" is the token that stands for all.

    `counter` makes what asks an account's Worker; None where it has none.
    """

    clock: Clock
    client: Callable[[str], Client]
    counter: Callable[[str], CounterSource | None]


def doors(config: Config, args: argparse.Namespace, token: Callable[[str], Secret | None] | None = None) -> Doors:
    """`token`: another one than the configuration's. Raises ConfigError for a bad base URL."""
    clock: Clock = SystemClock()
    if not args.demo:
        read = token or config.token
        return Doors(
            clock,
            lambda account: Client(Transport(config.base_url, partial(read, account)), clock),
            lambda account: worker_counter(config, account, clock),
        )
    from aigw_tui.demo.box import TOKEN, Box

    now = clock.now()
    clock = demo_clock(args, now if args.at else demo_start(now))
    box = Box(clock, seed=1 if args.seed is None else args.seed)
    inner = InProcess(box.answer)
    return Doors(
        clock,
        lambda _: Client(Transport(DEMO_SERVER, Secret(TOKEN), inner=inner), clock),
        lambda _: demo_counter(box, clock).source,
    )
