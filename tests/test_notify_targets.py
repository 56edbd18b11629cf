"""What each target is sent: bounded, and harmless whatever stands in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aigw_tui.errors import BadDataError, ConfigError
from aigw_tui.format import clean
from aigw_tui.model import Message
from aigw_tui.outlets.notify import Target, bell, discord, ntfy, slack, webhook
from aigw_tui.outlets.notify.channels import all_channels, channel_of
from aigw_tui.outlets.notify.document import bounded, document, encoded, read, written
from aigw_tui.outlets.notify.email import mail
from aigw_tui.outlets.notify.wording import body, cut, headline, utf8
from messages import FIRED, HOSTILE, at, hostile
from wire import NOW, http, serve

MAIL = Target("team", "email", host="mx", sender="me@example.com", recipients=("you@example.com", "x@example.com"))
TEXTS = st.text(st.characters(), max_size=300)
MESSAGES = st.builds(
    Message,
    TEXTS,
    st.sampled_from(("info", "warning", "critical")),
    TEXTS,
    st.just(NOW),
    st.sampled_from(("firing", "resolved", "repeat", "report", "test")),
    st.lists(TEXTS, max_size=4).map(tuple),
    st.lists(st.tuples(TEXTS, TEXTS), max_size=4).map(tuple),
)


def strings(value: Any) -> Iterator[str]:
    """Every text in a JSON value, names of objects too."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)
    elif isinstance(value, str):
        yield value


def test_all_kinds_are_found() -> None:
    """One file each."""
    assert [*all_channels()] == ["apprise", "command", "discord", "email", "ntfy", "slack", "webhook"]


def test_slack() -> None:
    """A header and a section of plain text, the same twice for a notification."""
    assert slack.payload(FIRED)["blocks"] == [
        {"type": "header", "text": {"type": "plain_text", "text": "warning: errors on prod at 7.2 %", "emoji": False}},
        {
            "type": "section",
            "text": {
                "type": "plain_text",
                "text": "7.2 % of 1,204 requests failed in the last 15 min.\nMost of them: 429 from workers-ai.\n\n"
                "gateway: prod\nsince: 14:05 UTC\n\n23 Nov 2026 14:05 UTC",
                "emoji": False,
            },
        },
    ]


def test_discord() -> None:
    """An embed whose fields are the facts, in the colour of the severity, at the message's own time."""
    (embed,) = discord.payload(FIRED)["embeds"]
    assert (embed["title"], embed["timestamp"]) == ("warning: errors on prod at 7.2 %", "2026-11-23T14:05:00Z")
    assert embed["fields"][0] == {"name": "gateway", "value": "prod", "inline": True}
    assert "@cf/meta/llama\\_3" in discord.payload(replace(FIRED, title="@cf/meta/llama_3"))["embeds"][0]["title"]


async def test_ntfy() -> None:
    """Published to the root of the server, below its path, the topic in the body; a query goes along."""
    async with serve(http(b"{}")) as wire:
        await channel_of("ntfy").send(at(f"{wire.url}/my-topic?auth=abc", "ntfy"), FIRED)
        with pytest.raises(ConfigError, match="names no topic"):
            await channel_of("ntfy").send(at(wire.url.removesuffix("/client/v4"), "ntfy"), FIRED)
    (asked,) = wire.asked
    sent = json.loads(asked.body)
    assert asked.path == "/client/v4/?auth=abc"
    assert (sent["topic"], sent["title"], sent["priority"]) == ("my-topic", "warning: errors on prod at 7.2 %", 4)
    assert (sent["tags"], ntfy.payload(replace(FIRED, kind="resolved"), "x")["priority"]) == (["warning"], 3)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("firing", "critical: x"),
        ("repeat", "still critical: x"),
        ("resolved", "resolved: x"),
        ("report", "report: x"),
        ("test", "test: x"),
    ],
)
def test_headlines(kind: Any, words: str) -> None:
    """What happened stands first."""
    assert headline(Message("i", "critical", "x", NOW, kind)) == words


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts(text: str) -> None:
    """For every target: one line a text, no character that is not printable, no mention, markup or link."""
    message = bounded(hostile(text))
    for sent in (slack.payload(message), discord.payload(message), ntfy.payload(message, "t"), document(message)):
        encoded(sent)
        for found in strings(sent):
            assert all(line.isprintable() for line in found.split("\n")), found
    for found in strings(slack.payload(message)):
        assert not re.search(r"[<>]|&(?!amp;|lt;|gt;)", found)
    shown = [found for found in strings(discord.payload(message)["embeds"]) if found != "timestamp"]
    for found in shown:
        assert not re.search(r"@(everyone|here)", found, re.I)
        assert not re.search(r"(?<!\\)(?:\\\\)*[<\[*`|~]", found)
    assert discord.payload(message)["allowed_mentions"] == {"parse": []}
    assert webhook.ID_HEADER == "Idempotency-Key"
    assert re.fullmatch(r"[A-Za-z0-9._:-]{1,100}", message.key)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_mail(text: str) -> None:
    """The headers are ours alone, each one line; the text is what it was, cleaned."""
    made = mail(MAIL, bounded(hostile(text)))
    raw = made.as_bytes()
    head = raw.partition(b"\n\n")[0].decode("ascii")
    names = re.findall(r"^([A-Za-z-]+):", head, re.M)
    assert sorted(names) == sorted(
        ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Type", "Content-Transfer-Encoding",
         "MIME-Version"]
    )  # fmt: skip
    assert made["To"] == "you@example.com, x@example.com"
    assert str(made["Subject"]).isprintable()
    for line in made.get_content().split("\n"):
        assert line.isprintable()


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_bell(text: str) -> None:
    """A bell, one OSC 9 with printable text that begins with our name, and its end: nothing else a terminal obeys."""
    found = bell(hostile(text))
    assert found.startswith(b"\x07\x1b]9;aigw-tui: critical: ")
    assert found.endswith(b"\x1b\\")
    inner = found[len(b"\x07\x1b]9;") : -2].decode()
    assert inner.isprintable()
    assert inner == clean(inner)


@given(MESSAGES)
def test_what_is_stored_is_what_is_sent(message: Message) -> None:
    """Through the outbox's text and back, nothing is lost of a message that is bounded; to bound it twice is once."""
    once = bounded(message)
    assert bounded(once) == once
    assert read(written(once)) == once
    assert once.key == message.key


@given(st.recursive(st.none() | st.booleans() | st.floats() | TEXTS, lambda inner: st.lists(inner) | st.dictionaries(
    st.sampled_from(("id", "kind", "severity", "at", "title", "lines", "facts", "html", "name", "value")), inner
), max_leaves=8) | st.fixed_dictionaries({key: st.just(value) | st.none() | st.integers() | st.lists(st.integers())
    for key, value in (document(FIRED) | {"html": ""}).items()}))  # fmt: skip
def test_a_damaged_text_is_bad_data(value: Any) -> None:
    """Whatever stands in the outbox is a message or BadDataError."""
    try:
        assert isinstance(read(json.dumps(value)), Message)
    except BadDataError as error:
        assert "damaged" in error.why  # noqa: PT017 - either is right


@given(MESSAGES)
def test_limits_of_the_targets(message: Message) -> None:
    """Slack's 150 and 3,000 characters, Discord's 6,000 in all and nothing empty, ntfy's 4,096 bytes."""
    sent = bounded(replace(message, title=message.title * 9, lines=message.lines * 90, facts=message.facts * 20))
    head, section = slack.payload(sent)["blocks"]
    assert 0 < len(head["text"]["text"]) <= 150
    assert 0 < len(section["text"]["text"]) <= 3000
    (embed,) = discord.payload(sent)["embeds"]
    assert len(embed["title"]) <= 256
    assert len(embed["description"]) <= 4096
    assert len(embed["fields"]) <= 25
    assert all(0 < len(field["name"]) <= 256 and 0 < len(field["value"]) <= 1024 for field in embed["fields"])
    texts = [embed["title"], embed["description"], *(field[key] for field in embed["fields"] for key in field)]
    assert sum(len(text) for text in texts if isinstance(text, str)) <= 6000
    assert utf8(ntfy.payload(sent, "t")["message"]) <= 4096


@given(MESSAGES)
def test_any_mail_can_be_written(message: Message) -> None:
    """And read again as it was: a subject of one line, the text, and nobody added to those it goes to."""
    sent = bounded(message)
    found: Any = message_from_bytes(mail(MAIL, sent).as_bytes(), policy=default)
    assert found["To"] == "you@example.com, x@example.com"
    assert found["Bcc"] is None
    assert " ".join(str(found["Subject"]).split()) == " ".join(f"[aigw-tui] {headline(sent)}"[:200].split())
    assert found.get_content().strip() == body(sent).strip()


@given(TEXTS, st.integers(1, 50))
def test_cut(text: str, longest: int) -> None:
    """As much as fits, by whatever measure, and a sign where something is missing."""
    for size in (len, lambda part: 2 * len(part) + 1):
        found = cut(text, longest + 2, size)
        assert size(found) <= longest + 2
        if found != text:
            assert found.endswith("…")
            assert size(text[: len(found)] + "…") > longest + 2


def test_a_message_is_bounded() -> None:
    """What a table of 500 models would be is cut, and says so."""
    many = replace(FIRED, lines=("x" * 5_000,) * 500, facts=(("n" * 500, "v" * 5_000),) * 500, html="x" * 2_000_000)
    found = bounded(many)
    assert (len(found.lines), found.lines[-1], len(found.lines[0]), len(found.facts)) == (200, "…", 1_000, 50)
    assert (len(found.facts[0][0]), len(found.facts[0][1]), found.html) == (100, 500, "")
    assert len(written(found)) < 1_000_000
    assert body(found).endswith("23 Nov 2026 14:05 UTC")
