"""Who may import whom: data flow one way, and each heavy library has one place."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

SOURCE = Path(__file__).parent.parent / "src"
PACKAGE = SOURCE / "aigw_tui"

NOUNS = {"model", "errors", "format"}
GROUND = NOUNS | {"secret", "clock"}
LAYERS: dict[str, set[str]] = {
    "model": set(),
    "errors": set(),
    "format": set(),
    "secret": set(),
    "origin": set(),
    "clock": set(),
    "datasets": NOUNS,
    "insight": NOUNS | {"datasets"},
    "source": NOUNS | {"datasets"},
    "transport": GROUND | {"origin"},
    "cloudflare": GROUND | {"datasets", "source", "transport"},
    "demo": GROUND | {"datasets", "source", "transport"},
    "history": {"model", "errors", "datasets"},
    "feed": GROUND | {"datasets", "source", "history", "insight"},
    "outlets": NOUNS | {"insight", "history"},
    "tui": NOUNS | {"insight", "feed"},
    "web": {"errors", "format", "secret"},
}
"""Part → parts it may import, besides itself. What is not named here puts the parts together and may import any."""

NOTIFY = {"aigw_tui.transport", "aigw_tui.secret"}
"""What `outlets/notify` may import besides: it sends to secret URLs."""

LIBRARIES: dict[str, tuple[str, ...]] = {
    "aiohttp": ("web/",),
    "apprise": ("outlets/notify/apprise.py",),
    "dotenv": ("config/layers.py",),
    "graphql": ("demo/",),
    "httpx": ("transport/",),
    "msgspec": ("cloudflare/", "datasets/"),
    "platformdirs": ("locations.py",),
    "plotext": ("tui/chart.py",),
    "rich": ("tui/",),
    "sqlite3": ("history/",),
    "stamina": ("cloudflare/",),
    "textual": ("tui/",),
    "textual_serve": ("web/",),
}
"""Library → the files that may import it; no other library is imported anywhere."""


class Import(NamedTuple):
    """One import statement that runs."""

    file: str
    line: int
    module: str


def imports(file: Path) -> Iterator[Import]:
    """All imports of a file, late ones too, without those that only a type checker sees."""
    name = file.relative_to(PACKAGE).as_posix()
    todo: list[ast.AST] = [ast.parse(file.read_text())]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            todo += node.orelse
            continue
        todo += ast.iter_child_nodes(node)
        if isinstance(node, ast.Import):
            yield from (Import(name, node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}:{node.lineno}: relative import"
            # `from aigw_tui import secret` imports a part; `from aigw_tui.model import Window` a name of one.
            names = [alias.name for alias in node.names] if node.module == "aigw_tui" else [""]
            yield from (Import(name, node.lineno, f"{node.module}.{alias}".rstrip(".")) for alias in names)


def part_of(file: str) -> str:
    """`tui` for `tui/app.py`, `model` for `model.py`."""
    return file.partition("/")[0].removesuffix(".py")


FILES = sorted(PACKAGE.rglob("*.py"))
IMPORTS = [found for file in FILES for found in imports(file)]


@pytest.mark.parametrize("part", LAYERS)
def test_a_part_imports_only_what_is_below_it(part: str) -> None:
    """No file of a part imports a part that is not below it, not even late."""
    allowed = {part, "__version__", *LAYERS[part]}
    wrong = [
        found
        for found in IMPORTS
        if part_of(found.file) == part
        and found.module.startswith("aigw_tui.")
        and found.module.split(".")[1] not in allowed
        and not (found.file.startswith("outlets/notify/") and found.module in NOTIFY)
    ]
    assert wrong == []


def test_each_library_has_its_place() -> None:
    """Every library that is not Python's own is declared here, and imported only where it belongs."""
    wrong = [
        found
        for found in IMPORTS
        if (library := found.module.partition(".")[0]) != "aigw_tui"
        and not found.file.startswith(LIBRARIES.get(library, ()))
        and not (library in sys.stdlib_module_names and library not in LIBRARIES)
    ]
    assert wrong == []


def test_the_parts_have_no_circle() -> None:
    """The table itself flows one way: no part is above and below another."""
    below = {part: set(parts) for part, parts in LAYERS.items()}
    while ready := {part for part, parts in below.items() if not parts & below.keys()}:
        below = {part: parts for part, parts in below.items() if part not in ready}
    assert below == {}


FORBIDDEN: dict[str, set[str]] = {
    "model": {*LIBRARIES, "asyncio"},
    "errors": {*LIBRARIES, "asyncio"},
    "format": {*LIBRARIES, "asyncio"},
    "secret": {*LIBRARIES, "asyncio"},
    "origin": {*LIBRARIES, "asyncio"},
    "datasets": set(LIBRARIES) - {"msgspec"},
    "insight": set(LIBRARIES) - {"msgspec"},
    "source": set(LIBRARIES) - {"msgspec"},
    "history": set(LIBRARIES) - {"msgspec", "sqlite3"},
    "feed": set(LIBRARIES) - {"msgspec", "sqlite3"},
    "cloudflare": {"textual", "plotext", "graphql", "sqlite3", "dotenv", "platformdirs"},
    "demo": {"textual", "plotext", "sqlite3", "dotenv", "platformdirs"},
    "outlets": {"textual", "plotext", "graphql"},
    "tui": {"httpx", "graphql", "plotext", "aiohttp"},
    "web": {"textual", "plotext", "httpx", "graphql", "sqlite3"},
    "cli": {*LIBRARIES, "asyncio"},
    "words": {*LIBRARIES, "asyncio"},
    "commands": {*LIBRARIES, "asyncio"},
}
"""Part → what must not be loaded when every file of it has been imported."""


@pytest.mark.parametrize("part", FORBIDDEN)
def test_what_a_part_loads(part: str) -> None:
    """A fresh interpreter that imports every file of a part has loaded nothing that is not the part's business."""
    modules = [
        ".".join(file.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")
        for file in FILES
        if part_of(file.relative_to(PACKAGE).as_posix()) == part
    ]
    script = f"import sys, importlib\nfor name in {modules}: importlib.import_module(name)\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not FORBIDDEN[part] & set(done.stdout.split())
