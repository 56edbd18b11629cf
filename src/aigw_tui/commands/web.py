"""`aigw-tui web`: the monitor in a browser."""

from __future__ import annotations

import argparse
import signal
import sys
from urllib.parse import urlsplit

from aigw_tui.errors import ConfigError
from aigw_tui.words import check_port, config_of, scope_of, spelled

HELP = "the monitor in a browser, on this machine unless told otherwise"
EPILOG = """examples:
  aigw-tui web                           http://127.0.0.1:8000, until ctrl-c
  aigw-tui web --demo --port 0           the built-in account, on a free port, which is printed
  aigw-tui web --gateway prod --week     all words for scope and time are those of the monitor
  ssh -L 8000:127.0.0.1:8000 server      then http://127.0.0.1:8000 here is the monitor there
  aigw-tui web --host 0.0.0.0            for everybody who reaches this machine

It asks nobody for a password: whoever reaches the port, and on loopback that is every user of this machine, sees the
account and works the monitor. For others put a proxy in front that knows them and speaks https, and tell what it is
called: --public-url https://monitor.example. Each tab has a process of its own, which ends with it. What it needs comes
with pip install 'aigw-tui[web]'."""
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - asked for
"""Addresses that are none to open."""
REMEDY = "pip install 'aigw-tui[web]'"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    where = "127.0.0.1, the default: this machine alone; 0.0.0.0: everybody who reaches it"
    parser.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help=where)
    parser.add_argument(
        "--port", default=8000, type=check_port, metavar="PORT", help="8000, the default; 0: a free one"
    )
    parser.add_argument("--public-url", type=_origin, metavar="URL", help="what a proxy in front is called")


def run(args: argparse.Namespace) -> int:
    """Serve until SIGTERM (0) or SIGINT (130). Raises ConfigError, LocalError for a port in use."""
    from aigw_tui.ending import Ending

    ending = Ending(signal.SIGHUP)
    from datetime import UTC, datetime
    from socket import gethostname

    config = config_of(args)  # what is wrong with it is said here, and not in every tab
    scope_of(args, config, datetime.now(UTC))
    if args.token_file == "-":  # noqa: S105 - no password
        raise ConfigError(
            "--token-file -: tabs cannot share standard input", "name a file, or set CLOUDFLARE_API_TOKEN"
        )
    if not args.demo and not config.has_token:
        raise ConfigError("there is no API token", "set CLOUDFLARE_API_TOKEN, run aigw-tui setup, or add --demo")
    if not args.host:
        raise ConfigError("--host: no address", "use 127.0.0.1, or 0.0.0.0 for everybody")
    try:
        from aigw_tui.web.server import own_names, serve
    except ModuleNotFoundError as error:
        library = (error.name or "more").partition(".")[0]
        raise ConfigError(f"the monitor in a browser needs {library}", REMEDY) from None
    from aigw_tui.outlets import talk
    from aigw_tui.web.doors import Doors, is_loopback

    host = "127.0.0.1" if args.host == "localhost" else args.host  # as two addresses it would have two free ports
    is_open = not is_loopback(host)
    names = own_names() | {host.lower()} if is_open else frozenset()
    command = (sys.executable, "-P", "-m", "aigw_tui", *spelled(args))

    def say(port: int) -> None:
        name = gethostname() if host in EVERYWHERE else f"[{host}]" if ":" in host else host
        if is_open:
            warning = f"anyone who reaches port {port} of {host} sees the account; nothing is encrypted"
            talk.say(f"aigw-tui: warning: {warning}")
        if not args.quiet:
            talk.say("aigw-tui: ctrl-c ends it and every tab")
        print(f"http://{name}:{port}", flush=True)

    title = "aigw-tui, the built-in account" if args.demo else "aigw-tui"
    doors = Doors(is_open, frozenset(names), args.public_url or "")
    return ending.leave(ending.run(serve(command, title, host, args.port, doors, say)))


def _origin(text: str) -> str:
    """Scheme and name of an address, as browsers send it."""
    try:
        parts = urlsplit(text.lower())
        is_fine = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_fine = False
    if not is_fine or parts.path not in ("", "/") or parts.query or parts.username or parts.password:
        raise argparse.ArgumentTypeError("use https:// and a name, and a port where it has its own")
    return f"{parts.scheme}://{parts.netloc}"
