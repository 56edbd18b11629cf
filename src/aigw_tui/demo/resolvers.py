"""How each field of the schema gets its value: datasets by grouping, everything else from plain dicts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from graphql import GraphQLResolveInfo

from aigw_tui.demo.account import Account
from aigw_tui.demo.catalogue import ACCOUNT_ID
from aigw_tui.demo.filters import FOREVER, Filter, read_filter
from aigw_tui.demo.grouping import rows
from aigw_tui.demo.limits import Limits
from aigw_tui.demo.nodes import NODES
from aigw_tui.demo.refusal import Refusal
from aigw_tui.demo.schema import available_fields, nodes
from aigw_tui.demo.selection import Selection, read_selection


@dataclass(frozen=True, slots=True)
class Asked:
    """What a document is executed against."""

    account: Account
    limits: Limits
    now: datetime


def resolve(source: Any, info: GraphQLResolveInfo[Asked], **arguments: Any) -> Any:
    """The resolver of all fields. Raises Refusal."""
    name = info.field_name
    if name in NODES and info.parent_type.name == "account":
        return _groups(info.context, info, **arguments)
    if name == "metadataValue":
        return source[name][arguments["key"]]
    if name == "confidence":
        count = source["count"]
        interval = {"estimate": count, "lower": count, "upper": count, "sampleSize": count}
        return {"level": arguments.get("level", 0.95), "count": interval}
    if name == "viewer":
        return {}
    if name == "accounts":
        return _accounts(info.context, info, arguments.get("filter") or {})
    return source[name]


def _accounts(asked: Asked, info: GraphQLResolveInfo[Asked], wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A well-formed id that is not this account's is out of the token's reach; a malformed one is nobody's."""
    tags = wanted.get("accountTag_in") or [wanted.get("accountTag", ACCOUNT_ID)]
    if any(tag != ACCOUNT_ID and re.fullmatch("[0-9a-f]{32}", str(tag)) for tag in tags):
        raise Refusal("not authorized for that account", code="authz")
    if ACCOUNT_ID not in tags:
        return []
    return [{"accountTag": ACCOUNT_ID, "settings": _settings(asked, info)}]


def _settings(asked: Asked, info: GraphQLResolveInfo[Asked]) -> dict[str, dict[str, Any]]:
    limits = asked.limits
    return {
        node: {
            "enabled": node not in limits.disabled,
            "availableFields": available_fields(info.schema, node),
            "maxNumberOfFields": limits.fields,
            "maxDuration": int(limits.window.total_seconds()),
            "notOlderThan": int(limits.oldest.total_seconds()),
            "maxPageSize": limits.page,
        }
        for node in nodes(info.schema)
    }


def _groups(
    asked: Asked,
    info: GraphQLResolveInfo[Asked],
    limit: Any = None,
    filter: Mapping[str, Any] | None = None,  # noqa: A002 - the argument's name in the schema
    orderBy: list[str] | None = None,  # noqa: N803 - as above
) -> list[dict[str, Any]]:
    name, limits = info.field_name, asked.limits
    selection = read_selection(info)
    _check_access(limits, name, selection)
    if len(selection.leaves) > limits.fields:
        raise Refusal(f"number of fields can't be more than {limits.fields}")
    if not isinstance(limit, int) or not 0 < limit <= limits.page:
        raise Refusal(f"limit must be positive number and not greater than {limits.page}")
    node, now = NODES[name], asked.now.timestamp()
    found = read_filter(node.columns, filter)
    since, until = _span(limits, found, now)
    facts = (fact for fact in node.facts(asked.account, since, until, now) if found.passes(fact))
    return rows(facts, node, selection, orderBy or (), limit)


def _check_access(limits: Limits, name: str, selection: Selection) -> None:
    if name in limits.denied or name in limits.disabled:
        raise Refusal(f"does not have access to the path '{name.lower()}'")
    for leaf in sorted(selection.leaves):
        if f"{name}.{leaf}" in limits.denied:
            raise Refusal(f"does not have access to the field '{leaf.rpartition('_')[2].lower()}'")


def _span(limits: Limits, found: Filter, now: float) -> tuple[float, float]:
    """The window that the filter asks for; an open beginning is the earliest that may be asked, an open end is now."""
    oldest, widest = limits.oldest.total_seconds(), limits.window.total_seconds()
    since = now - oldest if found.since == -FOREVER else found.since
    until = now if found.until == FOREVER else found.until
    if since < now - oldest:
        raise Refusal(f"cannot request data older than {oldest:.0f}s")
    if until - since > widest:
        raise Refusal(f"query time range is too large: cannot request a time range wider than {widest:.0f}s")
    return since, until
