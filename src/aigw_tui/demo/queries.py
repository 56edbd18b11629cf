"""A GraphQL request, from its body to the body of its answer."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    VariablesInAllowedPositionRule,
    execute_sync,
    parse,
    specified_rules,
    validate,
    visit,
)
from graphql.language import FieldNode, Visitor

from aigw_tui.demo.asked import Asked
from aigw_tui.demo.nodes import NODES
from aigw_tui.demo.question import Json, Question, accounts_named, read_question
from aigw_tui.demo.refusal import TOO_MANY_NODES, Refusal, in_its_words
from aigw_tui.demo.resolvers import resolve
from aigw_tui.demo.schema import schema
from aigw_tui.format import iso

# `String!` and `Int!` are accepted in places of `string!` and `uint64!`, also seen: `string!` for a time.
RULES = tuple(rule for rule in specified_rules if rule is not VariablesInAllowedPositionRule)
LONGEST_QUERY = 100_000
"""Characters."""
MOST_TOKENS = 10_000


def answer(asked: Asked, body: bytes) -> Json:
    """`{"data", "errors"}`; one refused field leaves no data at all. Never raises for what a body holds."""
    try:
        return _run(asked, read_question(body))
    except Refusal as refusal:
        return refuse(asked, refusal)
    except RecursionError:
        return refuse(asked, Refusal(TOO_MANY_NODES))


def accounts_asked(asked: Asked, body: bytes) -> frozenset[str]:
    """The ids within reach that a body's document names; none where it cannot be read."""
    try:
        question = read_question(body)
        document, _ = _prepare(asked.limits.missing, question.query)
        named = accounts_named(document, question.variables) if document else ()
        return frozenset(named) & asked.accounts.keys()
    except (Refusal, RecursionError):
        return frozenset()


def refuse(asked: Asked, refusal: Refusal, path: tuple[str, ...] = ()) -> Json:
    return {"data": None, "errors": [_error(asked, refusal, path)]}


def _run(asked: Asked, question: Question) -> Json:
    document, errors = _prepare(asked.limits.missing, question.query)
    if document is None or errors:
        found = [_error(asked, Refusal(in_its_words(error.message)), _path(document, error)) for error in errors]
        return {"data": None, "errors": found}
    result = execute_sync(
        schema(asked.limits.missing),
        document,
        context_value=asked,
        variable_values=question.variables,
        operation_name=question.operation,
        field_resolver=resolve,
    )
    if result.errors:
        return {"data": None, "errors": [_raised(asked, error) for error in result.errors]}
    return {"data": result.data, "errors": None}


@lru_cache(maxsize=64)  # the same questions come again and again
def _prepare(missing: frozenset[str], query: str) -> tuple[DocumentNode | None, tuple[GraphQLError, ...]]:
    """The document with what is wrong with it; None when it cannot be parsed."""
    if len(query) > LONGEST_QUERY:
        return None, (GraphQLError("the query is too long"),)
    try:
        document = parse(query, max_tokens=MOST_TOKENS)
    except GraphQLError as error:
        return None, (error,)
    return document, tuple(validate(schema(missing), document, RULES, max_errors=5))


def _raised(asked: Asked, error: GraphQLError) -> Json:
    """What a resolver raised; anything but a Refusal is a mistake in a variable, found by graphql-core."""
    original = error.original_error
    refusal = original if isinstance(original, Refusal) else Refusal(in_its_words(error.message))
    named = [node.name.value for node in error.nodes or () if isinstance(node, FieldNode)]
    return _error(asked, refusal, tuple(name for name in named[:1] if name in NODES))


def _error(asked: Asked, refusal: Refusal, below: tuple[str, ...]) -> Json:
    code = {"code": refusal.code} if refusal.code else {}
    path = ["viewer", "accounts", "0", *below] if below else None
    return {"message": refusal.message, "path": path, "extensions": {"timestamp": iso(asked.now), **code}}


def _path(document: DocumentNode | None, error: GraphQLError) -> tuple[str, ...]:
    """The dataset around the place that a complaint points at."""
    if document is None or not error.positions:
        return ()
    place = next(iter(error.positions))
    found: list[str] = []

    class Datasets(Visitor):
        def enter_field(self, node: FieldNode, *_: Any) -> None:
            around = node.loc is not None and node.loc.start <= place < node.loc.end
            if around and node.name.value in NODES:
                found.append(node.name.value)

    visit(document, Datasets())
    return tuple(found[-1:])
