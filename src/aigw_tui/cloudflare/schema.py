"""An account's schema as far as it is known: read from `settings` and introspection, corrected by refusals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import msgspec

from aigw_tui.cloudflare.documents import Ask
from aigw_tui.cloudflare.envelope import UNREADABLE
from aigw_tui.cloudflare.selection import CONFIDENCE, Node, Selection
from aigw_tui.datasets import Dataset
from aigw_tui.errors import AigwError, LimitError, SchemaError
from aigw_tui.source import Bounds, Question

FRESH_S = 24 * 3600.0
"""How long a schema is believed."""
DOUBT_S = 15 * 60.0
"""The same after a refusal; also how long a dataset that was refused as a whole is left alone."""
HOUR_S = 3600
MOST = 10**10
"""Seconds, rows and fields that a bound may name are fewer."""
CONFIDENCE_WORDS = (CONFIDENCE, "level", "lower", "upper")
"""What a refusal may name when it means the interval of a count."""


@dataclass(slots=True)
class Schema:
    """What may be asked of one account. Mutable: it learns."""

    nodes: dict[str, Node]
    read_at: float
    """Monotonic seconds."""
    is_doubted: bool = False
    """Something was refused (or could not be read) since."""
    lessons: int = 0
    """How often it learned."""
    _barred: dict[tuple[str, str], tuple[AigwError, float]] = field(default_factory=dict)
    """(dataset, node) → why it was refused as a whole, and when."""

    def is_fresh(self, at: float) -> bool:
        return at - self.read_at < (DOUBT_S if self.is_doubted else FRESH_S)

    def select(self, question: Question, at: float) -> Selection:
        """From the dataset, else from the one that is asked instead.

        Raises SchemaError, or what the dataset was refused with not long ago.
        """
        try:
            selection = self._select(question.dataset, at)
        except AigwError:
            if question.dataset.instead is None:
                raise
            selection = self._select(question.dataset.instead, at)
        return selection if question.by is None else selection.grouped(question.by)

    def _select(self, dataset: Dataset, at: float) -> Selection:
        if barred := self._bar(dataset, at):
            raise barred
        return self._node(dataset).select(dataset)

    def bounds(self, dataset: Dataset, at: float) -> Bounds:
        barred = self._bar(dataset, at)
        bounds = self._node(dataset).bounds(dataset)
        if barred:
            bounds = replace(bounds, enabled=False, unavailable=(("", barred.why),))
        if bounds.enabled or dataset.instead is None:
            return bounds
        other = self.bounds(dataset.instead, at)
        return other if other.enabled else bounds

    def learn(self, ask: Ask, error: AigwError, now: datetime, at: float) -> bool:
        """Remembers a refusal; True when the same question, selected anew, may now be answered."""
        dataset, window = ask.selection.dataset, ask.question.window
        node = self._node(dataset)
        self.is_doubted = True
        self.lessons += 1
        match error:
            case SchemaError() if error.field.lower() in CONFIDENCE_WORDS and ask.selection.has_confidence:
                found, can_help = node.without(CONFIDENCE), True
            case SchemaError() if error.field and _refuses(ask.selection, error.field):
                found, can_help = node.without(error.field), True
            case LimitError(kind="window"):
                longest_s = error.bound or int(window.length.total_seconds()) // 2
                found = replace(node, max_window=timedelta(seconds=max(HOUR_S, longest_s)))
                can_help = False
            case LimitError(kind="age"):
                oldest_s = error.bound or int((now - window.since).total_seconds() * 0.9)
                found, can_help = replace(node, oldest=timedelta(seconds=max(HOUR_S, oldest_s))), False
            case LimitError(kind="rows"):
                found, can_help = replace(node, page=max(1, error.bound or node.page // 2)), True
            case LimitError(kind="fields"):
                most = error.bound or min(ask.selection.most, max(len(ask.selection.fields), 2)) - 1
                found, can_help = replace(node, max_fields=most), True
            case LimitError(kind="nodes"):
                return False
            case _:
                self._barred[dataset.name, dataset.node] = error.with_traceback(None), at
                return ask.question.dataset.instead is not None and dataset.node == ask.question.dataset.node
        self.nodes[dataset.node] = found
        return can_help and found != node

    def carry(self, older: Schema) -> None:
        """Keeps what an older reading of the same account has learned, over what `settings` advertise."""
        for name, node in older.nodes.items():
            self.nodes[name] = replace(self.nodes.get(name, Node()), denied=node.denied)
        self._barred |= older._barred

    def _bar(self, dataset: Dataset, at: float) -> AigwError | None:
        error, since = self._barred.get((dataset.name, dataset.node), (None, at))
        return error if at - since < DOUBT_S else None

    def _node(self, dataset: Dataset) -> Node:
        return self.nodes.get(dataset.node, Node())


class _Written(msgspec.Struct):
    """A schema as it lies on a shelf."""

    is_doubted: bool
    nodes: dict[str, Node]


def to_text(schema: Schema) -> str:
    """For a shelf; refusals of whole datasets are left out: they are tried again."""
    return msgspec.json.encode(_Written(schema.is_doubted, schema.nodes)).decode()


def from_text(text: str, read_at: float, names: Sequence[str]) -> Schema | None:
    """The schema that was written; None when it is unreadable, lacks one of these nodes, or makes no sense."""
    try:
        found = msgspec.json.decode(text, type=_Written)
    except UNREADABLE:
        return None
    is_whole = {*names} <= {*found.nodes} and all(map(_has_sense, found.nodes.values()))
    return Schema(found.nodes, read_at, found.is_doubted) if is_whole else None


def _has_sense(node: Node) -> bool:
    """As `settings` are read: without sense nothing could be asked, and nothing would be refused, for a day."""
    numbers = (node.max_window.total_seconds(), node.oldest.total_seconds(), node.page, node.max_fields)
    return node.fields != frozenset() and all(0 < number < MOST for number in numbers)


def read_settings(account: Mapping[str, msgspec.Raw], names: Sequence[str]) -> dict[str, Node]:
    """Dataset node → what `settings` say; a value without sense counts as not said."""
    try:
        said: Any = msgspec.json.decode(account.get("settings", b"{}"))
    except UNREADABLE:
        return {}
    return {name: _node(said[name]) for name in names if isinstance(said, dict) and isinstance(said.get(name), dict)}


def read_introspection(payload: msgspec.Raw, names: Sequence[str]) -> dict[str, frozenset[str]]:
    """Dataset node → its fields as `availableFields` would spell them; nodes whose type is unknown are left out."""
    try:
        types: Any = msgspec.json.decode(payload)
    except UNREADABLE:
        return {}
    found = {}
    for n, name in enumerate(names):
        kind = types.get(f"type{n}") if isinstance(types, dict) else None
        if fields := frozenset(_spelled(kind)):
            found[name] = fields
    return found


def _refuses(selection: Selection, refused: str) -> bool:
    """Whether the field is one that was asked for, so that leaving it out changes the question."""
    leaf = refused.rpartition(".")[2].lower()
    return any(name.rpartition(".")[2].lower() == leaf for name in selection.fields)


def _node(said: Mapping[str, Any]) -> Node:
    usual = Node()
    names = said.get("availableFields")
    fields = frozenset(name for name in names if isinstance(name, str)) if isinstance(names, list) else frozenset()
    return Node(
        enabled=said.get("enabled") is not False,
        fields=fields or None,
        max_window=timedelta(seconds=_count(said, "maxDuration", int(usual.max_window.total_seconds()))),
        oldest=timedelta(seconds=_count(said, "notOlderThan", int(usual.oldest.total_seconds()))),
        page=_count(said, "maxPageSize", usual.page),
        max_fields=_count(said, "maxNumberOfFields", usual.max_fields),
    )


def _count(said: Mapping[str, Any], name: str, usual: int) -> int:
    """A positive number of at most ten digits, also as text."""
    value = said.get(name)
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value[:11])
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < MOST else usual


def _spelled(kind: object) -> Iterator[str]:
    """`count`, `sum_cost` …: the fields of a type and of the types of these."""
    for field_ in _fields(kind):
        name = field_.get("name")
        leaves = [leaf.get("name") for leaf in _fields(_bare(field_.get("type")))]
        yield from (f"{name}_{leaf}" for leaf in leaves) if leaves else (str(name),)


def _bare(kind: Any) -> Any:
    """A type without its wrappers (non-null, list), which have no fields of their own."""
    while isinstance(kind, dict) and not kind.get("fields") and kind.get("ofType"):
        kind = kind["ofType"]
    return kind


def _fields(kind: Any) -> list[dict[str, Any]]:
    found = kind.get("fields") if isinstance(kind, dict) else None
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
