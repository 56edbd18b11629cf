"""What the box says no with, in the words of Cloudflare's GraphQL API."""

from __future__ import annotations

import re

BUDGET = "rate limiter budget depleted, try again after 5 minutes"
TOO_MANY_NODES = "in combination, your request queries too many nodes or nests too deeply"

WORDINGS = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"Cannot query field '(\w+)'", r'unknown field "\1"'),
        (r"must not have a selection", "scalar fields must have no selections"),
        (r"rgument '(?:[\w.]+\()?(\w+):?\)?' of type '[^']+' is required", r'argument "\1" is required'),
        (r"Unknown argument '(\w+)'", r'unknown arg "\1"'),
    )
)
"""graphql-core's complaints, as versions 3.2 and 3.3 spell them, with Cloudflare's words for them."""


class Refusal(Exception):  # noqa: N818 - not an error of ours: the answer to a question that goes too far
    """`code` goes into the error's extensions, where Cloudflare sends one."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code


def in_its_words(message: str) -> str:
    """What graphql-core says of a document, as Cloudflare's server would put it."""
    for pattern, words in WORDINGS:
        if found := pattern.search(message):
            return found.expand(words)
    return f"error parsing args or query: {message}"
