"""`aigw-tui demo`: the built-in account, on the screen or over HTTP."""

from __future__ import annotations

import argparse
import signal
import threading

from aigw_tui.commands import monitor
from aigw_tui.words import check_port

HELP = "watch the built-in account, or serve it over HTTP on loopback"
EPILOG = """examples:
  aigw-tui demo                          the monitor on the built-in account
  aigw-tui demo --serve 8787             the same account as an API; prints what to export
  aigw-tui demo --serve 0 --speed 60     on a free port, an hour a minute"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    monitor.add_arguments(parser)
    parser.add_argument(
        "--serve", type=check_port, metavar="PORT", help="serve it on that port of loopback; 0: a free one"
    )
    parser.set_defaults(demo=True)


def run(args: argparse.Namespace) -> int:
    """The monitor, or a server that runs until SIGINT (130) or SIGTERM (0). Raises LocalError for a port in use."""
    if args.serve is None:
        return monitor.run(args)
    from aigw_tui.clock import SystemClock
    from aigw_tui.demo.box import ACCOUNT_ID, TOKEN, Box
    from aigw_tui.demo.server import Server
    from aigw_tui.words import demo_clock

    clock = demo_clock(args, SystemClock().now())
    box = Box(clock) if args.seed is None else Box(clock, seed=args.seed)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: stop.set())
    with Server(box, args.serve) as server:
        print(invitation(server.url, ACCOUNT_ID, TOKEN), flush=True)
        stop.wait()
    return 0


def invitation(url: str, account: str, token: str) -> str:
    from aigw_tui.demo.box import PREFIX
    from aigw_tui.demo.worker import PATH, WORKER_TOKEN

    """The address, and what to paste into another terminal. The token is no secret: it opens a made-up account."""
    return "\n".join(
        (
            url,
            f"export CLOUDFLARE_API_BASE_URL={url}",
            f"export CLOUDFLARE_ACCOUNT_ID={account}",
            f"export CLOUDFLARE_API_TOKEN={token}",
            f"export AIGW_QUOTA_URL={url.removesuffix(PREFIX)}{PATH}",
            f"export AIGW_QUOTA_TOKEN_COMMAND='printf %s {WORKER_TOKEN}'",
        )
    )
