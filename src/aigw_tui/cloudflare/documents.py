"""Questions put into one GraphQL document: names of fields in the text, every value in a variable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from aigw_tui.cloudflare.selection import COUNT, Selection
from aigw_tui.format import iso
from aigw_tui.model import Window
from aigw_tui.source import Question

ROWS, TOTALS = "rows", "totals"


@dataclass(frozen=True, slots=True)
class Ask:
    """A question with the part of its dataset that may be asked."""

    question: Question
    selection: Selection


def aliases(n: int, ask: Ask) -> tuple[str, ...]:
    """What the n-th question is answered under: its rows, where it wants them, and its hourly totals."""
    return (*row_aliases(n, ask), *(() if ask.question.by is not None else (f"{TOTALS}{n}",)))


def row_aliases(n: int, ask: Ask) -> tuple[str, ...]:
    """`rows0`; where one answer may not have so many fields, `rows0` and `rows0x1`, which are joined by their keys."""
    if ask.question.only_totals:
        return ()
    return tuple(f"{ROWS}{n}x{place}" if place else f"{ROWS}{n}" for place in range(len(ask.selection.parts)))


def encode(document: str, variables: dict[str, Any]) -> bytes:
    """The body of the POST."""
    return msgspec.json.encode({"query": document, "variables": variables})


def usage(account: str, asks: Sequence[Ask]) -> bytes:
    """One document for all questions: see `aliases`."""
    declared, variables, parts = ["$account: string!"], dict[str, Any](account=account), []
    for n, ask in enumerate(asks):
        declared.append(f"$since{n}: Time!, $until{n}: Time!, $limit{n}: uint64!")
        variables |= _variables(n, ask.question.window, ask.selection.page)
        filters, own, values = _filters(n, ask)
        declared += own
        variables |= values
        for alias, part in zip(row_aliases(n, ask), ask.selection.parts, strict=False):
            parts.append(_part(alias, n, part, filters, with_interval=ask.question.by == ()))
        if ask.question.by is None:
            parts.append(_part(f"{TOTALS}{n}", n, ask.selection.totals, filters, with_interval=True))
    return encode(_within_account(", ".join(declared), " ".join(parts)), variables)


def settings(account: str, nodes: Sequence[str], *, with_types: bool = False) -> bytes:
    """What the account may ask of each dataset; `with_types`: and what their types are, see `introspection`."""
    wanted = "enabled availableFields maxDuration notOlderThan maxPageSize maxNumberOfFields"
    parts = " ".join(f"{node} {{ {wanted} }}" for node in nodes)
    beside = f" {_types(nodes)}" if with_types else ""
    return encode(_within_account("$account: string!", f"settings {{ {parts} }}", beside), {"account": account})


def introspection(nodes: Sequence[str]) -> bytes:
    """The fields of each dataset's type, as `type<n>`, two levels deep.

    A type is named after its dataset, and stands in the text because `__type` refuses a `string!` variable
    (cloudflare-api, 1). Names come from the declarations.
    """
    return encode(f"query {{ {_types(nodes)} }}", {})


def _types(nodes: Sequence[str]) -> str:
    inner = "name fields { name } ofType { name fields { name } ofType { name fields { name } } }"
    return " ".join(
        f'type{n}: __type(name: "Account{node[0].upper()}{node[1:]}") {{ fields {{ name type {{ {inner} }} }} }}'
        for n, node in enumerate(nodes)
    )


def _within_account(declared: str, parts: str, beside: str = "") -> str:
    return f"query ({declared}) {{ viewer {{ accounts(filter: {{accountTag: $account}}) {{ {parts} }} }}{beside} }}"


def _variables(n: int, window: Window, limit: int) -> dict[str, str | int]:
    return {f"since{n}": iso(window.since), f"until{n}": iso(window.until), f"limit{n}": limit}


def _filters(n: int, ask: Ask) -> tuple[str, list[str], dict[str, Any]]:
    """The conditions of a question with the declarations and values of their variables."""
    time = ask.selection.dataset.time_filter
    text = f"{time}_geq: $since{n}, {time}_lt: $until{n}"
    declared: list[str] = []
    values: dict[str, Any] = {}
    dimensions = {key.name: key.dimension for key in ask.question.dataset.keys}
    for place, (key, allowed) in enumerate(ask.question.where):
        text += f", {dimensions[key]}_in: $where{n}x{place}"
        declared.append(f"$where{n}x{place}: [string!]")
        values[f"where{n}x{place}"] = list(allowed)
    if any(key.argument for key in ask.selection.keys):
        declared.append(f"$argument{n}: string!")
        values[f"argument{n}"] = ask.question.argument
    return text, declared, values


def _part(alias: str, n: int, selection: Selection, filters: str, *, with_interval: bool) -> str:
    arguments = {key.dimension: key for key in selection.keys if key.argument}
    groups: dict[str, list[str]] = {}
    for field in selection.fields:
        group, _, leaf = field.rpartition(".")
        key = arguments.get(leaf) if group == "dimensions" else None
        groups.setdefault(group, []).append(f"{key.alias}: {leaf}({key.argument}: $argument{n})" if key else leaf)
    bare = groups.pop("", [])
    if with_interval and selection.has_confidence:
        bare.append("confidence(level: 0.95) { count { lower upper } }")
    fields = " ".join((*bare, *(f"{group} {{ {' '.join(leaves)} }}" for group, leaves in groups.items())))
    bucket = selection.dataset.bucket_dimension
    order = f", orderBy: [{bucket}_ASC]" if bucket else ", orderBy: [count_DESC]" if COUNT in selection.fields else ""
    return f"{alias}: {selection.dataset.node}(limit: $limit{n}, filter: {{{filters}}}{order}) {{ {fields} }}"
