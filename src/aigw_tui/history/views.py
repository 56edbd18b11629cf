"""SQL for a view: pure text from a query, for any engine that speaks the common part of SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from aigw_tui.datasets import Adds, Dataset
from aigw_tui.datasets import dataset as dataset_named
from aigw_tui.history import days
from aigw_tui.history.days import DAY_S, IS_OPEN
from aigw_tui.model import Query, Row, Trust

TIMES = {"minute": 60, "hour": 3600, "day": DAY_S}
"""Time columns of a view, in seconds."""

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
        "since": (since := epoch(query.window.since)),
        "until": (until := epoch(query.window.until)),
        "first_day": since + -since % DAY_S,
        "end_of_days": until - until % DAY_S,
        "first_open": first_open,
    }
    conditions = []
    for key, allowed in query.where:
        known = [found for text in allowed if (found := ids(_key(dataset, key), text)) is not None]
        names = [f"w{len(parameters) + n}" for n in range(len(known))]
        parameters |= dict(zip(names, known, strict=True))
        conditions.append(f'"{key}" IN ({", ".join(f":{name}" for name in names)})')
    keys = [f'{_expression(dataset, name)} AS "{name}"' for name in query.by]
    measures = [f'{_sum(dataset, name)} AS "{name}"' for name in query.measures]
    values = [
        *measures,
        "COALESCE(SUM(lacking), 0) AS unknown_rows",
        "COALESCE(MAX(filling), 0) AS is_filling",
    ]
    body = f"FROM ({' UNION ALL '.join(_sources(dataset, query, parameters, conditions))})"
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


def _sources(
    dataset: Dataset, query: Query, parameters: Mapping[str, int | str], conditions: Sequence[str]
) -> Iterator[str]:
    """Stored rows of the window: whole days from the table of days where it can answer, hours for what is left."""
    adding = tuple(dict.fromkeys(name for name in query.measures if dataset.measure(name).adds is Adds.BY_SUM))
    columns = "".join(f'"{name}", ' for name in dict.fromkeys((*dataset.key_names, *query.measures)))
    unknown = " OR ".join(f'"{name}" IS NULL' for name in adding) or "0"
    filling = f"CASE WHEN bucket >= :first_open THEN {IS_OPEN} ELSE 0 END"  # AND would look for every row: 4 × slower
    hours = f'SELECT account, bucket, {columns}{unknown} AS lacking, {filling} AS filling FROM "{dataset.name}" AS t'
    parts = [(hours, "since", "until")]
    is_by_day = {*query.by} <= {"day", "account", *dataset.key_names} and {*query.measures} <= {*adding}
    if days.has_days(dataset) and is_by_day and parameters["first_day"] < parameters["end_of_days"]:  # type: ignore[operator]
        lacks = f"(lacks & {sum(days.bit(dataset, name) for name in adding)} > 0) * stored"
        whole = f"SELECT account, bucket, {columns}{lacks} AS lacking, filling FROM {days.table(dataset)}"
        ends = ("since", "first_day", "end_of_days", "until")
        parts = list(zip((hours, whole, hours), ends, ends[1:], strict=False))
    for select, since, until in parts:
        if len(parts) == 1 or parameters[since] != parameters[until]:
            yield f"{select} WHERE {' AND '.join((f'bucket >= :{since}', f'bucket < :{until}', *conditions))}"


def together(query: Query, rows: Sequence[Row]) -> Row:
    """The total of all groups: what does not add up is known only where there is one group, and known in it."""
    values: list[int | float | None] = []
    for n, name in enumerate(query.measures):
        known = [found.values[n] for found in rows if found.values[n] is not None]
        adds = dataset_named(query.dataset).measure(name).adds is Adds.BY_SUM
        values.append(sum(known) if known and (adds or len(rows) == 1) else None)
    trust = max((found.trust for found in rows), default=Trust.SETTLED)
    return Row((), tuple(values), sum(found.unknown for found in rows), trust)


def rows_of(
    query: Query, found: Iterable[tuple[float | None, ...]], texts: Mapping[str, Callable[[int], str]]
) -> tuple[Row, ...]:
    """Database rows as values; `texts` turns the ids of a text key back into its text."""
    reads = [moment if name in TIMES else int if name == "hour_of_day" else texts[name] for name in query.by]
    width = len(reads)
    return tuple(
        Row(
            tuple([read(int(value or 0)) for read, value in zip(reads, raw, strict=False)]),
            raw[width:-2],
            int(raw[-2] or 0),
            Trust.FILLING if raw[-1] else Trust.SETTLED,
        )
        for raw in found
    )


def epoch(when: datetime) -> int:
    return int(when.timestamp())


@lru_cache(maxsize=10_000)
def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _key(dataset: Dataset, name: str) -> str:
    if name != "account" and name not in dataset.key_names:
        raise KeyError(f"{dataset.name} has no key {name!r}")
    return name


def _expression(dataset: Dataset, name: str) -> str:
    if name == "hour_of_day":
        return "bucket % 86400 / 3600"
    if TIMES.get(name) == dataset.bucket.total_seconds():
        return "bucket"  # in the order of the table, so that groups need no sorting
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
        unknown_last = "" if name in query.by else f"{place} IS NULL, "  # keys are never NULL
        terms.append(f"{unknown_last}{place} {'DESC' if term.startswith('-') else 'ASC'}")
    return terms
