"""The executable schema: the file beside this one, completed with what follows from it."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from graphql import (
    GraphQLEnumType,
    GraphQLFloat,
    GraphQLID,
    GraphQLInputObjectType,
    GraphQLInt,
    GraphQLObjectType,
    GraphQLSchema,
    ObjectTypeDefinitionNode,
    build_schema,
    get_named_type,
    parse,
    print_ast,
)

OPERATORS = ("gt", "lt", "geq", "leq", "neq", "in", "notin")
TEXT_OPERATORS = (*OPERATORS, "like", "notlike")
LIST_OPERATORS = ("has", "hasall", "hasany")


@lru_cache(maxsize=8)
def schema(missing: frozenset[str] = frozenset()) -> GraphQLSchema:
    """Without what `missing` names: `node` or `node.sum_cost`."""
    text = files("aigw_tui.demo").joinpath("schema.graphql").read_text(encoding="utf-8")
    built = build_schema(text + "".join(_inputs(text)), assume_valid=True)
    # The standard scalars by name, for variables that are declared `Int!` where Cloudflare says `uint64!`.
    extra = (*built.type_map.values(), GraphQLInt, GraphQLFloat, GraphQLID)
    whole = GraphQLSchema(query=built.query_type, types=extra, directives=built.directives, assume_valid=True)
    for path in missing:
        _remove(whole, *path.partition(".")[::2])
    return whole


def nodes(built: GraphQLSchema) -> tuple[str, ...]:
    """The datasets' names."""
    return tuple(_object(built, "AccountSettings").fields)


def available_fields(built: GraphQLSchema, node: str) -> tuple[str, ...]:
    """As `settings` spells them: `count`, `sum_cost`, `dimensions_gateway`."""
    names = []
    for name, field in group_type(built, node).fields.items():
        kind = get_named_type(field.type)
        nested = isinstance(kind, GraphQLObjectType) and name != "confidence"
        names += [f"{name}_{leaf}" for leaf in kind.fields] if nested else [name]
    return tuple(names)


def group_type(built: GraphQLSchema, node: str) -> GraphQLObjectType:
    return _object(built, f"Account{node[0].upper()}{node[1:]}")


def _object(built: GraphQLSchema, name: str) -> GraphQLObjectType:
    found = built.type_map[name]
    if not isinstance(found, GraphQLObjectType):
        raise TypeError(f"{name} is not an object type")
    return found


def _inputs(text: str) -> list[str]:
    """The SDL of every dataset's filter and order: from its dimensions, its sums and its count."""
    objects = {
        found.name.value: found for found in parse(text).definitions if isinstance(found, ObjectTypeDefinitionNode)
    }
    made = []
    for name, dimensions in objects.items():
        if not name.endswith("Dimensions"):
            continue
        group = name.removesuffix("Dimensions")
        filters, orders = [f"AND: [{group}Filter_InputObject!]", f"OR: [{group}Filter_InputObject!]"], ["count"]
        for field in dimensions.fields or ():
            if field.arguments:
                continue
            kind, dimension = print_ast(field.type).rstrip("!"), field.name.value
            if kind.startswith("["):
                one = kind.strip("[]!")
                filters += [
                    f"{dimension}_{operator}: {one if operator == 'has' else kind}" for operator in LIST_OPERATORS
                ]
                continue
            filters.append(f"{dimension}: {kind}")
            filters += [
                f"{dimension}_{operator}: {f'[{kind}!]' if operator.endswith('in') else kind}"
                for operator in (TEXT_OPERATORS if kind == "string" else OPERATORS)
            ]
            orders.append(dimension)
        for part in ("Sum", "Max"):
            found = objects.get(group + part)
            orders += [f"{part.lower()}_{field.name.value}" for field in (found.fields if found else None) or ()]
        made.append(f"\ninput {group}Filter_InputObject {{ {' '.join(filters)} }}")
        made.append(f"\nenum {group}OrderBy {{ {' '.join(f'{name}_ASC {name}_DESC' for name in orders)} }}")
    return made


def _remove(built: GraphQLSchema, node: str, field: str) -> None:
    """Raises KeyError for what the schema never had."""
    if not field:
        del _object(built, "account").fields[node], _object(built, "AccountSettings").fields[node]
        return
    part, _, leaf = field.partition("_")
    group = group_type(built, node)
    if not leaf:
        del group.fields[part]
        return
    kind = get_named_type(group.fields[part].type)
    if isinstance(kind, GraphQLObjectType):
        del kind.fields[leaf]
    filters = built.type_map[f"{group.name}Filter_InputObject"]
    orders = built.type_map[f"{group.name}OrderBy"]
    if part == "dimensions" and isinstance(filters, GraphQLInputObjectType):
        for name in [name for name in filters.fields if name.partition("_")[0] == leaf]:
            del filters.fields[name]
    stem = leaf if part == "dimensions" else field
    if isinstance(orders, GraphQLEnumType):
        for suffix in ("ASC", "DESC"):
            orders.values.pop(f"{stem}_{suffix}", None)
