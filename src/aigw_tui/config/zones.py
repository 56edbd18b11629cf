"""A time zone by its IANA name, and what to say of a name that is none."""

from __future__ import annotations

from datetime import UTC, tzinfo
from pathlib import Path

from aigw_tui.config.kinds import Kind, RefusedError
from aigw_tui.format import clean, did_you_mean

EXAMPLE = "use a name such as Europe/Berlin"


def zone_of(value: object, _: Path) -> tzinfo:
    """The zone of that name; UTC needs no data. Raises RefusedError."""
    if value == "UTC":
        return UTC
    # late, because hardly anybody sets it
    from zoneinfo import ZoneInfo

    try:
        if isinstance(value, str) and value:
            return ZoneInfo(value)
    except (KeyError, OSError, ValueError):
        pass  # unknown; a folder of zones; a path, or a file that holds none
    raise _refused(value)


def _refused(value: object) -> RefusedError:
    from zoneinfo import available_timezones

    known = available_timezones()
    if not known:
        return RefusedError("this machine has no data of time zones", "install the package tzdata, or leave tz out")
    word = clean(value, 60)
    folded = {name.casefold(): name for name in sorted(known)}
    same = folded.get(word.casefold()) or next((name for name in sorted(known) if _is_city(name, word)), "")
    remedy = f"did you mean {same}?" if same else did_you_mean(word, sorted(known), EXAMPLE)
    return RefusedError(f"there is no time zone {word}" if word else "a time zone has a name", remedy)


def _is_city(name: str, word: str) -> bool:
    """Whether that is the last part of a zone's name: `berlin`, `new york`."""
    return name.rpartition("/")[2].casefold() == word.casefold().replace(" ", "_")


ZONE = Kind("time zone", "the IANA name of a time zone: Europe/Berlin", zone_of)
