"""What one dataset field of a document asks for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    GraphQLIncludeDirective,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSkipDirective,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
    get_argument_values,
    get_directive_values,
    get_named_type,
)


@dataclass(frozen=True, slots=True)
class Selection:
    dimensions: tuple[str, ...]
    metadata: tuple[str, ...]
    """The keys of `metadataValue`."""
    sums: tuple[str, ...]
    maxima: tuple[str, ...]
    quantiles: tuple[str, ...]
    leaves: frozenset[str]
    """Every field as `settings` spells it: `count`, `sum_cost`, `dimensions_gateway`."""


def read_selection(info: GraphQLResolveInfo[Any]) -> Selection:
    found: dict[str, None] = {}
    keys: dict[str, None] = {}
    group = get_named_type(info.return_type)
    for node in info.field_nodes:
        for part in _fields(info, node.selection_set):
            name = part.name.value
            if part.selection_set is None or name == "confidence":
                found[name] = None
                continue
            kind = get_named_type(group.fields[name].type) if isinstance(group, GraphQLObjectType) else None
            for leaf in _fields(info, part.selection_set):
                found[f"{name}_{leaf.name.value}"] = None
                if leaf.name.value == "metadataValue" and isinstance(kind, GraphQLObjectType):
                    keys[get_argument_values(kind.fields["metadataValue"], leaf, info.variable_values)["key"]] = None
    leaves = [name for name in found if "__" not in name]

    def under(part: str) -> tuple[str, ...]:
        return tuple(name.partition("_")[2] for name in leaves if name.startswith(f"{part}_"))

    dimensions = tuple(name for name in under("dimensions") if name != "metadataValue")
    return Selection(dimensions, tuple(keys), under("sum"), under("max"), under("quantiles"), frozenset(leaves))


def _fields(info: GraphQLResolveInfo[Any], selected: SelectionSetNode | None) -> Iterator[FieldNode]:
    """The fields of a selection, through fragments."""
    for node in selected.selections if selected else ():
        if not _is_included(info, node):
            continue
        if isinstance(node, FieldNode):
            yield node
        elif isinstance(node, InlineFragmentNode):
            yield from _fields(info, node.selection_set)
        else:
            yield from _fields(info, info.fragments[node.name.value].selection_set)  # type: ignore[attr-defined]


def _is_included(info: GraphQLResolveInfo[Any], node: SelectionNode) -> bool:
    skip = get_directive_values(GraphQLSkipDirective, node, info.variable_values)
    include = get_directive_values(GraphQLIncludeDirective, node, info.variable_values)
    return not (skip and skip["if"]) and (include is None or bool(include["if"]))
