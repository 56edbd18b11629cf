"""The datasets: one file each, found by looking into this folder. A new dataset is one new file with a `DATASET`."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from aigw_tui.datasets.declaration import Adds, Dataset, Group, Key, Measure

__all__ = ["Adds", "Dataset", "Group", "Key", "Measure", "all_datasets", "dataset"]


@cache
def all_datasets() -> tuple[Dataset, ...]:
    """Every declared dataset, by name."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    modules = (importlib.import_module(f"{__name__}.{name}") for name in names)
    return tuple(found for module in modules if isinstance(found := getattr(module, "DATASET", None), Dataset))


def dataset(name: str) -> Dataset:
    """The dataset of that name. Raises KeyError."""
    for found in all_datasets():
        if found.name == name:
            return found
    raise KeyError(f"there is no dataset {name!r}")
