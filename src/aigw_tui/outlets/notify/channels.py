"""The kinds of target: one file each, found by looking into this folder."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from aigw_tui.outlets.notify.channel import Channel


@cache
def all_channels() -> Mapping[str, type[Channel]]:
    """Kind → its class, by name."""
    found: dict[str, type[Channel]] = {}
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        loaded = importlib.import_module(f"{__package__}.{module.name}")
        for kind in vars(loaded).values():
            if isinstance(kind, type) and issubclass(kind, Channel) and kind.__module__ == loaded.__name__:
                found |= {kind.KIND: kind} if kind is not Channel else {}
    return MappingProxyType(dict(sorted(found.items())))


def channel_of(kind: str) -> Channel:
    """Raises KeyError for a kind that there is not; the configuration has none."""
    return all_channels()[kind]()
