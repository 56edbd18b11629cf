"""`[target.NAME]`: every kind, and one clear line for what is wrong."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aigw_tui.config import Config, load
from aigw_tui.config.targets import load_targets, read_targets
from aigw_tui.errors import ConfigError
from aigw_tui.outlets.notify import Target
from aigw_tui.outlets.notify.target import revealed
from aigw_tui.secret import MASK, Secret, redact
from messages import HOOK, PASSWORD

ALL = f"""
[target.team]
kind = "slack"
url = "https://hooks.example/services/{HOOK}"

[target.near]
kind = "webhook"
url = "http://127.0.0.1:8080/x?key={HOOK}"

[target.phone]
kind = "ntfy"
url_command = ["{sys.executable}", "-c", "print('https://ntfy.example/{HOOK}')"]

[target.mail]
kind = "email"
host = "mx.example.com"
user = "me"
password_command = ["{sys.executable}", "-c", "print('{PASSWORD}')"]
from = "me@example.com"
to = ["you@example.com", "team@example.com"]

[target.old-mail]
kind = "email"
host = "mx.example.com"
port = 465
from = "me@example.com"
to = "you@example.com"

[target.script]
kind = "command"
command = ["notify-send", "{HOOK}"]

[target.any]
kind = "apprise"
url = "tgram://{HOOK}/12"
"""


def made(home: Path, text: str) -> Config:
    path = home / ".config" / "aigw-tui" / "config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return load({}, {})


async def test_every_kind(home: Path) -> None:
    """In the file's order; what is not written has its default; a command is run when the secret is wanted."""
    found = load_targets(made(home, ALL))
    targets = {target.name: target for target in found.targets}
    assert found.complaints == {}
    assert [*targets] == ["team", "near", "phone", "mail", "old-mail", "script", "any"]
    assert targets["team"].url == Secret(f"https://hooks.example/services/{HOOK}")
    assert await revealed(targets["phone"].url) == f"https://ntfy.example/{HOOK}"
    mail, old = targets["mail"], targets["old-mail"]
    assert (mail.host, mail.port, mail.tls, mail.user) == ("mx.example.com", 587, "starttls", "me")
    assert (mail.sender, mail.recipients) == ("me@example.com", ("you@example.com", "team@example.com"))
    assert await revealed(mail.password) == PASSWORD
    assert (old.port, old.tls, old.user, old.recipients) == (465, "implicit", "", ("you@example.com",))
    assert targets["script"].command == ("notify-send", HOOK)


async def test_secrets_are_secret(home: Path) -> None:
    """No repr shows a URL, a password or the words of a command; the redactor knows them from then on, path and all."""
    config = made(home, ALL)
    targets = load_targets(config).targets
    assert HOOK not in repr(config) + repr(targets)
    assert redact(f"GET /services/{HOOK} failed") == f"GET {MASK} failed"
    await revealed(next(target for target in targets if target.name == "mail").password)
    assert PASSWORD not in redact(f"AUTH {PASSWORD}")


def test_nothing_configured(home: Path) -> None:
    """There are no targets, whether there is a file or not; nor for the built-in account."""
    assert load_targets(load({}, {})) == ((), {})
    assert load_targets(made(home, "")) == ((), {})
    made(home, ALL)
    assert load_targets(load({}, {}, demo=True)) == ((), {})


WRONG = [
    ("target = 3", "it is no table"),
    ("[target]\nteam = 3", "([target.team]): it is no table"),
    ('[target."a b"]\nkind = "slack"', "no name for a target"),
    ("[target.team]\n", "it has no kind → use apprise, command, discord, email, ntfy, slack, webhook"),
    ('[target.team]\nkind = "slak"', "kind: 'slak' is not allowed → did you mean slack?"),
    ('[target.team]\nkind = "zzz"', "kind: 'zzz' is not allowed → use one of apprise, command"),
    ('[target.team]\nkind = ["slack"]', "kind: ['slack'] is not allowed"),
    ('[target.team]\nkind = "slack"', "needs url"),
    (f'[target.team]\nkind = "slack"\nurl = "http://hooks.example/{HOOK}"', "url: this value is not allowed"),
    (f'[target.team]\nkind = "slack"\nurl = "https://me:{HOOK}@hooks.example/"', "url: this value is not allowed"),
    (f'[target.team]\nkind = "slack"\nurl = "https://[{HOOK}"', "url: this value is not allowed"),
    ('[target.team]\nkind = "slack"\nurl = 3', "url: this value is not allowed"),
    ('[target.team]\nkind = "slack"\nurll = "https://x"', "no setting urll → did you mean url?"),
    ('[target.team]\nkind = "slack"\nhost = "x"\nurl = "https://x"', "there is no setting host"),
    ('[target.team]\nkind = "email"\nhost = "x"\nfrom = "a@b.c"', "needs to"),
    ('[target.team]\nkind = "email"\nhost = "x"\nto = "a@b.c"\nfrom = "a@b.c\\nBcc: d@e.f"', "from: "),
    ('[target.team]\nkind = "email"\nhost = "x"\nfrom = "a@b.c"\nto = "a@b.c, <d>"', "to: "),
    ('[target.team]\nkind = "email"\nhost = "x y"\nfrom = "a@b.c"\nto = "a@b.c"', "host: "),
    ('[target.team]\nkind = "email"\nhost = "x"\nport = 70000\nfrom = "a@b.c"\nto = "a@b.c"', "port: 70000"),
    (f'[target.team]\nkind = "email"\npassword = "{HOOK}"', "use password_command"),
    ('[target.team]\nkind = "email"\nhost = "x"\nuser = "me"\nfrom = "a@b.c"\nto = "a@b.c"', "go together"),
    ('[target.team]\nkind = "email"\nhost = "x"\ntls = "none"\nfrom = "a@b.c"\nto = "a@b.c"', "with TLS only"),
    ('[target.team]\nkind = "command"\ncommand = []', "command: this value is not allowed"),
    (f'[target.team]\nkind = "apprise"\nurl = "{HOOK}"', "url: this value is not allowed"),
]


@pytest.mark.parametrize(("text", "words"), WRONG)
def test_what_is_wrong_is_said(home: Path, text: str, words: str) -> None:
    """One line that names file and target, with a remedy; no value that may be secret. All else goes on without."""
    found = load_targets(made(home, text))
    assert found.targets == ()
    (error,) = found.complaints.values()
    said = str(error)
    assert words in said
    assert "config.toml" in said
    assert "target" in said
    assert said.isprintable()
    assert HOOK not in said
    assert error.exit_code == 2


def test_the_others_live(home: Path) -> None:
    """Each table is its own: what is wrong with one, or with two, says nothing of the third."""
    found = load_targets(made(home, f'{ALL}\n[target.a]\n[target.b]\nkind = "slak"\nurl = "https://x.example/{HOOK}"'))
    assert [target.name for target in found.targets] == ["team", "near", "phone", "mail", "old-mail", "script", "any"]
    assert [*found.complaints] == ["a", "b"]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("pass", "it printed no URL"),
        ("print('one'); print('two')", "it printed no URL"),
        ("print('x' * 9999)", "too long for a URL"),
        (f"print('{HOOK}'); raise SystemExit(1)", "exit code 1"),
    ],
)
async def test_a_command_without_a_secret(home: Path, code: str, words: str) -> None:
    """Said when the secret is wanted, without what was printed."""
    text = f'[target.team]\nkind = "slack"\nurl_command = [{sys.executable!r}, "-c", "{code}"]'
    (target,) = load_targets(made(home, text)).targets
    with pytest.raises(ConfigError) as caught:
        await revealed(target.url)
    assert words in str(caught.value)
    assert "url_command" in str(caught.value)
    assert HOOK not in str(caught.value)


VALUES = st.recursive(
    st.text(max_size=20) | st.integers() | st.booleans() | st.sampled_from(("slack", "email", "https://x/y", "a@b.c")),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)
KEYS = st.sampled_from(("kind", "url", "host", "port", "tls", "user", "from", "to", "command", "password_command", "x"))


@given(st.dictionaries(st.text(max_size=8) | st.just("team"), st.dictionaries(KEYS, VALUES, max_size=8) | VALUES))
def test_any_table_is_targets_or_one_line(tables: object) -> None:
    """Whatever TOML can hold: each table is one or the other, and nothing is raised."""
    found = read_targets(Path("/x/config.toml"), tables)
    assert all(isinstance(target, Target) for target in found.targets)
    assert all(str(error).isprintable() for error in found.complaints.values())
    assert len(found.targets) + len(found.complaints) == (len(tables) if isinstance(tables, dict) else 1)
