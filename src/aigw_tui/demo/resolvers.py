"""How each field of the schema gets its value: datasets by grouping, everything else from plain dicts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from graphql import GraphQLResolveInfo

from aigw_tui.demo.account import Account
from aigw_tui.demo.asked import Asked
from aigw_tui.demo.facts import Stretch
from aigw_tui.demo.filters import FOREVER, Filter, read_filter
from aigw_tui.demo.grouping import rows
from aigw_tui.demo.limits import Limits
from aigw_tui.demo.nodes import NODES
from aigw_tui.demo.refusal import Refusal
from aigw_tui.demo.sampling import WHOLE, Sample
from aigw_tui.demo.schema import available_fields, nodes
from aigw_tui.demo.selection import Selection, read_selection

MOST_ACCOUNTS = 1
"""Of one query, as documented; the words of its refusal are a guess."""


def resolve(source: Any, info: GraphQLResolveInfo[Asked], **arguments: Any) -> Any:
    """The resolver of all fields. Raises Refusal."""
    name = info.field_name
    if name in NODES and info.parent_type.name == "account":
        return _groups(info.context, info.context.accounts[source["accountTag"]], info, **arguments)
    if name == "metadataValue":
        return source[name][arguments["key"]]
    if name == "confidence":
        level = arguments.get("level")
        return source[name].confidence(0.95 if level is None else level)
    if name == "viewer":
        return {}
    if name == "accounts":
        return _accounts(info.context, info, arguments.get("filter") or {})
    return source[name]


def _accounts(asked: Asked, info: GraphQLResolveInfo[Asked], wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A well-formed id of an account out of the token's reach is refused; a malformed one is nobody's."""
    tags = wanted.get("accountTag_in") or ([wanted["accountTag"]] if "accountTag" in wanted else asked.accounts)
    if any(tag not in asked.accounts and re.fullmatch("[0-9a-f]{32}", str(tag)) for tag in tags):
        raise Refusal("not authorized for that account", code="authz")
    found = [tag for tag in dict.fromkeys(tags) if tag in asked.accounts]
    if len(found) > MOST_ACCOUNTS:
        raise Refusal(f"number of accounts can't be more than {MOST_ACCOUNTS}")
    return [{"accountTag": tag, "settings": _settings(asked, info)} for tag in found]


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
    account: Account,
    info: GraphQLResolveInfo[Asked],
    limit: Any = None,
    filter: Mapping[str, Any] | None = None,  # noqa: A002 - the argument's name in the schema
    orderBy: list[str] | None = None,  # noqa: N803 - as above
) -> list[dict[str, Any]]:
    name, limits = info.field_name, asked.limits
    selection = read_selection(info)
    _check_access(limits, name, selection)
    if len(selection.leaves - {"confidence"}) > limits.fields:
        raise Refusal(f"number of fields can't be more than {limits.fields}")
    if not isinstance(limit, int) or not 0 < limit <= limits.page:
        raise Refusal(f"limit must be positive number and not greater than {limits.page}")
    node, now = NODES[name], asked.now.timestamp()
    found = read_filter(node.columns, filter)
    since, until = _span(limits, found, now)
    sample = _sample(limits, selection) if node.is_adaptive else WHOLE
    facts = () if name in limits.silent else node.facts(Stretch(account, limits, since, until, now))
    looked_at = (fact for fact in facts if found.passes(fact) and sample.holds(fact))
    return rows(looked_at, node, selection, orderBy or (), limit, sample)


def _sample(limits: Limits, selection: Selection) -> Sample:
    dimensions = sorted((*selection.dimensions, *selection.metadata))
    return Sample(limits.sampling, ",".join(dimensions) if limits.wobble else "")


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
