"""Which account and which gateway it shall be: as the words say, as a person chooses, or the only one there is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from aigw_tui.arrival.dialogue import Dialogue
from aigw_tui.errors import ConfigError
from aigw_tui.format import did_you_mean
from aigw_tui.model import Gateway

ACCOUNT_ID = re.compile(r"[0-9a-f]{32}")
GATEWAY_ID = re.compile(r"[a-z0-9_]+(?:-[a-z0-9_]+)*")
"""The names that Cloudflare allows; at most 64 characters."""
LONGEST_ID = 64


def account(words: Sequence[str], listed: Mapping[str, str], talk: Dialogue) -> str:
    """An id. `words`: ids or names that were given; the first counts here. Raises ConfigError."""
    if words:
        return _named(words[0], listed)
    if len(listed) == 1:
        (only,) = listed
        talk.tell(f"The account is {listed[only]} ({only}).")
        return only
    if not talk.can_ask:
        why = f"the token sees {len(listed)} accounts" if listed else "the token lists no account"
        raise ConfigError(why, "add --account ID" + (f": {', '.join(listed)}" if listed else ""))
    if listed:
        ids = list(listed)
        return ids[talk.choose("Accounts that the token sees", [f"{listed[one]}  {one}" for one in ids]) or 0]
    talk.tell("The token lists no account. Its id stands in the address of the dashboard: dash.cloudflare.com/<id>.")
    return _named(talk.ask("Account id:"), {})


def gateway(words: Sequence[str], found: Sequence[Gateway] | None, talk: Dialogue) -> Gateway | None:
    """None: all of them shall be watched. `found`: None where they cannot be listed. Raises ConfigError."""
    if words:
        if found is None:
            return Gateway(words[0])
        for one in found:
            if one.id == words[0]:
                return one
        names = [one.id for one in found]
        otherwise = f"use one of {', '.join(names)}" if names else f"--create-gateway {words[0]} makes it"
        raise ConfigError(f"there is no gateway {words[0]}", did_you_mean(words[0], names, otherwise))
    if not found or not talk.can_ask or len(found) == 1:
        return None
    place = talk.choose("Gateways to watch", [one.id for one in found], "all of them")
    return None if place is None else found[place]


def check_new(name: str, found: Sequence[Gateway] | None) -> None:
    """Raises ConfigError for a name that Cloudflare would refuse, or that is taken."""
    if len(name) > LONGEST_ID or not GATEWAY_ID.fullmatch(name):
        raise ConfigError(
            f"--create-gateway: {name} is no name of a gateway",
            f"use a-z, 0-9, _ and - between them, at most {LONGEST_ID}",
        )
    if any(one.id == name for one in found or ()):
        raise ConfigError(f"there already is a gateway {name}", f"use --gateway {name}")


def _named(word: str, listed: Mapping[str, str]) -> str:
    found = next((one for one, name in listed.items() if word in (one, name)), None)
    if found or ACCOUNT_ID.fullmatch(word):
        return found or word
    names = [*listed, *listed.values()]
    raise ConfigError(f"there is no account {word}", did_you_mean(word, names, "use its id: 32 digits and letters a-f"))
