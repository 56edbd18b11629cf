"""Who may come in to the monitor in a browser."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aigw_tui.web.doors import Doors, is_loopback

OWN = Doors()
OPEN = Doors(is_open=True, names=frozenset({"monitor", "monitor.local"}))
PROXIED = Doors(public="https://monitor.example")


@pytest.mark.parametrize(
    ("doors", "host", "is_in"),
    [
        (OWN, "127.0.0.1:8000", True),
        (OWN, "localhost:9000", True),  # another port: a tunnel
        (OWN, "LOCALHOST", True),
        (OWN, "[::1]:8000", True),
        (OWN, "127.8.8.8", True),
        (OWN, None, False),
        (OWN, "", False),
        (OWN, "monitor.example", False),
        (OWN, "localhost.monitor.example:8000", False),
        (OWN, "127.0.0.1.monitor.example", False),
        (OWN, "192.168.1.9:8000", False),
        (OWN, "user@127.0.0.1", False),
        (OWN, "127.0.0.1/..", False),
        (OWN, "[::1", False),
        (OWN, "[localhost]", False),
        (OWN, "localhost; script-src *", False),
        (OPEN, "192.168.1.9:8000", True),
        (OPEN, "[fd00::9]:8000", True),
        (OPEN, "Monitor:8000", True),
        (OPEN, "monitor.example", False),
        (PROXIED, "monitor.example", True),
        (PROXIED, "127.0.0.1:8000", True),
        (PROXIED, "monitor.example:8000", False),
        (PROXIED, "another.example", False),
    ],
)
def test_the_name_it_is_called_by(doors: Doors, host: str | None, is_in: bool) -> None:
    """Its own addresses and names; a foreign name that leads to this machine is another site's page."""
    assert (doors.refusal(host, None) == "") is is_in


@pytest.mark.parametrize(
    ("doors", "host", "origin", "is_in"),
    [
        (OWN, "localhost:9000", "http://localhost:9000", True),
        (OWN, "localhost:9000", "http://localhost:8000", False),  # another program's page
        (OWN, "127.0.0.1:8000", "http://localhost:8000", False),
        (OWN, "127.0.0.1:8000", "http://site.example", False),
        (OWN, "127.0.0.1:8000", "null", False),
        (OWN, "127.0.0.1:8000", "", False),
        (OPEN, "monitor:8000", "http://monitor:8000", True),
        (OPEN, "monitor:8000", "http://site.example", False),
        (PROXIED, "127.0.0.1:8000", "https://monitor.example", True),
        (PROXIED, "127.0.0.1:8000", "http://monitor.example", False),
        (PROXIED, "monitor.example", "https://monitor.example", True),
    ],
)
def test_whose_page_asks(doors: Doors, host: str, origin: str, is_in: bool) -> None:
    """Its own."""
    assert (doors.refusal(host, origin) == "") is is_in


@pytest.mark.parametrize(
    ("host", "is_own"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("::", False), ("monitor", False)],
)
def test_what_only_this_machine_reaches(host: str, is_own: bool) -> None:
    assert is_loopback(host) is is_own


@given(st.text(max_size=40), st.one_of(st.none(), st.text(max_size=40)))
def test_any_headers(host: str, origin: str | None) -> None:
    """Whatever is sent is answered, and no page of another site ever comes in."""
    for doors in (OWN, OPEN, PROXIED):
        is_in = doors.refusal(host, origin) == ""
        is_own = origin is None or origin.lower() in (f"http://{host.lower()}", f"https://{host.lower()}", doors.public)
        assert is_own or not is_in
