"""Every test runs as a stranger on a clean machine: never with the developer's own configuration, token or folders."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from aigw_tui.insight.prices import prefer

OWN = ("CLOUDFLARE_", "AIGW_", "CF_", "XDG_", "AI_GATEWAY_")
OWN_NAMES = ("ACCOUNT_ID", "GATEWAY_NAME", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "SSH_CONNECTION", "COLORFGBG")
LOCALE = ("LC_ALL", "LC_CTYPE", "LANG")

# A shell starts what runs in the background with SIGINT ignored, and every program that a test starts would inherit it.
signal.signal(signal.SIGINT, signal.default_int_handler)

# How long an example takes says how busy the machine is; and what lands is judged by the same examples every time.
settings.register_profile(
    "by count",
    deadline=None,
    max_examples=60,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("by count")


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home folder; the current folder is another empty one."""
    for name in os.environ:
        if name.startswith(OWN) or name in OWN_NAMES:
            monkeypatch.delenv(name)
    for name in LOCALE:
        monkeypatch.delenv(name, raising=False)
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.chdir(tmp_path_factory.mktemp("work"))
    return home


@pytest.fixture(autouse=True)
def process_state() -> Iterator[None]:
    """What the program sets for the whole process is as before afterwards: hooks, log handlers and levels, prices."""
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    root = logging.getLogger()
    handlers = list(root.handlers)
    loggers = [root, *(logging.getLogger(name) for name in ("aigw_tui", "httpx", "httpcore", "asyncio"))]
    levels = [logger.level for logger in loggers]
    yield
    prefer({})
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
    for handler in [handler for handler in root.handlers if handler not in handlers]:
        root.removeHandler(handler)
        handler.close()
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)
    logging.captureWarnings(False)
