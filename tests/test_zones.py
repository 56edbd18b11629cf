"""The clock in another time zone: which names are taken, what is said of others, and what the top line shows."""

from __future__ import annotations

import sys
import zoneinfo
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aigw_tui.config import load
from aigw_tui.config.zones import zone_of
from aigw_tui.errors import ConfigError
from aigw_tui.model import Budget, Freshness, Scope, Snapshot, State
from aigw_tui.tui.lines import plain, width_of
from aigw_tui.tui.status import clock_words, status_line
from stage import Stage
from world import ACCOUNT, NOW, empty


def clock_in(zone: str, moment: str) -> str:
    """What the clock shows at a moment of UTC."""
    return " ".join(clock_words(datetime.fromisoformat(f"{moment}Z"), zone_of(zone, Path())))


def complaint(name: object, flag: bool = True) -> str:
    with pytest.raises(ConfigError) as caught:
        load({"tz": name} if flag else {}, {} if flag else {"AIGW_TZ": str(name)}, demo=True)
    text = str(caught.value)
    assert "\n" not in text
    return text


@pytest.fixture
def no_zones(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine without tzdata, neither the system's nor Python's."""
    for name in ("tzdata", *(one for one in sys.modules if one.startswith("tzdata."))):
        monkeypatch.setitem(sys.modules, name, None)
    zoneinfo.reset_tzpath(to=())
    zoneinfo.ZoneInfo.clear_cache()
    yield
    zoneinfo.reset_tzpath()


@pytest.mark.parametrize(
    ("zone", "moment", "shown"),
    [
        ("UTC", "2026-11-23T14:05", "14:05 UTC"),
        ("Europe/Berlin", "2026-03-29T00:59", "01:59 CET"),
        ("Europe/Berlin", "2026-03-29T01:00", "03:00 CEST"),
        ("Europe/Berlin", "2026-10-25T00:59", "02:59 CEST"),
        ("Europe/Berlin", "2026-10-25T01:00", "02:00 CET"),
        ("Asia/Kathmandu", "2026-11-23T18:20", "00:05 +05:45"),
        ("Australia/Lord_Howe", "2026-04-04T14:59", "01:59 +11:00"),
        ("Australia/Lord_Howe", "2026-04-04T15:00", "01:30 +10:30"),
        ("Australia/Lord_Howe", "2026-10-03T15:29", "01:59 +10:30"),
        ("Australia/Lord_Howe", "2026-10-03T15:30", "02:30 +11:00"),
        ("America/St_Johns", "2026-11-23T03:00", "23:30 NST"),
        ("America/Caracas", "2026-11-23T03:00", "23:00 -04:00"),
    ],
)
def test_the_clock(zone: str, moment: str, shown: str) -> None:
    """On both sides of every change, also where it is half an hour; numbers stand for zones without a short name."""
    assert clock_in(zone, moment) == shown


def test_it_can_be_set_everywhere(home: Path) -> None:
    """A flag, a variable, a key of config.toml; unset it is UTC."""
    assert str(load({}, {}).tz) == "UTC"
    assert str(load({}, {"AIGW_TZ": "Asia/Kathmandu"}).tz) == "Asia/Kathmandu"
    assert str(load({"tz": "Europe/Berlin"}, {"AIGW_TZ": "Asia/Kathmandu"}).tz) == "Europe/Berlin"
    path = home / ".config" / "aigw-tui" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text('tz = "Europe/Berlin"\n')
    assert str(load({}, {}).tz) == "Europe/Berlin"


def test_a_name_that_is_almost_right() -> None:
    """Small letters, a city alone and a slip of the finger are understood, though not taken."""
    for name in ("europe/berlin", "Berlin", "Europe/Berlinn"):
        assert complaint(name) == f"configuration: --tz: there is no time zone {name} → did you mean Europe/Berlin?"
    assert complaint("new york").endswith("→ did you mean America/New_York?")
    assert "AIGW_TZ: there is no time zone Berlin" in complaint("Berlin", flag=False)


@pytest.mark.parametrize(
    "name", ["", "Europe", "../../etc/passwd", "/etc/passwd", "a" * 5000, "zone.tab", "\x1b[2J", 5]
)
def test_a_name_that_is_none(name: object) -> None:
    """A folder of zones, another file, a path out of them, nothing: one clean line that shows what would do."""
    assert complaint(name).isprintable()


def test_a_machine_without_zones(no_zones: None) -> None:
    """UTC needs no data; for anything else one line says which package is missing."""
    assert clock_in("UTC", "2026-11-23T14:05") == "14:05 UTC"
    assert str(load({"tz": "UTC"}, {}, demo=True).tz) == "UTC"
    assert complaint("Europe/Berlin") == (
        "configuration: --tz: this machine has no data of time zones → install the package tzdata, or leave tz out"
    )


@pytest.mark.parametrize("width", [120, 80, 60, 40])
@pytest.mark.parametrize("zone", ["Europe/Berlin", "Asia/Kathmandu"])
def test_the_top_line(zone: str, width: int) -> None:
    """The clock stands at the right end, whole, at every size that shows one."""
    snapshot = Snapshot(Scope(), 1, NOW, empty(), labels=((ACCOUNT, "acme"),))
    freshness = Freshness(State.LIVE, NOW, budget=Budget(4))
    one = status_line(snapshot, freshness, NOW, width, zone_of(zone, Path()))
    assert width_of(one) == width
    assert plain([one]).endswith({"Europe/Berlin": "15:05 CET", "Asia/Kathmandu": "19:50 +05:45"}[zone])


async def test_only_the_clock_of_the_top_line_moves() -> None:
    """Windows, hours and run-out times are UTC whatever the clock shows."""
    there = Stage()
    there.monitor._zone = zone_of("Asia/Kathmandu", Path())
    async with there.running():
        await there.until(lambda: there.clock.has_sleepers)
        await there.until(lambda: "19:50 +05:45" in there.text().splitlines()[0])
        below = "\n".join(there.text().splitlines()[1:])
        there.monitor._zone = UTC
        there.monitor.write_lines()
        await there.until(lambda: "14:05 UTC" in there.text().splitlines()[0])
        assert "\n".join(there.text().splitlines()[1:]) == below
