"""`aigw-tui setup`: from nothing to a verified configuration, in one sitting or by flags."""

from __future__ import annotations

import argparse
import re

HELP = "set up: verify a token, choose account and gateway, write the configuration, print the calls"
EPILOG = """examples:
  aigw-tui setup                                       asks for everything
  pass show cf | aigw-tui setup --token-file - --account ID --gateway prod
  aigw-tui setup --print > .env                        writes nothing else; paste the token yourself
  aigw-tui setup --create-gateway prod --cache-ttl 300 makes a gateway; needs AI Gateway: Edit

The token is never an argument: it is asked for without being shown, or read from --token-file, from
CLOUDFLARE_API_TOKEN, or from wherever the configuration leads. stdout has the calls to paste, all talk is on stderr."""
SHORTEST_TTL_S, LONGEST_TTL_S = 60, 30 * 86_400


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--print", action="store_true", help="print a .env (without the token) instead of writing files"
    )
    parser.add_argument("--create-gateway", metavar="NAME", help="make this gateway first, with logs on")
    parser.add_argument("--cache-ttl", type=_ttl, default=0, metavar="SECONDS", help="of the new gateway; 0: no cache")
    parser.add_argument("--yes", action="store_true", help="do not ask before a gateway is made")
    parser.add_argument("--force", action="store_true", help="replace what an existing config.toml says otherwise")
    parser.add_argument(
        "--wait", type=_number, default=60, metavar="SECONDS", help="how long a new token may be unknown (default 60)"
    )


def run(args: argparse.Namespace) -> int:
    """Returns 0; raises AigwError, and KeyboardInterrupt at any prompt, before anything was written."""
    import asyncio

    from aigw_tui.arrival.sitting import Sitting

    with asyncio.Runner() as runner:
        Sitting(args, runner).hold()
    return 0


def _ttl(text: str) -> int:
    seconds = _number(text)
    if seconds and not SHORTEST_TTL_S <= seconds <= LONGEST_TTL_S:
        raise argparse.ArgumentTypeError(f"use 0, or {SHORTEST_TTL_S} to {LONGEST_TTL_S:,} seconds")
    return seconds


def _number(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,7}", text):
        raise argparse.ArgumentTypeError("use a whole number of seconds")
    return int(text)
