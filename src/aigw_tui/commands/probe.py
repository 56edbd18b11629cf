"""`aigw-tui probe`: one request through a gateway, and how long until it can be seen."""

from __future__ import annotations

import argparse
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from aigw_tui.errors import AigwError, ConfigError
from aigw_tui.fatal import say
from aigw_tui.format import age, clean, did_you_mean, duration

if TYPE_CHECKING:
    from aigw_tui.cloudflare.through import Sent
    from aigw_tui.model import LogRow
    from aigw_tui.probing import Finding
    from aigw_tui.reach import Place, Reach

HELP = "send one tiny request through a gateway, and see how long it takes to appear in logs and analytics"
EPILOG = """examples:
  aigw-tui probe --gateway prod                        asks before it sends; costs a fraction of a neuron
  aigw-tui probe --gateway prod --yes --patience 15    does not ask, and waits for up to 15 minutes
  aigw-tui probe --url https://chat.example.workers.dev/ask --data '{"q":"hi"}'
                                                       does your own Worker go through a gateway?
  aigw-tui probe --watch-only 01JD3V6Q2W8Z             sends nothing: has this log id appeared?
  aigw-tui probe --demo --speed 60                     the same with the built-in account, within seconds

It waits for 3 minutes for the log and for 10 minutes for the analytics, then says what it means that nothing came.
The API token goes to Cloudflare's API and, for the request itself, to gateway.ai.cloudflare.com; never to --url."""
TOKENS_IN, TOKENS_OUT = 40, 1
"""What one word with its frame takes at the most, and what it is given."""


class Plan(NamedTuple):
    """What would be sent where."""

    places: tuple[Place, ...]
    model: str = ""
    address: tuple[str, str] = ("", "")
    """Base URL and path of a Worker; empty: a gateway is asked."""
    question: str = ""
    """Empty: nothing is sent."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--url", metavar="URL", help="send it to your own Worker instead: GET, or POST with --data")
    what.add_argument("--watch-only", metavar="ID", help="send nothing; look for the log of that id (cf-aig-log-id)")
    parser.add_argument("--data", metavar="TEXT", help="the body of the POST to --url")
    parser.add_argument("--yes", action="store_true", help="do not ask before sending")
    parser.add_argument("--patience", type=_minutes, metavar="MIN", help="wait so long for both, instead of 3 and 10")


def run(args: argparse.Namespace) -> int:
    """0: the request was seen; 1: it was not, or not for sure; 2: nobody could be asked. Raises AigwError."""
    from aigw_tui.reach import reached

    if args.data is not None and args.url is None:
        raise ConfigError("--data is the body of a request to --url", "add --url")
    if args.demo and args.url is not None:
        raise ConfigError("the built-in account has no Worker of yours", "leave out --url or --demo")
    with reached(args) as reach:
        plan = reach.run(_plan(reach))
        if plan.question and args.yes:
            say(plan.question)
        elif plan.question and not _agrees(plan.question):
            say("nothing was sent")
            return 0
        return reach.run(_probe(reach, plan))


async def _plan(reach: Reach) -> Plan:
    args = reach.args
    address = worker_address(args.url) if args.url is not None else ("", "")
    accounts = tuple(await reach.accounts())
    if len(accounts) > 1:
        raise ConfigError("there are several accounts", "name one with --account")
    places = await reach.places(accounts)
    if args.watch_only is not None:
        return Plan(places)
    if args.url is not None:
        where = clean(address[0] + address[1].partition("?")[0])
        return Plan(
            places, address=address, question=f"sends one request to {where}, which costs what your Worker does"
        )
    if len(places) > 1 and not reach.box:
        raise ConfigError("there are several gateways", f"use --gateway {' or '.join(_names(places[:8]))}")
    place = places[0]
    if place.gateway.is_authenticated and not reach.box:
        from aigw_tui.cloudflare.through import GATEWAY_TOKEN_REMEDY

        if reach.config.for_account(place.account).gateway_token_place is None:
            raise ConfigError(f"{place.gateway.id} is an authenticated gateway", GATEWAY_TOKEN_REMEDY)
    model, neurons = await _model(reach, place.account)
    cost = "an unknown number of neurons" if neurons is None else f"about {neurons:.2g} neurons (~)"
    return Plan(places[:1], model, question=f"sends one word to {model} through {place.gateway.id}; costs {cost}")


def worker_address(url: str) -> tuple[str, str]:
    """(base URL, path with query) of an address that is https, or loopback. Raises ConfigError."""
    from urllib.parse import urlsplit

    from aigw_tui.origin import origin_of

    try:
        parts = urlsplit(url)
        base = f"{parts.scheme}://{parts.netloc}"
        is_good = origin_of(base).is_private and url.isprintable() and " " not in url
    except ValueError:
        is_good = False
    if not is_good:
        raise ConfigError("--url is no https:// address", "give the Worker's own, without user and password in it")
    return base, (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


async def _model(reach: Reach, account: str) -> tuple[str, float | None]:
    """The one that the words name, else the cheapest that writes text; with its cost in neurons."""
    from aigw_tui.insight import prices

    with suppress(AigwError):  # those that came with the program will do
        prices.prefer(await reach.client(account).prices(account))
    if words := reach.args.model:
        if len(words) > 1 or not prices.PLAIN_NAME.fullmatch(words[0]):
            near = did_you_mean(words[0], prices.shipped(), "name one of Workers AI, such as @cf/meta/…")
            raise ConfigError("--model is not the name of one model of Workers AI", near)
        return words[0], prices.neurons(words[0], TOKENS_IN, TOKENS_OUT)
    found = prices.cheapest_text_model(TOKENS_IN, TOKENS_OUT)
    if found is None:
        raise ConfigError("no price of a model is known", "name one with --model")
    return found


def _agrees(question: str) -> bool:
    """Asks on the terminal. Raises ConfigError where there is none."""
    if sys.stdin is None or sys.stderr is None or not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise ConfigError(f"probe {question}, and nobody can be asked", "add --yes")
    sys.stderr.write(f"probe {clean(question, 500)}. Send it? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


async def _probe(reach: Reach, plan: Plan) -> int:
    from aigw_tui.cloudflare.logs import Logs
    from aigw_tui.probing import ANALYTICS_S, LOGS_S, Finding, Trace, Watcher, verdict

    account, patience = plan.places[0].account, reach.args.patience
    began = reach.clock.monotonic()
    sent = await _send(reach, plan)
    if sent:
        trace = Trace(tuple(_names(plan.places)), sent.window, sent.log, plan.model)
    else:
        trace = Trace(tuple(_names(plan.places)), None, str(reach.args.watch_only))
    watcher = Watcher(
        reach.client(account),
        Logs(reach.transport(account), reach.clock, account),
        reach.clock,
        began,
        patience or LOGS_S,
        patience or ANALYTICS_S,
    )
    if not reach.args.quiet:
        say(f"looking for it for up to {age(patience or ANALYTICS_S)}; Ctrl-C ends that")
    found = {place: Finding(place) for place in ("logs", "analytics")}
    async for finding in watcher.findings(trace):
        found[finding.place] = finding
        _line(finding.place, _words(finding, has_sent=sent is not None))
    is_logging = plan.places[0].gateway.collects_logs if len(plan.places) == 1 else None
    is_own = bool(plan.address[0])
    is_proven, words = verdict(found["logs"], found["analytics"], is_logging=is_logging, is_own=is_own)
    _line("verdict", words)
    return 0 if is_proven else 1


async def _send(reach: Reach, plan: Plan) -> Sent | None:
    """Says what became of it; None where nothing is to be sent."""
    if not plan.question:
        return None
    from aigw_tui.cloudflare.through import send_tiny, send_to
    from aigw_tui.transport import Transport

    place, (base, path) = plan.places[0], plan.address
    transport = Transport(base) if base else reach.gateway_transport(place.account, place.gateway)
    try:
        if base:
            data = None if reach.args.data is None else reach.args.data.encode("utf-8", "replace")
            sent = await send_to(transport, reach.clock, path, data)
        else:
            sent = await send_tiny(transport, reach.clock, place.account, place.gateway.id, plan.model)
    finally:
        await transport.close()
    whither = transport.host if base else f"{plan.model} through {place.gateway.id}"
    complaint = f" ({sent.complaint})" if sent.complaint else ""
    log = f", log {sent.log}" if sent.log else ""
    _line("sent", f"{whither}: HTTP {sent.status}{complaint} in {duration(sent.took_ms)}{log}")
    return sent


def _words(finding: Finding, *, has_sent: bool) -> str:
    from aigw_tui.probing import STEP_S

    if finding.after_s is None:
        return f"not seen: {finding.why}" if finding.why else "not seen in time"
    is_old = not has_sent and finding.after_s < STEP_S
    when = "there already" if is_old else f"seen after {age(finding.after_s)}"
    if finding.place == "analytics":
        return f"{when}: {finding.count} request{'s' if finding.count > 1 else ''} of that gateway in these seconds"
    return f"{when}: {_described(finding.row)}" if finding.row else when


def _described(row: LogRow) -> str:
    status = "" if row.status is None else f", HTTP {row.status}"
    return f"{row.gateway}, {row.model}{status}, {row.at:%H:%M:%S} UTC, id {row.id}"


def _names(places: tuple[Place, ...]) -> list[str]:
    return [place.gateway.id for place in places]


def _line(title: str, words: str) -> None:
    print(f"{title:<11}{clean(words, 500)}", flush=True)


def _minutes(text: str) -> float:
    """Seconds."""
    try:
        minutes = float(text)
    except ValueError:
        minutes = 0.0
    if not 0 < minutes <= 24 * 60:
        raise argparse.ArgumentTypeError("use minutes, up to 1440")
    return minutes * 60
