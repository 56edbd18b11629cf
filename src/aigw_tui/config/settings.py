"""Every setting with its meaning, type, unit and default, and how they are loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, time, tzinfo
from pathlib import Path
from types import MappingProxyType
from typing import Any

from aigw_tui import locations
from aigw_tui.config.kinds import BASE_URL, COMMAND, ENDPOINT, NAMES, PATH, STORE, TEXT, TIME, choice, mapping, number
from aigw_tui.config.resolve import TargetTables, resolve
from aigw_tui.config.setting import Setting, setting
from aigw_tui.config.token import TokenPlace
from aigw_tui.config.zones import ZONE
from aigw_tui.errors import LocalError
from aigw_tui.model.counter import FIELDS
from aigw_tui.secret import Secret

DEMO_INTERVAL_S = 10.0
"""The built-in account costs nothing to ask, so it is asked more often."""


@dataclass(frozen=True, slots=True)
class Account:
    """What holds for one account: its own table over the top level."""

    id: str
    plan: str
    neuron_limit: int
    cost_limit_day: float | None
    cost_limit_month: float | None
    token_place: TokenPlace | None = field(repr=False)
    label: str = ""
    """A name for people; empty: Cloudflare's own."""
    gateway_token_place: TokenPlace | None = field(default=None, repr=False)
    quota_url: str | None = field(default=None, repr=False)
    quota_fields: Mapping[str, str] = field(default_factory=dict)
    quota_tolerance: float = 0.1
    quota_delay: float = 40.0
    """Minutes."""
    quota_token_place: TokenPlace | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Every setting, typed and checked. Made by `load`."""

    account: tuple[str, ...] = field(
        default=(),
        metadata=setting(
            NAMES,
            variables=("CLOUDFLARE_ACCOUNT_ID", "AIGW_ACCOUNT", "ACCOUNT_ID", "CF_ACCOUNT_ID"),
            in_dotenv=True,
            of_account=True,
        ),
    )
    """Account ids to watch; by default those with a table of their own in config.toml, else all that the token sees."""
    gateway: tuple[str, ...] = field(
        default=(),
        metadata=setting(
            NAMES, variables=("AI_GATEWAY_ID", "AIGW_GATEWAY", "GATEWAY_NAME"), in_dotenv=True, of_account=True
        ),
    )
    """Gateways to show; by default all."""
    interval: float = field(default=60.0, metadata=setting(number(10, 86_400), "seconds"))
    """Time between two questions to Cloudflare; 10 for the built-in account unless it is set."""
    store: Path | Secret | None = field(default=None, metadata=setting(STORE, of_account=True))
    """The SQLite file that keeps history; by default one in the data folder. The built-in account's is in memory."""
    theme: str | None = field(default=None, metadata=setting(TEXT))
    """Name of the colours: `house-dark`, the default, `house-light`, `contrast-dark`, `contrast-light`, or any of
    Textual's own."""
    colors: str = field(default="auto", metadata=setting(choice("auto", "24-bit", "256", "16", "none")))
    """How many colours the terminal has; by default as `COLORTERM` and `TERM` say. Sixteen show `ansi` themes alone."""
    tz: tzinfo = field(default=UTC, metadata=setting(ZONE))
    """Time zone of the clock in the top line, such as `Europe/Berlin`; all other times, and the days, stay UTC."""
    plan: str = field(default="free", metadata=setting(choice("free", "paid"), per_account=True))
    """The Workers plan: what going over the neuron limit means (refused, or paid for)."""
    neuron_limit: int = field(
        default=10_000, metadata=setting(number(1, 10**12, whole=True), "neurons a UTC day", per_account=True)
    )
    """The daily allowance of Workers AI."""
    cost_limit_day: float | None = field(
        default=None, metadata=setting(number(0.01, 10**9), "USD a UTC day", per_account=True)
    )
    """What a day may cost; by default there is no limit."""
    cost_limit_month: float | None = field(
        default=None, metadata=setting(number(0.01, 10**9), "USD a UTC month", per_account=True)
    )
    """What a month may cost; by default there is no limit."""
    report_at: time | None = field(default=None, metadata=setting(TIME, "UTC"))
    """When the monitor, or `collect`, sends yesterday's report to `report_to`; by default never."""
    report_to: tuple[str, ...] = field(default=(), metadata=setting(NAMES))
    """Names of targets that get the daily report."""
    metadata_keys: tuple[str, ...] = field(default=(), metadata=setting(NAMES))
    """Keys of your requests' metadata that tell who sent them, such as `team`; the panel Metadata shows each."""
    token_command: tuple[str, ...] | None = field(
        default=None, metadata=setting(COMMAND, per_account=True, of_account=True)
    )
    """A program that prints the API token within 10 seconds; run without a shell, and again when a token is refused."""
    token_file: Path | None = field(default=None, metadata=setting(PATH, per_account=True, of_account=True))
    """A file with nothing but the API token, which only its owner may read (mode 0600)."""
    gateway_token_command: tuple[str, ...] | None = field(
        default=None, metadata=setting(COMMAND, per_account=True, of_account=True)
    )
    """A program that prints, within 10 seconds, the token that authenticated gateways want; only `probe` sends it."""
    quota_url: str | None = field(
        default=None, repr=False, metadata=setting(ENDPOINT, per_account=True, of_account=True)
    )
    """Where your Worker says how many neurons it has counted today; `compare` puts that beside Cloudflare's count."""
    quota_token_command: tuple[str, ...] | None = field(
        default=None, metadata=setting(COMMAND, per_account=True, of_account=True)
    )
    """A program that prints, within 10 seconds, the token that your Worker wants; it goes to `quota_url` alone."""
    quota_fields: Mapping[str, str] = field(
        default_factory=dict, metadata=setting(mapping(*FIELDS), per_account=True, of_account=True)
    )
    """Other names in that Worker's answer, such as `neuronsUsed = "usage.neurons"`; dots lead deeper."""
    quota_tolerance: float = field(default=0.1, metadata=setting(number(0, 1), "share", per_account=True))
    """How far the two counts may lie apart and still agree."""
    quota_delay: float = field(default=40.0, metadata=setting(number(0, 1_440), "minutes", per_account=True))
    """How much of the present `compare` leaves out, because neurons arrive late."""
    base_url: str = field(
        default="https://api.cloudflare.com/client/v4",
        metadata=setting(BASE_URL, variables=("CLOUDFLARE_API_BASE_URL", "AIGW_BASE_URL"), of_account=True),
    )
    """The API to ask; https, or http on loopback."""

    accounts: tuple[Account, ...] = ()
    """Those with a table of their own in config.toml; see `for_account`."""
    token_place: TokenPlace | None = field(default=None, repr=False)
    """Where the API token is; None: nowhere. See `token`."""
    gateway_token_place: TokenPlace | None = field(default=None, repr=False)
    quota_token_place: TokenPlace | None = field(default=None, repr=False)
    sources: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Key → where its value came from: `--interval`, `AIGW_INTERVAL`, `…/config.toml (interval)`, `default`."""
    target_tables: TargetTables | None = field(default=None, repr=False)
    """`[target]` as it stands in config.toml, not looked at yet; none for the built-in account. See `load_targets`."""
    path: Path = Path("config.toml")
    """The file that was read, or that would be."""
    later: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """What that file says for other parts of the program, such as `alert`, as it stands there."""
    is_demo: bool = False
    """It is the built-in account that is watched."""

    def token(self, account: str = "") -> Secret | None:
        """The API token as it is now, read again at each call; None when there is none. Raises ConfigError.

        May block for 10 s while a command runs, so ask in a thread.
        """
        place = self.for_account(account).token_place
        return place.read() if place else None

    def gateway_token(self, account: str = "") -> Secret | None:
        """What authenticated gateways want, read now as `token` is; None when no program is named for it."""
        place = self.for_account(account).gateway_token_place
        return place.read() if place else None

    def quota_token(self, account: str = "") -> Secret | None:
        """What the Worker at that account's `quota_url` wants, read now; None when no program is named for it."""
        place = self.for_account(account).quota_token_place
        return place.read() if place else None

    @property
    def has_token(self) -> bool:
        """There is a place for the token of an account at least; whether it holds one shows when it is read."""
        return any((self.token_place, *(one.token_place for one in self.accounts)))

    def for_account(self, account: str) -> Account:
        """The limits, label and token of that account; the top level's for one without a table."""
        for found in self.accounts:
            if found.id == account:
                return found
        return Account(account, **{name: getattr(self, name) for name in PER_ACCOUNT})


PER_ACCOUNT = tuple(
    item.name for item in fields(Account) if item.name in {own.name for own in fields(Config)} - {"label"}
)
"""What an account has of the top level where its own table does not say otherwise."""


def settings() -> Mapping[str, Setting]:
    """Every key with what is declared of it, in order."""
    return {item.name: item.metadata["setting"] for item in fields(Config) if "setting" in item.metadata}


def load(
    flags: Mapping[str, object], environ: Mapping[str, str], folder: Path | None = None, demo: bool = False
) -> Config:
    """The configuration: flags over environment over config.toml over `.env` over defaults.

    `flags` are keys (also `config` and `token_file`) with what was written for them; `.env` is read in `folder`, by
    default the current one. For the built-in account (`demo`) nothing is taken that says whose figures to read,
    except from flags. Raises ConfigError: one line that names the place, the key and what is allowed.
    """
    found = resolve(settings(), flags, environ, folder or Path(), demo)
    values, sources = found.values, found.sources
    if demo:
        values.setdefault("interval", DEMO_INTERVAL_S)
    elif "store" not in values:
        try:
            values["store"] = locations.history_file()
        except LocalError as error:
            sources["store"] = f"memory: {error.why}"
    config = Config(
        **values,
        token_place=found.token_place,
        gateway_token_place=found.gateway_token_place,
        quota_token_place=found.quota_token_place,
        sources=MappingProxyType(sources),
        target_tables=found.target_tables,
        path=found.path,
        later=found.later,
        is_demo=demo,
    )
    accounts = tuple(replace(config.for_account(id_), **own) for id_, own in found.accounts.items())
    return replace(config, accounts=accounts)
