"""Where the API token comes from, and reading it again each time, so that a rotated token is picked up."""

from __future__ import annotations

import stat
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from aigw_tui.errors import ConfigError
from aigw_tui.secret import Secret

TOKEN_VARIABLES = ("CLOUDFLARE_API_TOKEN", "CF_API_TOKEN")
"""In the environment and in `.env`; the older name counts where the new one is absent."""

COMMAND_LIMIT_S = 10
LONGEST_BYTES = 4_096
"""More than any token; a larger file is not a token file."""


@dataclass(frozen=True, slots=True)
class TokenPlace:
    """One place that holds a token."""

    name: str
    """For a person: `CLOUDFLARE_API_TOKEN`, `token_command of …/config.toml`."""
    text: Callable[[], str]
    """The raw text there, read now. Raises ConfigError."""

    def read(self) -> Secret:
        """The token as it is now; may block (a command: up to 10 s). Raises ConfigError, which never quotes it."""
        text = self.text().strip()
        secret = Secret(text)  # whatever it is, the redactor knows it from here on
        if trouble := _trouble(text):
            raise ConfigError(f"{self.name}: the token {trouble}", "give the bare token, as Cloudflare shows it once")
        return secret


def _trouble(token: str) -> str:
    """What is wrong with a token's text, without quoting it; empty when nothing is."""
    if not token:
        return "is empty"
    if token[0] in "\"'`" or token[-1] in "\"'`":
        return "has quotes around it"
    if token.lower().startswith("bearer"):
        return 'begins with "Bearer", which is added by itself'
    if "\n" in token or "\r" in token:
        return "has more than one line"
    if any(character.isspace() for character in token):
        return "has a space in it"
    if not (token.isascii() and token.isprintable()):
        return "has characters that no token has"
    return ""


def from_variable(name: str, value: str) -> TokenPlace:
    """A variable of the process environment, which cannot change while the program runs."""
    secret = Secret(value)
    return TokenPlace(name, secret.reveal)


def from_file(name: str, path: Path) -> TokenPlace:
    """A file that only its owner may read."""

    def text() -> str:
        try:
            with path.open("rb") as file:
                mode = path.stat().st_mode
                if stat.S_ISREG(mode) and mode & 0o077:
                    raise ConfigError(f"{name}: others may read {path}", f"chmod 600 {path}")
                return _decoded(name, file.read(LONGEST_BYTES + 1))
        except OSError as error:
            raise ConfigError(f"{name}: cannot read {path}: {error.strerror}", "check the path") from error

    return TokenPlace(name, text)


def from_stdin(name: str) -> TokenPlace:
    """Standard input, which can be read only once."""
    known: list[Secret] = []

    def text() -> str:
        if not known:
            if sys.stdin is None or sys.stdin.isatty():
                raise ConfigError(f"{name}: nothing is piped into standard input", "pipe the token in, or name a file")
            known.append(Secret(_decoded(name, sys.stdin.buffer.read(LONGEST_BYTES + 1))))
        return known[0].reveal()

    return TokenPlace(name, text)


def from_command(name: str, words: tuple[str, ...], noun: str = "token") -> TokenPlace:
    """What a program prints, a token unless `noun` says otherwise; never through a shell."""

    def text() -> str:
        import subprocess

        by_hand = f"run {words[0]} by hand to see why"
        try:
            done = subprocess.run(  # noqa: S603 - the person's own command, from their own configuration
                words, stdin=subprocess.DEVNULL, capture_output=True, timeout=COMMAND_LIMIT_S, check=False
            )
        except subprocess.TimeoutExpired:
            raise ConfigError(f"{name}: {words[0]} took longer than {COMMAND_LIMIT_S} s", by_hand) from None
        except OSError as error:
            raise ConfigError(f"{name}: cannot run {words[0]}: {error.strerror}", "check the first word") from error
        if done.returncode != 0:
            # What it printed may hold the token, so it is not shown.
            raise ConfigError(f"{name}: {words[0]} failed with exit code {done.returncode}", by_hand)
        return _decoded(name, done.stdout, noun)

    return TokenPlace(name, text)


def from_dotenv(key: str, read: Callable[[], Mapping[str, str]]) -> TokenPlace:
    """A key of the current folder's `.env`, read again each time by `read`."""
    return TokenPlace(f".env ({key})", lambda: read().get(key, ""))


def _decoded(name: str, raw: bytes, noun: str = "token") -> str:
    if len(raw) > LONGEST_BYTES:
        raise ConfigError(f"{name}: that is too long for a {noun}", f"give nothing but the {noun}")
    try:
        return raw.decode("ascii")
    except UnicodeDecodeError:
        raise ConfigError(
            f"{name}: the {noun} has characters that no {noun} has", f"give nothing but the {noun}"
        ) from None
