"""A target is examined without being sent to: its secrets can be read, its URL is one, its program is there."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from aigw_tui.errors import ConfigError
from aigw_tui.outlets.notify import Target, examine
from aigw_tui.outlets.notify.channels import all_channels
from aigw_tui.secret import Secret
from messages import HOOK, PASSWORD, at
from wire import http, serve

WEB = ("webhook", "slack", "discord", "ntfy")


def refused() -> Secret:
    raise ConfigError("it printed no URL", "let it print one line")


@pytest.mark.parametrize("kind", WEB)
async def test_nothing_is_sent(kind: str) -> None:
    """Not even a connection is opened."""
    async with serve(http(b"ok")) as wire:
        await examine(at(f"{wire.url}/{HOOK}", kind))
        assert wire.asked == []


@pytest.mark.parametrize("kind", WEB)
@pytest.mark.parametrize("url", [f"http://h.example/{HOOK}", f"ftp://h.example/{HOOK}", f"https://[{HOOK}/x", HOOK])
async def test_a_url_that_is_none(kind: str, url: str) -> None:
    """One line without it, with the target's name in the remedy."""
    with pytest.raises(ConfigError) as caught:
        await examine(Target("team", kind, url=lambda: Secret(url)))
    assert "[target.team]" in caught.value.remedy
    assert HOOK not in str(caught.value)


async def test_a_topic_is_wanted() -> None:
    """By ntfy."""
    with pytest.raises(ConfigError, match="names no topic"):
        await examine(at("https://ntfy.example/", "ntfy"))


@pytest.mark.parametrize("kind", [kind for kind, channel in all_channels().items() if "url" in channel.NEEDS])
async def test_a_url_that_cannot_be_read(kind: str) -> None:
    """What its program says is passed on."""
    with pytest.raises(ConfigError, match="it printed no URL"):
        await examine(Target("team", kind, url=refused))


async def test_mail() -> None:
    """Its password can be read; the server is not asked."""
    mail = Target("team", "email", host="127.0.0.1", port=1, user="me", sender="a@b.c", recipients=("d@e.f",))
    await examine(mail)
    with pytest.raises(ConfigError, match="it printed no URL"):
        await examine(Target("team", "email", host="127.0.0.1", port=1, user="me", password=refused))


async def test_a_program(tmp_path: Path) -> None:
    """It is there and may be run; it is not run."""
    await examine(Target("team", "command", command=(sys.executable, "-c", "raise SystemExit(1)")))
    plain = tmp_path / "plain"
    plain.write_text("no program")
    plain.chmod(0o600)
    for word in ("no-such-program-anywhere", str(plain), str(tmp_path)):
        with pytest.raises(ConfigError, match=f"cannot run {word}: there is no such program") as caught:
            await examine(Target("team", "command", command=(word, PASSWORD)))
        assert PASSWORD not in str(caught.value)


async def test_apprise_may_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then how to install it is said."""
    monkeypatch.delitem(sys.modules, "apprise", raising=False)
    monkeypatch.setattr("sys.path", [])
    monkeypatch.setattr("sys.path_importer_cache", {})
    with pytest.raises(ConfigError, match="Apprise is not installed"):
        await examine(at(f"tgram://{HOOK}/12", "apprise"))
