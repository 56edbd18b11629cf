"""Questions put into one GraphQL document: names of fields in the text, every value in a variable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from aigw_tui.cloudflare.selection import Selection
from aigw_tui.format import iso
from aigw_tui.model import Window
from aigw_tui.source import Question

ROWS, TOTALS = "rows", "totals"


@dataclass(frozen=True, slots=True)
class Ask:
    """A question with the part of its dataset that may be asked."""

    question: Question
    selection: Selection


def aliases(n: int, question: Question) -> tuple[str, ...]:
    """What the n-th question is answered under: its rows, where it wants them, and its hourly totals."""
    return (f"{TOTALS}{n}",) if question.only_totals else (f"{ROWS}{n}", f"{TOTALS}{n}")


def encode(document: str, variables: dict[str, str | int]) -> bytes:
    """The body of the POST."""
    return msgspec.json.encode({"query": document, "variables": variables})


def usage(account: str, asks: Sequence[Ask]) -> bytes:
    """One document for all questions: see `aliases`."""
    declared, variables, parts = ["$account: string!"], dict[str, str | int](account=account), []
    for n, ask in enumerate(asks):
        declared.append(f"$since{n}: Time!, $until{n}: Time!, $limit{n}: uint64!")
        variables |= _variables(n, ask.question.window, ask.selection.page)
        if not ask.question.only_totals:
            parts.append(_part(f"{ROWS}{n}", n, ask.selection))
        parts.append(_part(f"{TOTALS}{n}", n, ask.selection.totals))
    return encode(_within_account(", ".join(declared), " ".join(parts)), variables)


def settings(account: str, nodes: Sequence[str]) -> bytes:
    """What the account may ask of each dataset."""
    wanted = "enabled availableFields maxDuration notOlderThan maxPageSize maxNumberOfFields"
    parts = " ".join(f"{node} {{ {wanted} }}" for node in nodes)
    return encode(_within_account("$account: string!", f"settings {{ {parts} }}"), {"account": account})


def introspection(nodes: Sequence[str]) -> bytes:
    """The fields of each dataset's type, as `type<n>`, two levels deep.

    A type is named after its dataset, and stands in the text because `__type` refuses a `string!` variable
    (cloudflare-api, 1). Names come from the declarations.
    """
    inner = "name fields { name } ofType { name fields { name } ofType { name fields { name } } }"
    parts = (
        f'type{n}: __type(name: "Account{node[0].upper()}{node[1:]}") {{ fields {{ name type {{ {inner} }} }} }}'
        for n, node in enumerate(nodes)
    )
    return encode(f"query {{ {' '.join(parts)} }}", {})


def _within_account(declared: str, parts: str) -> str:
    return f"query ({declared}) {{ viewer {{ accounts(filter: {{accountTag: $account}}) {{ {parts} }} }} }}"


def _variables(n: int, window: Window, limit: int) -> dict[str, str | int]:
    return {f"since{n}": iso(window.since), f"until{n}": iso(window.until), f"limit{n}": limit}


def _part(alias: str, n: int, selection: Selection) -> str:
    groups: dict[str, list[str]] = {}
    for field in selection.fields:
        group, _, leaf = field.rpartition(".")
        groups.setdefault(group, []).append(leaf)
    bare = groups.pop("", [])
    fields = " ".join((*bare, *(f"{group} {{ {' '.join(leaves)} }}" for group, leaves in groups.items())))
    return (
        f"{alias}: {selection.dataset.node}(limit: $limit{n}, "
        f"filter: {{datetime_geq: $since{n}, datetime_lt: $until{n}}}, "
        f"orderBy: [{selection.dataset.bucket_dimension}_ASC]) {{ {fields} }}"
    )
