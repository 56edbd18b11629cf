"""The panels: one file each, found by looking into this folder. A new panel is one new file with one `Panel`."""

from __future__ import annotations

import importlib
import pkgutil

from aigw_tui.tui.panel import Panel


def all_panels() -> tuple[tuple[str, type[Panel]], ...]:
    """(name, class) of every panel, by the digit that focuses it, then by name."""
    found: list[tuple[str, type[Panel]]] = []
    for module in pkgutil.iter_modules(__path__):
        loaded = importlib.import_module(f"{__name__}.{module.name}")
        found += [
            (module.name, kind)
            for kind in vars(loaded).values()
            if isinstance(kind, type) and issubclass(kind, Panel) and kind.__module__ == loaded.__name__
        ]
    return tuple(sorted(found, key=lambda one: (one[1].KEY or "~", one[0])))
