"""What the box says no with, in the words of Cloudflare's GraphQL API."""

from __future__ import annotations

import re
from collections.abc import Callable

BUDGET = "rate limiter budget depleted, try again after 5 minutes"
TOO_MANY_NODES = "in combination, your request queries too many nodes or nests too deeply"

Wording = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]
WORDINGS: tuple[Wording, ...] = (
    (re.compile(r"Cannot query field '(\w+)'"), lambda found: f'unknown field "{found[1]}"'),
    (re.compile(r"must not have a selection"), lambda _: "scalar fields must have no selections"),
    (
        re.compile(r"[Aa]rgument '(?:\w+\.)*(\w+)(?:\(\w+:\))?' of type '[^']+' is required"),
        lambda f: f'argument "{f[1]}" is required',
    ),
    (re.compile(r"Unknown argument '(\w+)' on field '(?:\w+\.)?(\w+)'"), lambda f: f'unknown arg "{f[1]}" of "{f[2]}"'),
)


class Refusal(Exception):  # noqa: N818 - not an error of ours: the answer to a question that goes too far
    """`code` goes into the error's extensions, where Cloudflare sends one."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code


def in_its_words(message: str) -> str:
    """graphql-core's complaint about a document as Cloudflare's server would put it."""
    for pattern, word in WORDINGS:
        if found := pattern.search(message):
            return word(found)
    return f"error parsing args or query: {message}"
