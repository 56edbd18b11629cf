"""The reference of all settings, made from the fields of `Config`: `.env.example`, and a table for the README."""

from __future__ import annotations

import ast
import inspect
import textwrap
from dataclasses import MISSING, fields
from typing import NamedTuple

from aigw_tui.config.resolve import CONFIG_VARIABLE
from aigw_tui.config.setting import Setting
from aigw_tui.config.settings import Config
from aigw_tui.config.token import TOKEN_VARIABLES

EXAMPLES = {
    "account": "0123456789abcdef0123456789abcdef",
    "gateway": "prod",
    "store": "~/ai-usage.sqlite",
    "theme": "house-dark",
    "ascii": "true",
    "ssh": "true",
    "metadata_keys": "team,plan",
    "report_at": "06:00",
    "report_to": "team",
    "cost_limit_day": "5.00",
    "cost_limit_month": "100.00",
    "token_command": "wrangler auth token",
    "token_file": "~/.cloudflare-token",
    "gateway_token_command": "pass show gateway-token",
    "quota_url": "https://worker.example/quota",
    "quota_token_command": "pass show worker-token",
    "quota_fields": "neuronsUsed=used,date=day",
}
"""What stands in `.env.example` where there is no default."""


class Entry(NamedTuple):
    """One setting, in words."""

    key: str
    setting: Setting
    default: str
    """Empty where there is none."""
    meaning: str
    variables: tuple[str, ...]


def entries() -> tuple[Entry, ...]:
    """Every setting, in the order of `Config`."""
    meanings = _docstrings(Config)
    return tuple(
        Entry(item.name, declared, _shown(item.default), meanings[item.name], declared.names(item.name))
        for item in fields(Config)
        if (declared := item.metadata.get("setting"))
    )


def table() -> str:
    """Markdown: a line a setting."""
    lines = ["| key | type, unit | default | variable | meaning |", "|---|---|---|---|---|"]
    for entry in entries():
        kind = ", ".join(filter(None, (entry.setting.kind.name, entry.setting.unit)))
        variables = ", ".join(f"`{name}`" for name in entry.variables)
        default = f"`{entry.default}`" if entry.default else "–"
        lines.append(f"| `{entry.key}` | {kind} | {default} | {variables} | {entry.meaning} |")
    return "\n".join(lines) + "\n"


def env_example() -> str:
    """The text of `.env.example`: every variable, commented out."""
    token, *older = TOKEN_VARIABLES
    parts = [
        "# Every variable that aigw-tui reads. Copy the lines you need.",
        "",
        "# These may stand in a file called .env in the current folder, or in the environment.",
        "",
        f"# The API token (older name: {', '.join(older)}). Permissions: Account Analytics: Read, AI Gateway: Read,",
        "# Workers AI: Read.",
        f"#{token}=",
    ]
    parts += [_variable(entry) for entry in entries() if entry.setting.in_dotenv]
    parts += [
        "",
        "# These count only in the environment.",
        "",
        "# Another config.toml than the one in the configuration folder. (path)",
        f"#{CONFIG_VARIABLE}=",
        "",
        "# No colours, whatever the value.",
        "#NO_COLOR=1",
        "",
        "# These too, and each can also be a key of config.toml: its name in small letters, without AIGW_.",
    ]
    parts += [_variable(entry) for entry in entries() if not entry.setting.in_dotenv]
    return "\n".join(parts) + "\n"


def _variable(entry: Entry) -> str:
    first, *others = entry.variables
    kind = ", ".join(filter(None, (entry.setting.kind.name, entry.setting.unit)))
    also = f" Also: {', '.join(others)}." if others else ""
    comment = textwrap.fill(
        f"{entry.meaning} ({kind}){also}",
        118,
        initial_indent="# ",
        subsequent_indent="# ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    return f"\n{comment}\n#{first}={entry.default or EXAMPLES[entry.key]}"


def _shown(default: object) -> str:
    if default is None or default is MISSING or default == ():
        return ""
    if isinstance(default, bool):
        return str(default).lower()
    return f"{default:g}" if isinstance(default, float) else str(default)


def _docstrings(kind: type) -> dict[str, str]:
    """Field → the string below it, on one line."""
    (body,) = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    assert isinstance(body, ast.ClassDef)  # noqa: S101 - the source of a class is a class
    found = {}
    for above, below in zip(body.body, body.body[1:], strict=False):
        if isinstance(above, ast.AnnAssign) and isinstance(above.target, ast.Name) and isinstance(below, ast.Expr):
            found[above.target.id] = " ".join(str(ast.literal_eval(below.value)).split())
    return found
