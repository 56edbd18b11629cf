"""Where the configuration is, or will be, and the token that the setting up begins with."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import NamedTuple

from aigw_tui import locations
from aigw_tui.arrival.dialogue import TRIES, Dialogue
from aigw_tui.config import Config, load
from aigw_tui.config.resolve import CONFIG_VARIABLE
from aigw_tui.config.token import TokenPlace
from aigw_tui.errors import ConfigError
from aigw_tui.insight.permissions import ACCOUNT_TOKEN, OWN_TOKEN, PERMISSIONS
from aigw_tui.secret import Secret
from aigw_tui.words import FLAGS


class Given(NamedTuple):
    """A token."""

    token: Secret
    is_new: bool
    """The configuration does not lead to it yet."""


def settings(args: argparse.Namespace) -> tuple[Path, Config]:
    """The path of config.toml, which need not exist, and what is set already. Raises ConfigError."""
    named = args.config or os.environ.get(CONFIG_VARIABLE) or ""
    path = Path(named).expanduser() if named else locations.config_file()
    flags = {key: value for key in FLAGS if key != "config" and (value := getattr(args, key)) is not None}
    flags["config"] = str(path) if path.exists() else os.devnull
    return path, load(flags, os.environ, demo=args.demo)


def given(path: Path, config: Config, talk: Dialogue) -> Given:
    """From where the settings lead, else from the person. Raises ConfigError where there is neither."""
    if config.is_demo:
        from aigw_tui.demo.box import TOKEN

        return Given(Secret(TOKEN), is_new=False)
    if found := config.token():
        source = config.sources["token"]
        talk.tell(f"The token is from {source}.")
        return Given(found, is_new=str(path) not in source)
    if not talk.can_ask:
        raise ConfigError(
            "there is no API token, and nobody to ask for it",
            f"make one at {OWN_TOKEN} with {', '.join(PERMISSIONS)}; pass it by --token-file PATH, or - for stdin",
        )
    return asked(talk)


def asked(talk: Dialogue) -> Given:
    """What a person pastes, once it can be a token. Raises ConfigError."""
    talk.tell(
        "Make an API token (Create Token, Custom token) with these permissions for your account:",
        *(f"  {permission}" for permission in PERMISSIONS),
        f"a token of your own:      {OWN_TOKEN}",
        f"a token of the account:   {ACCOUNT_TOKEN}",
    )
    for _ in range(TRIES):
        pasted = talk.secret("Paste the token (it is not shown):")
        try:
            return Given(TokenPlace("what was pasted", pasted.reveal).read(), is_new=True)
        except ConfigError as error:
            talk.tell(f"{error.why} → {error.remedy}")
    raise ConfigError("no token was given", "run aigw-tui setup again")
