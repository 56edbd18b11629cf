"""Whatever comes back, the client answers or raises an error of the taxonomy; other datasets stay right."""

from __future__ import annotations

import asyncio
import copy
import itertools
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from aigw_tui.cloudflare.client import Client
from aigw_tui.cloudflare.refusals import read
from aigw_tui.errors import AigwError, BadDataError, TransientError
from aigw_tui.secret import Secret
from aigw_tui.source import Answer
from aigw_tui.transport import Transport
from test_cloudflare_client import ACCOUNT, BOTH, GOOD, KNOWN, NEURONS, NEURONS_ROW, REQUESTS, REQUESTS_ROW
from wire import CANARY, NOW, BentClock, Script, answered, http, said, serve

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["data", "errors", "viewer", "accounts", "message", "path", "extensions", "code", "rows0"])
            | st.text(max_size=3),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


def answer_to(body: bytes) -> Answer | AigwError:
    """What the client makes of `body`; anything but an answer or an error of the taxonomy fails the test."""
    client = Client(Script(*KNOWN, answered(body)), BentClock(), datasets=(REQUESTS, NEURONS))
    found: Answer | AigwError
    try:
        found = asyncio.run(client.fetch(ACCOUNT, BOTH))
    except AigwError as error:
        found = error
    errors = [found] if isinstance(found, AigwError) else [reading.error for reading in found.readings]
    shown = "".join(f"{error!s}{error!r}" for error in errors)
    assert CANARY not in shown
    assert shown.isprintable()
    return found


@settings(max_examples=150)
@given(JSON)
@example({"data": {"viewer": {"accounts": [{"rows0": []}]}}, "errors": [{"path": [1, 2, 3, 4]}]})
@example({"data": [], "errors": {}})
def test_any_json_at_all(value: Any) -> None:
    """Only errors of the taxonomy, and no rows made of nothing."""
    found = answer_to(json.dumps(value).encode())
    if isinstance(found, Answer):
        assert all(reading.rows == () for reading in found.readings)


def spoiled(value: Any) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Every path of `value`, with a copy in which it is removed, renamed or of another type."""
    acts: tuple[Any, ...] = ("remove", "rename", None, "text", -1, 1e300, [], {}, True)
    for path, act in itertools.product(_paths(value), acts):
        made = copy.deepcopy(value)
        *parents, last = path
        holder = made
        for step in parents:
            holder = holder[step]
        if act in ("remove", "rename"):
            old = holder.pop(last)
            if act == "rename" and isinstance(holder, dict):
                holder[f"{last}_"] = old
        else:
            holder[last] = act
        yield path, made


def _paths(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield (*path, key)
        yield from _paths(inner, (*path, key))


def test_every_path_of_a_real_answer() -> None:
    """Removed, renamed, retyped: a dataset's own part spoils that dataset alone; what is above them is an error."""
    for path, value in spoiled(GOOD):
        found = answer_to(json.dumps(value).encode())
        if len(path) <= 4:  # data, viewer, accounts, the account
            continue
        assert isinstance(found, Answer), path
        other, row = (1, NEURONS_ROW) if str(path[4]).endswith("0") else (0, REQUESTS_ROW)
        assert found.readings[other].rows == (row,), path
        assert found.readings[other].error is None


def test_truncated_at_any_byte() -> None:
    """Nothing of a JSON answer that was cut off is believed, wherever the cut is."""
    body = json.dumps(GOOD, indent=12).encode()
    assert len(body) > 4096
    for length in range(4096):
        with pytest.raises(BadDataError):
            read(answered(body[:length]), NOW, 300.0)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
async def test_cut_off_on_the_wire(share: float) -> None:
    """A connection that ends before its promised length is tried again, three times in all."""
    body = json.dumps(GOOD, indent=12).encode()
    known = [http(reply.body) for reply in KNOWN]
    async with serve(*known, http(body[: int(len(body) * share)], length=len(body))) as wire:
        client = Client(Transport(wire.url, Secret(CANARY)), BentClock(), datasets=(REQUESTS, NEURONS))
        with pytest.raises(TransientError, match="broke before"):
            await client.fetch(ACCOUNT, BOTH)
        await client.close()
    assert len(wire.asked) == 5


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"data":' * 50_000,
        b'{"data":' + b"9" * 5000 + b"}",
        b'{"data":1e999}',
        b'{"data":NaN}',
        b'{"errors":' + b"[" * 10_000 + b"]" * 10_000 + b"}",
        b"\xff\xfe{}",
        b"\x00" * 1000,
    ],
)
def test_hostile_bytes(body: bytes) -> None:
    """Nesting without end, numbers without end, half characters."""
    assert isinstance(answer_to(body), AigwError)


def test_half_a_surrogate_pair_costs_one_character() -> None:
    """JSON allows it, msgspec does not: the name is mended, what only looks like one is left alone."""
    body = json.dumps(GOOD).replace('"openai"', r'"\ud83d\ude00\ud800\\ud800\udfff"')
    found = answer_to(body.encode())
    assert isinstance(found, Answer)
    assert found.readings[0].rows[0][2] == "\U0001f600\ufffd\\ud800\ufffd"
    assert found.readings[1].rows == (NEURONS_ROW,)


def test_hostile_messages() -> None:
    """An error's text is foreign: it is cleaned, cut, and never holds our token, even when the server echoes it."""
    for text in ("\x1b]52;c;aGk=\x07", "\u202eevil", "x" * 100_000, "[/][@click=app.quit]", f"bad token {CANARY}"):
        found = answer_to(said({"data": None, "errors": [{"message": text, "path": [text] * 5}]}).body)
        shown = str(found.readings[0].error) if isinstance(found, Answer) else str(found)
        assert len(shown) < 500
