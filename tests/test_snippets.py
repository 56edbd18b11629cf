"""What is handed out to paste, byte for byte, and that no name breaks out of it."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from aigw_tui.model import Gateway
from aigw_tui.outlets import snippets

ACCOUNT = "0123456789abcdef0123456789abcdef"
GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize(
    ("name", "gateway"),
    [
        ("calls-cached", Gateway("prod", cache_ttl_s=300, is_authenticated=True)),
        ("calls-uncached", Gateway("prod", cache_ttl_s=0, is_authenticated=False)),
        ("calls-unknown", Gateway("prod")),
    ],
)
def test_calls(name: str, gateway: Gateway) -> None:
    """For a gateway that caches and is authenticated, one that does neither, and one whose settings are unknown."""
    check(name, snippets.all_calls(ACCOUNT, gateway, "2026-11-23"))


def test_dotenv() -> None:
    """The token's place is empty: what is printed stays in terminals and repositories."""
    check("dotenv", snippets.dotenv((ACCOUNT, "b"), "prod"))
    assert "AI_GATEWAY_ID" not in snippets.dotenv((ACCOUNT,), "")


@pytest.mark.parametrize("name", ['"; rm -rf ~; "', "$(id)", "`id`", "a\\", "../..", "x'y"])
def test_hostile_names(name: str) -> None:
    """A gateway's name stays one string in the Worker, and one word without a meaning in the shell."""
    gateway = Gateway(name, cache_ttl_s=60)
    found = re.search(r'id: ("(?:[^"\\]|\\.)*"), skipCache', snippets.worker(gateway))
    assert found
    assert json.loads(found[1]) == name
    words = shlex.split(snippets.rest_call(ACCOUNT, gateway).replace("\\\n", ""), comments=True)
    assert (words[0], words[2], words.count("curl")) == ("curl", "-H", 1)
    assert re.fullmatch(
        r"https://gateway\.ai\.cloudflare\.com/v1/[0-9a-f]{32}/[\w.%~-]+/workers-ai/[\w./@-]+", words[1]
    )


def check(name: str, text: str) -> None:
    path = GOLDEN / f"{name}.txt"
    if not path.exists():
        path.write_text(text)
        pytest.fail(f"{path.name} is new: look at it, and run the test again")
    assert text == path.read_text()
