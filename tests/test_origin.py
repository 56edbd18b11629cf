"""Where a base URL leads, and whether anybody can listen on the way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aigw_tui.origin import Origin, origin_of


@pytest.mark.parametrize(
    ("url", "host", "is_loopback", "is_private"),
    [
        ("https://api.example:8443/client/v4", "api.example", False, True),
        ("https://127.0.0.1", "127.0.0.1", True, True),
        ("http://LOCALHOST:1/x", "localhost", True, True),
        ("http://127.0.0.9", "127.0.0.9", True, True),
        ("http://[::1]:80", "::1", True, True),
        ("http://api.example", "api.example", False, False),
        ("http://127.0.0.1.evil.example", "127.0.0.1.evil.example", False, False),
        ("http://2130706433", "2130706433", False, False),
        ("ftp://127.0.0.1", "127.0.0.1", True, False),
    ],
)
def test_origins(url: str, host: str, is_loopback: bool, is_private: bool) -> None:
    """https anywhere is private; http only on loopback; a name that merely looks like loopback is none."""
    found = origin_of(url)
    assert (found.host, found.is_loopback, found.is_private) == (host, is_loopback, is_private)


@pytest.mark.parametrize(
    "url",
    [
        "", "api.example", "https://", "https://me@host", "https://:pw@host", "https://host?a=b", "https://host#a",
        "https://host:0", "https://host:99999", "https://host:port", "https://[::1", "https://ho st/", "https://h/\t",
    ],
)  # fmt: skip
def test_no_base_url(url: str) -> None:
    """Nothing that could carry a secret, and nothing that has no host."""
    with pytest.raises(ValueError, match=r".+"):
        origin_of(url)


@given(st.text())
def test_any_text(text: str) -> None:
    """An origin with a host, or a ValueError; never anything else."""
    try:
        found = origin_of(f"https://{text}")
    except ValueError:
        return
    assert isinstance(found, Origin)
    assert found.host
