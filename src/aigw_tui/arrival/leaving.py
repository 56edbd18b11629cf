"""What the setting up leaves behind, decided before it is written: config.toml and, beside it, the token's file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from aigw_tui.arrival.dialogue import Dialogue
from aigw_tui.config.writing import Written, fresh, merged, replaced, write_private
from aigw_tui.errors import ConfigError, LocalError
from aigw_tui.secret import Secret

TOKEN_FILE = "token"  # noqa: S105 - a file's name


@dataclass(frozen=True, slots=True)
class Plan:
    """Two files; nothing is touched before `carry_out`."""

    path: Path
    text: str
    token: Secret | None = field(repr=False)
    """None: the configuration leads to it already."""
    is_set_aside: bool = False
    """What is there now is kept under another name."""

    @property
    def token_path(self) -> Path:
        return self.path.with_name(TOKEN_FILE)

    def carry_out(self) -> list[Path]:
        """Returns what was written. Raises LocalError."""
        written = []
        if self.is_set_aside:
            _set_aside(self.path)
        if self.token is not None:
            write_private(self.token_path, self.token.reveal() + "\n")
            written.append(self.token_path)
        write_private(self.path, self.text)
        return [*written, self.path]


def plan(path: Path, wanted: Mapping[str, Written], token: Secret | None, talk: Dialogue, force: bool) -> Plan:
    """Raises ConfigError where a file that is there says something else, unless it may be replaced."""
    if token is not None:
        wanted = {**wanted, "token_file": TOKEN_FILE}
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        return Plan(path, fresh(wanted), token)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot read {path}: {error}", "check it, or name another: --config PATH") from None
    lines = "; ".join(line for line in fresh(wanted).splitlines() if not line.startswith("#"))
    try:
        found = merged(text, wanted)
        changed = list(replaced(text, wanted))
    except ConfigError as error:
        if force:
            return Plan(path, fresh(wanted), token, is_set_aside=True)
        raise ConfigError(
            f"{path}: {error.why}", f"write it yourself: {lines}; or --force sets the old file aside"
        ) from None
    if token is not None and replaced(text, {"token_command": ""}):
        if not force:
            raise ConfigError(
                f"{path}: token_command counts before the token's file",
                "remove that line, or --force sets the old file aside",
            )
        return Plan(path, fresh(wanted), token, is_set_aside=True)
    if changed and not force:
        question = f"{path} has another {' and '.join(changed)}. Replace?"
        if not talk.can_ask or not talk.agrees(question):
            raise ConfigError(f"{path} has another {' and '.join(changed)}", "--force replaces those lines")
    return Plan(path, found, token)


def _set_aside(path: Path) -> None:
    number = 1
    while (aside := path.with_name(f"{path.name}.old-{number}")).exists():
        number += 1
    try:
        path.rename(aside)
    except OSError as error:
        raise LocalError(f"cannot set {path} aside: {error.strerror}") from error
