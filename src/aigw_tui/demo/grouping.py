"""Facts grouped into the rows of an answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Any

from aigw_tui.demo.columns import Column, Fact
from aigw_tui.demo.nodes import Node, metadata
from aigw_tui.demo.refusal import Refusal
from aigw_tui.demo.sampling import WHOLE, Counted, Sample
from aigw_tui.demo.selection import Selection

Group = tuple[tuple[Any, ...], list[Fact]]


def rows(
    facts: Iterable[Fact],
    node: Node,
    selection: Selection,
    order: Sequence[str],
    limit: int,
    sample: Sample = WHOLE,
) -> list[dict[str, Any]]:
    """At most `limit` groups, each with all that was selected and its count; raises Refusal for an impossible order.

    `facts` are those that the sample holds: counts and sums are scaled up from them.
    """
    columns = [node.columns[name] for name in selection.dimensions] + [metadata(key) for key in selection.metadata]
    found: dict[tuple[Any, ...], list[Fact]] = {}
    readers = [column.read for column in columns]
    for fact in facts:
        found.setdefault(tuple([read(fact) for read in readers]), []).append(fact)
    groups = sorted(found.items(), key=itemgetter(0))
    for term in reversed(order):
        _sort(groups, node, selection, term)
    return [_row(group, node, selection, columns, sample.interval) for group in groups[:limit]]


def quantile(values: Sequence[float], percent: int) -> float:
    """The smallest value that at least `percent` of them do not exceed; `values` ascend."""
    return values[max(-(-len(values) * percent // 100) - 1, 0)]


def _sort(groups: list[Group], node: Node, selection: Selection, term: str) -> None:
    name, _, direction = term.rpartition("_")
    part, _, leaf = name.partition("_")
    measures = node.sums if part == "sum" else node.maxima
    if name == "count":
        groups.sort(key=lambda group: len(group[1]), reverse=direction == "DESC")
    elif leaf:
        read = measures[leaf]
        total = sum if part == "sum" else max
        groups.sort(key=lambda group: total(map(read, group[1])), reverse=direction == "DESC")
    elif name in selection.dimensions:
        place = selection.dimensions.index(name)
        groups.sort(key=lambda group: group[0][place], reverse=direction == "DESC")
    else:
        raise Refusal(f'error parsing args: cannot order by "{name}", which is not selected')


def _row(group: Group, node: Node, selection: Selection, columns: Sequence[Column], interval: int) -> dict[str, Any]:
    key, facts = group
    shown = [column.show(value) for column, value in zip(columns, key, strict=True)]
    row: dict[str, Any] = {
        "count": len(facts) * interval,
        "confidence": Counted(len(facts), interval),
        "dimensions": dict(zip(selection.dimensions, shown, strict=False)),
    }
    if selection.metadata:
        values = shown[len(selection.dimensions) :]
        row["dimensions"]["metadataValue"] = dict(zip(selection.metadata, values, strict=True))
    if selection.sums:
        row["sum"] = {name: sum(map(node.sums[name], facts)) * interval for name in selection.sums}
    if selection.maxima:
        row["max"] = {name: max(map(node.maxima[name], facts)) for name in selection.maxima}
    if selection.quantiles:
        values = sorted(fact.duration_ms for fact in facts)
        row["quantiles"] = {name: quantile(values, int(name[-2:])) for name in selection.quantiles}
    return row
