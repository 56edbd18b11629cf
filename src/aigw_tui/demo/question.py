"""What a body asks: a document with its variables, and the accounts that it names."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from graphql import DocumentNode, value_from_ast_untyped, visit
from graphql.language import FieldNode, Visitor

from aigw_tui.demo.refusal import Refusal

Json = dict[str, Any]


class Question(NamedTuple):
    query: str
    variables: Json
    operation: str | None


def read_question(body: bytes) -> Question:
    """Raises Refusal, or RecursionError for what nests without end."""
    try:
        match json.loads(body):
            case {"query": str(query), **rest}:
                variables, operation = rest.get("variables") or {}, rest.get("operationName")
            case _:
                raise Refusal("error parsing request body: there is no query")
    except ValueError:
        raise Refusal("error parsing request body: not JSON") from None
    if not isinstance(variables, dict) or not isinstance(operation, str | None):
        raise Refusal("error parsing request body: variables must be an object")
    return Question(query, variables, operation)


def accounts_named(document: DocumentNode, variables: Json) -> Iterator[str]:
    """What the filters of `accounts` say, in the text or in variables; not all of it need be an account's id."""
    filters: list[Any] = []

    class Accounts(Visitor):
        def enter_field(self, node: FieldNode, *_: Any) -> None:
            if node.name.value == "accounts":
                filters.extend(value_from_ast_untyped(each.value, variables) for each in node.arguments or ())

    visit(document, Accounts())
    for each in filters:
        if isinstance(each, dict):
            several = each.get("accountTag_in")
            tags = [each.get("accountTag"), *(several if isinstance(several, list) else ())]
            yield from (tag for tag in tags if isinstance(tag, str))
