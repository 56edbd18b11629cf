"""The outer layer of every answer: JSON with data and complaints, both of GraphQL and of REST."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from aigw_tui.errors import BadDataError
from aigw_tui.format import clean
from aigw_tui.secret import redact

UNREADABLE = (msgspec.MsgspecError, ValueError, RecursionError)
"""All that msgspec raises for foreign bytes: syntax, shape, UTF-8, numbers out of range, nesting without end."""

ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
"""Any escape in a JSON string; `half` of a surrogate pair stands alone."""


class Complaint(msgspec.Struct, frozen=True):
    """One entry of `errors`."""

    message: str = ""
    code: str = ""
    """REST's number or GraphQL's `extensions.code`."""
    path: tuple[str, ...] = ()


class Envelope(msgspec.Struct, frozen=True):
    """What an answer holds, before anybody knows what it means."""

    payload: msgspec.Raw
    """`data` (GraphQL) or `result` (REST); `null` when absent."""
    complaints: tuple[Complaint, ...] = ()
    pages: int = 1
    """REST: how many pages the listing has."""
    count: int | None = None
    """REST: how many items there are on all pages; None: not said."""

    @property
    def is_empty(self) -> bool:
        return bytes(self.payload) == b"null"


class _Body(msgspec.Struct):
    data: msgspec.Raw = msgspec.Raw(b"null")
    result: msgspec.Raw = msgspec.Raw(b"null")
    errors: Any = None
    result_info: Any = None


def open_envelope(body: bytes, content_type: str = "application/json") -> Envelope:
    """Raises BadDataError, with the first 80 clean characters, for anything but a JSON object."""
    try:
        if "json" not in content_type:
            raise ValueError("not said to be JSON")
        found = _body(body)
    except UNREADABLE:
        start = clean(redact(" ".join(body[:4000].decode("utf-8", "replace").split())), 80)
        raise BadDataError(f"no JSON but {start!r}" if start else "an empty answer") from None
    errors = found.errors if isinstance(found.errors, list) else [found.errors] if found.errors else []
    info = found.result_info if isinstance(found.result_info, dict) else {}
    count, size = (_whole_number(info.get(name)) for name in ("total_count", "per_page"))
    pages = _whole_number(info.get("total_pages")) or (-(-count // size) if count and size else 1)
    return Envelope(
        payload=found.data if bytes(found.data) != b"null" else found.result,
        complaints=tuple(_complaint(error) for error in errors),
        pages=pages,
        count=count,
    )


def _whole_number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63 else None


def _body(body: bytes) -> _Body:
    try:
        return msgspec.json.decode(body, type=_Body)
    except UNREADABLE:
        # JSON allows half a surrogate pair, msgspec does not: one such name would cost the whole answer.
        if (mended := ESCAPE.sub(_whole, body)) == body:
            raise
        return msgspec.json.decode(mended, type=_Body)


def _whole(escape: re.Match[bytes]) -> bytes:
    return b"\\ufffd" if escape["half"] else escape[0]


def _complaint(error: object) -> Complaint:
    """Its text is foreign, and may quote what we sent: the token, too."""
    if not isinstance(error, dict):
        return Complaint(clean(redact(str(error))))
    extensions = error.get("extensions")
    code = error.get("code") or (extensions.get("code") if isinstance(extensions, dict) else None)
    path = error.get("path")
    return Complaint(
        message=clean(redact(str(error.get("message") or ""))),
        code=clean(code or "", 40),
        path=tuple(clean(step, 80) for step in path) if isinstance(path, list) else (),
    )
