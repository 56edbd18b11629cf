"""The datasets: one file each, found by looking into this folder. A new dataset is one new file with a `DATASET`."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from aigw_tui.datasets.declaration import Adds, Dataset, Group, Key, Measure

__all__ = ["Adds", "Dataset", "Group", "Key", "Measure", "all_datasets", "dataset", "live_datasets"]


def all_datasets() -> tuple[Dataset, ...]:
    """Every dataset that history keeps, by name."""
    return tuple(found for found in declared() if not found.asks)


def live_datasets() -> tuple[Dataset, ...]:
    """Every dataset that is asked for only while somebody looks at it, by name."""
    return tuple(found for found in declared() if found.asks)


def dataset(name: str) -> Dataset:
    """The dataset of that name. Raises KeyError."""
    for found in declared():
        if found.name == name:
            return found
    raise KeyError(f"there is no dataset {name!r}")


@cache
def declared() -> tuple[Dataset, ...]:
    """All of them, by name."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    modules = (importlib.import_module(f"{__name__}.{name}") for name in names)
    return tuple(found for module in modules if isinstance(found := getattr(module, "DATASET", None), Dataset))
