"""SQL for a view: pure text from a query, for any engine that speaks the common part of SQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from aigw_tui.datasets import Adds, Dataset
from aigw_tui.model import Query, Row, Trust

TIMES = {"minute": 60, "hour": 3600, "day": 86_400}
"""Time columns of a view, in seconds."""

IS_OPEN = """EXISTS (SELECT 1 FROM hour AS h WHERE h.account = t.account AND h.dataset = :dataset
    AND h.hour = t.bucket - t.bucket % 3600 AND h.settled = 0)"""

Ids = Callable[[str, str], int | None]
"""(key, text) → the stored id, None when history never saw that text."""


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL and its parameters: groups, their total, and how many groups there are."""

    groups: str
    total: str
    count: str
    parameters: Mapping[str, int | str]
    page: Mapping[str, int]


def statement(dataset: Dataset, query: Query, ids: Ids, first_open: int) -> Statement:
    """Raises KeyError for a name that the dataset does not have. `first_open`: the oldest hour that is not settled."""
    parameters: dict[str, int | str] = {
        "dataset": dataset.name,
        "since": epoch(query.window.since),
        "until": epoch(query.window.until),
        "first_open": first_open,
    }
    conditions = ["bucket >= :since", "bucket < :until"]
    for key, allowed in query.where:
        known = [found for text in allowed if (found := ids(_key(dataset, key), text)) is not None]
        names = [f"w{len(parameters) + n}" for n in range(len(known))]
        parameters |= dict(zip(names, known, strict=True))
        conditions.append(f'"{key}" IN ({", ".join(f":{name}" for name in names)})')
    keys = [f'{_expression(dataset, name)} AS "{name}"' for name in query.by]
    measures = [f'{_sum(dataset, name)} AS "{name}"' for name in query.measures]
    unknown = " OR ".join(f'"{name}" IS NULL' for name in query.measures if dataset.measure(name).adds is Adds.BY_SUM)
    values = [
        *measures,
        f"COALESCE(SUM({unknown or '0'}), 0) AS unknown_rows",
        f"COALESCE(MAX(bucket >= :first_open AND {IS_OPEN}), 0) AS is_filling",
    ]
    body = f'FROM "{dataset.name}" AS t WHERE {" AND ".join(conditions)}'
    positions = ", ".join(str(n + 1) for n in range(len(keys)))
    groups = f"SELECT {', '.join([*keys, *values])} {body}" + (f" GROUP BY {positions}" if keys else "")
    ordered = f"{groups} ORDER BY {', '.join(_order(query)) or 'unknown_rows'}"
    return Statement(
        groups=f"{ordered} LIMIT :limit OFFSET :offset",
        total=f"SELECT {', '.join(values)} {body}",
        count=f"SELECT COUNT(*) FROM (SELECT {', '.join(keys) or '1'} {body}"
        + (f" GROUP BY {positions})" if keys else ")"),
        parameters=parameters,
        page={"limit": -1 if query.limit is None else query.limit, "offset": query.offset},
    )


def row(query: Query, raw: tuple[float | None, ...], texts: Mapping[str, Callable[[int], str]]) -> Row:
    """A database row as a value; `texts` turns the ids of a text key back into its text."""
    width = len(raw) - len(query.measures) - 2
    key = tuple(
        moment(int(value or 0))
        if name in TIMES
        else int(value or 0)
        if name == "hour_of_day"
        else texts[name](int(value or 0))
        for name, value in zip(query.by, raw[:width], strict=False)
    )
    return Row(key, raw[width:-2], int(raw[-2] or 0), Trust.FILLING if raw[-1] else Trust.SETTLED)


def epoch(when: datetime) -> int:
    return int(when.timestamp())


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _key(dataset: Dataset, name: str) -> str:
    if name != "account" and name not in dataset.key_names:
        raise KeyError(f"{dataset.name} has no key {name!r}")
    return name


def _expression(dataset: Dataset, name: str) -> str:
    if name == "hour_of_day":
        return "bucket % 86400 / 3600"
    if seconds := TIMES.get(name):
        if seconds < dataset.bucket.total_seconds():
            raise KeyError(f"{dataset.name} is kept by the {'hour' if seconds == 60 else 'day'}, not by {name}")
        return f"bucket - bucket % {seconds}"
    return f'"{_key(dataset, name)}"'


def _sum(dataset: Dataset, name: str) -> str:
    if dataset.measure(name).adds is Adds.BY_SUM:
        return f'SUM("{name}")'
    return f'CASE WHEN COUNT(*) = 1 THEN MIN("{name}") END'


def _order(query: Query) -> list[str]:
    terms = []
    for term in query.order or query.by:
        name = term.removeprefix("-")
        if name not in (*query.by, *query.measures):
            raise KeyError(f"cannot order by {name!r}: it is not in the view")
        is_text = name in query.by and name not in (*TIMES, "hour_of_day")
        place = f'"{name}"'
        if is_text:
            table, text = ("account", "tag") if name == "account" else ("name", "text")
            place = f'(SELECT {text} FROM {table} WHERE id = "{name}")'
        terms.append(f"{place} IS NULL, {place} {'DESC' if term.startswith('-') else 'ASC'}")
    return terms
