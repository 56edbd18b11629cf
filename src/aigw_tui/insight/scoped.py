"""What a scope means to a dataset: which rows it lets through, and whether the dataset can tell them apart."""

from __future__ import annotations

import re

from aigw_tui.datasets import dataset as dataset_named
from aigw_tui.datasets.gateway import WORKERS_AI
from aigw_tui.model import Scope, Views

Pairs = tuple[tuple[str, tuple[str, ...]], ...]
"""What `Query.where` takes."""
ACCOUNT_WIDE = ("neurons", "refusals")
"""Datasets of what Workers AI ran, through a gateway or past all of them."""


def where(views: Views, scope: Scope, dataset: str) -> Pairs:
    """The scope's pairs that the dataset has a key for; the rest is left out, so ask `is_covered` as well.

    The scope's pattern becomes the names it matches; when it matches none, no row is let through.
    Raises KeyError for a dataset that does not exist.
    """
    keys = ("account", *dataset_named(dataset).key_names)
    pairs = {name: values for name, values in scope.where if name in keys}
    if scope.pattern and "model" in keys:
        kept = "requests" if dataset_named(dataset).asks else dataset
        names = pairs.get("model") or views.names(kept, "model")
        pairs["model"] = matching(scope.pattern, names)
    return tuple(pairs.items())


def is_covered(scope: Scope, dataset: str) -> bool:
    """Whether the dataset's rows are exactly the scope's, or a wider set that must not be shown as if they were.

    A model of Workers AI has the same name there as in requests, so its provider is no further question; the provider
    alone is one, because Workers AI also counts what never went through a gateway.
    """
    keys = ("account", *dataset_named(dataset).key_names)
    missing = {name: values for name, values in scope.where if name not in keys}
    if dataset in ACCOUNT_WIDE and scope.values("model") and missing.get("provider") == (WORKERS_AI,):
        del missing["provider"]
    return not missing and not (scope.pattern and "model" not in keys)


def is_expression(pattern: str) -> bool:
    """Whether it compiles; what does not is searched for as it stands."""
    try:
        re.compile(pattern.removeprefix("!"))
    except re.error:
        return False
    return True


def matching(pattern: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """The names that a pattern lets through: a regular expression, in any case, `!` in front inverts it.

    What is no regular expression (yet) is searched for as it stands.
    """
    is_inverted = pattern.startswith("!")
    wanted = pattern[1:] if is_inverted else pattern
    try:
        found = re.compile(wanted, re.IGNORECASE)
    except re.error:
        found = re.compile(re.escape(wanted), re.IGNORECASE)
    return tuple(name for name in names if bool(found.search(name)) is not is_inverted)
