"""The configuration: precedence, sources, kinds, wrong keys and values, and where the token comes from."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aigw_tui.config import Config, load, reference, settings
from aigw_tui.errors import ConfigError
from aigw_tui.secret import Secret, redact

CANARY = "canary-91f0c2-token-value"
ROOT = Path(__file__).parent.parent


@pytest.fixture
def file(home: Path) -> Path:
    """The person's config.toml, not written yet."""
    path = home / ".config" / "aigw-tui" / "config.toml"
    path.parent.mkdir(parents=True)
    return path


def made(environ: Mapping[str, str] | None = None, **flags: object) -> Config:
    """The configuration in the current folder."""
    return load(flags, environ or {})


def made_for_demo(environ: Mapping[str, str], **flags: object) -> Config:
    """The same for the built-in account."""
    return load(flags, environ, demo=True)


def complaint(environ: Mapping[str, str] | None = None, **flags: object) -> str:
    """What is said of a wrong configuration: always one line, always exit code 2."""
    with pytest.raises(ConfigError) as caught:
        made(environ, **flags).token()
    text = str(caught.value)
    assert "\n" not in text
    assert caught.value.exit_code == 2
    return text


class TestPrecedence:
    """Flags over environment over config.toml over .env over defaults."""

    def test_nothing_set(self, home: Path) -> None:
        """A clean machine has the documented defaults, no token, and says so of each key."""
        config = made()
        assert (config.interval, config.plan, config.neuron_limit, config.cost_limit_day) == (60, "free", 10_000, None)
        assert (config.account, config.gateway, config.theme) == ((), (), None)
        assert config.base_url == "https://api.cloudflare.com/client/v4"
        assert config.store == home / ".local" / "share" / "aigw-tui" / "history.sqlite"
        assert config.token() is None
        assert set(config.sources) == {*settings(), "token"}
        assert set(config.sources.values()) == {"default"}

    def test_each_place_wins_over_the_next(self, file: Path) -> None:
        """Taking the places away one by one, the next counts, and the configuration knows which it was."""
        Path(".env").write_text("AI_GATEWAY_ID=four\n")
        file.write_text('gateway = "three"\n')
        environ = {"AI_GATEWAY_ID": "two"}
        configs = [made(environ, gateway=["one"]), made(environ), made()]
        file.unlink()
        configs.append(made())
        assert [(config.gateway, config.sources["gateway"]) for config in configs] == [
            (("one",), "--gateway"),
            (("two",), "AI_GATEWAY_ID"),
            (("three",), f"{file} (gateway)"),
            (("four",), ".env (AI_GATEWAY_ID)"),
        ]

    def test_older_names(self) -> None:
        """Of one key's variables the first that is set counts, an older name only where the newer is absent."""
        names = settings()["account"].names("account")
        environ = {name: name.lower() for name in names}
        for newer, older in pairwise(names):
            assert made(environ).account == (newer.lower(),)
            environ[newer] = " "
            assert made(environ).sources["account"] == older

    @pytest.mark.parametrize("key", settings())
    def test_every_key_has_a_variable(self, key: str, file: Path) -> None:
        """Every top-level key of config.toml can be an AIGW_ variable instead, and both mean the same."""
        raw = {
            "plan": "paid",
            "store": "/tmp/x.sqlite",
            "token_file": "/tmp/token",
            "token_command": "printf token",
            "gateway_token_command": "printf token",
            "base_url": "https://gateway.example/v4",
            "tz": "Asia/Kathmandu",
            "quota_url": "https://worker.example/quota?of=today",
            "quota_token_command": "printf token",
            "quota_fields": "neuronsUsed=used,date=day",
            "quota_tolerance": "0.2",
            "report_at": "06:00",
            "colors": "256",
        }.get(key, "12")
        written = '["printf", "token"]' if key.endswith("token_command") else f'"{raw}"'
        variable = made({f"AIGW_{key.upper()}": raw})
        file.write_text(f"{key} = {written}\n")
        assert getattr(made(), key) == getattr(variable, key) != getattr(Config(), key)
        assert variable.sources[key] == f"AIGW_{key.upper()}"

    def test_names_in_every_spelling(self, file: Path) -> None:
        """Several accounts: commas in a variable, a list in config.toml, a flag each; each once, in order."""
        assert made({"CLOUDFLARE_ACCOUNT_ID": "b, a,b"}).account == ("b", "a")
        assert made(account=["b", "a"]).account == ("b", "a")
        file.write_text('account = ["b", "a"]\n')
        assert made().account == ("b", "a")

    def test_another_config_file(self, file: Path, tmp_path: Path) -> None:
        """`--config` names the only file that is read, else AIGW_CONFIG does; a file that is missing is an error."""
        file.write_text("interval = 11\n")
        for number in (12, 13):
            (tmp_path / f"{number}.toml").write_text(f"interval = {number}\n")
        environ = {"AIGW_CONFIG": str(tmp_path / "12.toml")}
        assert made().interval == 11
        assert made(environ).interval == 12
        assert made(environ, config=str(tmp_path / "13.toml")).interval == 13
        assert "absent.toml" in complaint(config="absent.toml")
        assert "AIGW_CONFIG" in complaint({"AIGW_CONFIG": "\0"})

    def test_paths_are_relative_to_where_they_were_written(self, file: Path, home: Path) -> None:
        """A path in config.toml is relative to that file, in a variable to the current folder; ~ is the home folder."""
        file.write_text('store = "mine.sqlite"\n')
        assert made().store == file.parent / "mine.sqlite"
        assert made({"AIGW_STORE": "mine.sqlite"}).store == Path("mine.sqlite")
        assert made({"AIGW_STORE": "~/mine.sqlite"}).store == home / "mine.sqlite"

    def test_no_home_folder(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Without a home folder there is no config.toml, and history is in memory, which the source says."""
        monkeypatch.setattr("os.path.expanduser", lambda path: path)
        config = made()
        assert config.store is None
        assert "no home" in config.sources["store"]


class TestDotenv:
    """`.env` is a convenience with an allow-list."""

    def test_only_the_current_folder(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        """A .env in a folder above is not read."""
        Path(".env").write_text("AI_GATEWAY_ID=above\n")
        Path("below").mkdir()
        monkeypatch.chdir("below")
        assert made().gateway == ()

    def test_only_a_few_keys(self) -> None:
        """Base URL, proxy, CA, interval and whatever else a .env holds change nothing, here or in the environment."""
        before = dict(os.environ)
        Path(".env").write_text(
            "CLOUDFLARE_API_BASE_URL=https://evil.example\nAIGW_BASE_URL=https://evil.example\nHTTPS_PROXY=evil:1\n"
            "AIGW_TOKEN_COMMAND=evil\nAIGW_TOKEN_FILE=/etc/passwd\nSSL_CERT_FILE=evil.pem\nAIGW_INTERVAL=10\n"
            "AIGW_CONFIG=evil.toml\nAIGW_STORE=evil.sqlite\nCF_ACCOUNT_ID=mine\n"
        )
        config = made(os.environ)
        assert {key for key, source in config.sources.items() if source != "default"} == {"account"}
        assert dict(os.environ) == before

    def test_nothing_is_interpolated(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A dollar sign is a dollar sign: a .env cannot read the environment."""
        Path(".env").write_text("AI_GATEWAY_ID=a${HOME}b\n")
        assert made(os.environ).gateway == ("a${HOME}b",)

    def test_unreadable(self) -> None:
        """A .env that is not UTF-8 is one line with the place; a folder of that name is no .env."""
        Path(".env").write_bytes(b"A=1\nB=\xff\n")
        assert "(line 2)" in complaint()
        Path(".env").unlink()
        Path(".env").mkdir()
        assert made().gateway == ()


class TestWrong:
    """A wrong key or value is one line that names the place, what was found and what is allowed."""

    @pytest.mark.parametrize("value", ["9.9", "-1", "fast", "nan", "inf", "1e999", "", "true", "6O"])
    def test_interval(self, value: str) -> None:
        """Everything but a number of at least 10 is refused."""
        text = complaint(interval=value)
        assert all(part in text for part in ("--interval", repr(value), "number from 10"))

    @pytest.mark.parametrize(
        "written", ["true", "[60]", "{ a = 1 }", "2026-11-23", "1e999", "nan", "5", f"1{'0' * 400}"]
    )
    def test_interval_in_the_file(self, file: Path, written: str) -> None:
        """A value of another type of TOML is refused with the file and the key."""
        file.write_text(f"interval = {written}\n")
        text = complaint()
        assert all(part in text for part in (str(file), "(interval)", "number from 10"))

    def test_unknown_key(self, file: Path) -> None:
        """An unknown key is an error with the nearest key, and without its value."""
        file.write_text(f'intervall = "{CANARY}"\n')
        text = complaint()
        assert str(file) in text
        assert "did you mean interval?" in text
        assert CANARY not in text

    def test_a_token_in_the_file(self, file: Path) -> None:
        """A token in config.toml is refused without being shown, and the other ways are named."""
        file.write_text(f'api_token = "{CANARY}"\n')
        text = complaint()
        assert "token_command or token_file" in text
        assert CANARY not in text

    @pytest.mark.parametrize(
        "text",
        [
            "[[alert]]\nname = 'errors'",
            "[target.team]\nkind = 'slack'",
            "quota_url = 'https://worker.example'",
            "report_at = '06:00'\nreport_to = ['team']",
            "[keymap]\nquit = 'x'",
            "[account.'1']\nquota_url = 'https://worker.example'",
        ],
    )
    def test_keys_of_other_parts(self, file: Path, text: str) -> None:
        """Keys that other parts of the program own are no mistakes."""
        file.write_text(text)
        assert made().interval == 60

    @pytest.mark.parametrize(
        ("raw", "place"),
        [
            (b"interval = \n", "line 1, column 12"),
            (b"a = 1\nb = x\n", "line 2, column 5"),
            (b"a = 1\nb = '\xff'\n", "line 2"),
            (b"a = " + b"[" * 100_000, "config.toml"),
            (b"a = 1" + b"0" * 5_000, "config.toml"),
            (b"\0", "line 1"),
        ],
    )
    def test_broken_file(self, file: Path, raw: bytes, place: str) -> None:
        """A file that is not TOML or not UTF-8 is one line with the position where there is one."""
        file.write_bytes(raw)
        text = complaint()
        assert str(file) in text
        assert place in text

    def test_marked_and_windows_files(self, file: Path) -> None:
        """A byte order mark and CR LF are no faults."""
        file.write_bytes(b"\xef\xbb\xbfinterval = 30\r\nplan = 'paid'\r\n")
        assert (made().interval, made().plan) == (30, "paid")

    def test_a_folder_instead_of_a_file(self, file: Path) -> None:
        """A folder called config.toml is said to be one."""
        file.mkdir()
        assert "directory" in complaint()

    @pytest.mark.parametrize(
        "url",
        [
            "http://api.cloudflare.com/client/v4",
            "http://127.0.0.1.evil.example",
            "http://localhost@evil.example",
            "https://me:pass@host/",
            "https://",
            "ftp://localhost",
            "api.cloudflare.com",
            "https://host:99999",
            "https://[::1",
            "https://host/?a=b",
            "https://host/#a",
            "https://ho st/",
            "https://host\n.evil.example",
        ],
    )
    def test_base_url(self, url: str) -> None:
        """Only https, or http on loopback; never with a password, which would not be shown either."""
        text = complaint({"CLOUDFLARE_API_BASE_URL": url})
        assert "https://…" in text
        assert "pass@" not in text

    @pytest.mark.parametrize(
        "url", ["http://127.0.0.1:8787/client/v4", "http://localhost:1", "http://[::1]:1/x", "https://proxy.example/v4"]
    )
    def test_allowed_base_url(self, url: str) -> None:
        """Loopback may be plain; a slash at the end makes no difference."""
        assert made(base_url=url + "/").base_url == url

    @pytest.mark.parametrize("words", ["[]", "'unclosed \"'", "[1]", '["a", ""]', "''"])
    def test_command(self, file: Path, words: str) -> None:
        """A command is a list of words or a line of them."""
        file.write_text(f"token_command = {words}\n")
        assert "token_command" in complaint()

    def test_store(self) -> None:
        """A store is a path or a PostgreSQL URL; its password is known to the redactor and shown nowhere."""
        config = made({"AIGW_STORE": f"postgresql://me:{CANARY}@host/db"})
        assert isinstance(config.store, Secret)
        assert CANARY not in repr(config)
        assert CANARY not in redact(f"could not connect with {CANARY}")
        assert CANARY not in complaint({"AIGW_STORE": f"mysql://me:{CANARY}@host"})

    @given(st.text(), st.sampled_from(sorted(settings())))
    def test_any_text_at_all(self, text: str, key: str) -> None:
        """Whatever a variable holds, the answer is a configuration or one clean line."""
        said = ""
        try:
            load({}, {f"AIGW_{key.upper()}": text})
        except ConfigError as error:
            said = str(error)
        assert said.isprintable()


class TestAccounts:
    """`[account."id"]` tables."""

    TEXT = """
        plan = "free"
        cost_limit_day = 5
        [account."1"]
        label = "acme"
        plan = "paid"
        neuron_limit = 20_000
        [account."2"]
        cost_limit_day = 7.5
        """

    def test_over_the_top_level(self, file: Path) -> None:
        """What a table says counts for its account, what it does not say is as at the top level."""
        file.write_text(self.TEXT)
        config = made()
        first, second, other = (config.for_account(id_) for id_ in "123")
        assert (first.label, first.plan, first.neuron_limit, first.cost_limit_day) == ("acme", "paid", 20_000, 5)
        assert (second.label, second.plan, second.neuron_limit, second.cost_limit_day) == ("", "free", 10_000, 7.5)
        assert (other.plan, other.neuron_limit, other.cost_limit_day) == ("free", 10_000, 5)

    def test_they_are_watched_unless_others_are_named(self, file: Path) -> None:
        """Without any other choice the accounts with a table are those to watch."""
        file.write_text(self.TEXT)
        assert made().account == ("1", "2")
        assert made({"CLOUDFLARE_ACCOUNT_ID": "9"}).account == ("9",)

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("[account]\nlabel = 'acme'", "label is no table"),
            ("[account.'1']\nlabl = 'acme'", "did you mean label?"),
            ("[account.'1']\ninterval = 30", "no setting interval"),
            ("[account.'1']\nplan = 'gold'", "free or paid"),
            ("[account.'1']\nlabel = 3", "one line of text"),
            ("[[account]]\nid = '1'", "(account)"),
        ],
    )
    def test_wrong_tables(self, file: Path, text: str, said: str) -> None:
        """A wrong key or value in a table is one line that names the table."""
        file.write_text(text)
        assert said in complaint()

    def test_a_token_of_its_own(self, file: Path) -> None:
        """An account's own token command counts for it before the environment's token, but not before a flag."""
        file.write_text('[account."1"]\ntoken_command = ["printf", "its-own-token"]\n')
        environ = {"CLOUDFLARE_API_TOKEN": "token-of-the-environment"}
        config = made(environ)
        assert [str(token and token.reveal()) for token in (config.token("1"), config.token("2"), config.token())] == [
            "its-own-token",
            "token-of-the-environment",
            "token-of-the-environment",
        ]
        Path("token").touch(0o600)
        Path("token").write_text("token-of-the-flag")
        flagged = made(environ, token_file="token").token("1")
        assert flagged == Secret("token-of-the-flag")

    def test_a_gateway_token_of_its_own(self, file: Path) -> None:
        """An account's own gateway token command counts before the one at the top; without any there is no token."""
        assert made().gateway_token("1") is None
        file.write_text(
            'gateway_token_command = ["printf", "of-the-top"]\n'
            '[account."1"]\ngateway_token_command = ["printf", "of-its-own"]\n'
        )
        config = made()
        assert (config.gateway_token("1"), config.gateway_token("2")) == (Secret("of-its-own"), Secret("of-the-top"))
        assert config.token("1") is None
        assert "of-its-own" not in f"{config!r}"


class TestToken:
    """Where the API token comes from."""

    def test_order(self, file: Path) -> None:
        """Flag, environment, command, file, .env; taking them away one by one, the next counts."""
        for name in ("flag", "file"):
            Path(name).touch(0o600)
            Path(name).write_text(f"token-of-{name}\n")
        Path(".env").write_text("CLOUDFLARE_API_TOKEN='token-of-dotenv'\n")
        environ = {
            "CLOUDFLARE_API_TOKEN": "token-of-environment",
            "CF_API_TOKEN": "token-of-older",
            "AIGW_TOKEN_COMMAND": f"{sys.executable} -c \"print('token-of-command')\"",
            "AIGW_TOKEN_FILE": "file",
        }
        found = [made(environ, token_file="flag")]
        found.append(made(environ))
        for name in tuple(environ):
            del environ[name]
            found.append(made(environ))
        tokens = [token.reveal() if (token := config.token()) else None for config in found]
        places = ["flag", "environment", "older", "command", "file", "dotenv"]
        assert tokens == [f"token-of-{place}" for place in places]
        assert [config.sources["token"] for config in found] == [
            "--token-file",
            "CLOUDFLARE_API_TOKEN",
            "CF_API_TOKEN",
            "AIGW_TOKEN_COMMAND",
            "AIGW_TOKEN_FILE",
            ".env (CLOUDFLARE_API_TOKEN)",
        ]

    def test_rotation(self) -> None:
        """A file and a .env are read anew each time, so a new token needs no restart."""
        Path("token").touch(0o600)
        for file, environ, form in (("token", {"AIGW_TOKEN_FILE": "token"}, "{}"), (".env", {}, "CF_API_TOKEN={}")):
            Path(file).write_text(form.format("first-token"))
            config = made(environ)
            first = config.token()
            Path(file).write_text(form.format("second-token"))
            assert (first, config.token()) == (Secret("first-token"), Secret("second-token"))

    @pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660])
    def test_others_may_not_read_the_file(self, mode: int) -> None:
        """A token file that others may read is refused, with the command that mends it."""
        path = Path("token")
        path.write_text(CANARY)
        path.chmod(mode)
        assert "chmod 600 token" in complaint({"AIGW_TOKEN_FILE": "token"})
        path.chmod(0o400)
        assert made({"AIGW_TOKEN_FILE": "token"}).token() == Secret(CANARY)

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("", "empty"),
            ("\n", "empty"),
            (f'"{CANARY}"', "quotes"),
            (f"Bearer {CANARY}", "Bearer"),
            (f"{CANARY}\n{CANARY}", "more than one line"),
            (f"{CANARY} {CANARY}", "space"),
            (f"{CANARY}é", "characters that no token has"),
            (f"{CANARY}\x1b[31m", "characters that no token has"),
            (CANARY * 1_000, "too long"),
        ],
    )
    def test_what_is_no_token(self, text: str, said: str) -> None:
        """What cannot be a token is refused with what is wrong about it, and is not shown."""
        Path("token").touch(0o600)
        Path("token").write_text(text)
        message = complaint({"AIGW_TOKEN_FILE": "token"})
        assert said in message
        assert CANARY not in message

    def test_space_around_it(self) -> None:
        """A line break at the end of a file or a variable is nobody's fault."""
        assert made({"CLOUDFLARE_API_TOKEN": f" {CANARY}\r\n"}).token() == Secret(CANARY)

    @pytest.mark.parametrize(
        ("command", "said"),
        [
            (["/nonexistent/program"], "cannot run /nonexistent/program"),
            ([sys.executable, "-c", f"import sys; print('{CANARY}', file=sys.stderr); sys.exit(3)"], "exit code 3"),
            ([sys.executable, "-c", "pass"], "empty"),
            ([sys.executable, "-c", "import sys; sys.stdout.buffer.write(b'\\xff')"], "characters that no token has"),
        ],
    )
    def test_a_command_that_fails(self, file: Path, command: list[str], said: str) -> None:
        """A command that fails is named with how it failed; what it printed is not shown, it may hold a token."""
        file.write_text(f"token_command = {json.dumps(command)}")  # such lists are TOML too
        message = complaint()
        assert said in message
        assert CANARY not in message

    def test_a_command_that_hangs(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A command has a limit of time."""
        monkeypatch.setattr("aigw_tui.config.token.COMMAND_LIMIT_S", 0.05)
        assert "longer than" in complaint({"AIGW_TOKEN_COMMAND": "sleep 5"})

    def test_no_shell(self) -> None:
        """A command's words reach the program as they are."""
        command = f"{sys.executable} -c 'import sys; print(sys.argv[1])' '$(id);x'"
        assert made({"AIGW_TOKEN_COMMAND": command}).token() == Secret("$(id);x")

    def test_standard_input(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """`--token-file -` reads standard input once and remembers it."""
        reader, writer = os.pipe()
        os.write(writer, f"{CANARY}\n".encode())
        os.close(writer)
        with os.fdopen(reader) as stdin:
            monkeypatch.setattr(sys, "stdin", stdin)
            config = made(token_file="-")
            assert config.token() == config.token() == Secret(CANARY)

    def test_it_is_never_shown(self) -> None:
        """Neither the configuration nor its sources show a token."""
        config = made({"CLOUDFLARE_API_TOKEN": CANARY})
        config.token()
        assert CANARY not in f"{config!r} {config} {config.token_place!r} {dict(config.sources)} {config.token()!r}"


class TestDemo:
    """The built-in account."""

    def test_it_is_its_own(self, file: Path) -> None:
        """Nothing that says whose figures to read is taken from the environment or the files; the rest is."""
        file.write_text('account = "mine"\nstore = "mine.sqlite"\ntheme = "ansi-dark"\nplan = "paid"\n')
        Path(".env").write_text("AI_GATEWAY_ID=mine\n")
        environ = {"CLOUDFLARE_API_TOKEN": CANARY, "CLOUDFLARE_API_BASE_URL": "https://mine.example"}
        config = made_for_demo(environ, account=["one"])
        assert (config.account, config.gateway, config.store, config.token()) == (("one",), (), None, None)
        assert config.base_url == Config().base_url
        assert (config.theme, config.plan, config.is_demo) == ("ansi-dark", "paid", True)

    def test_interval(self) -> None:
        """It is asked every 10 seconds unless the interval is set."""
        assert made_for_demo({}).interval == 10
        assert made_for_demo({"AIGW_INTERVAL": "45"}).interval == 45


class TestReference:
    """What people read is made from the fields."""

    def test_env_example(self) -> None:
        """`.env.example` is what the fields say. To write it anew: print(reference.env_example(), end="")."""
        assert (ROOT / ".env.example").read_text() == reference.env_example()

    def test_every_variable_is_documented(self) -> None:
        """Every setting has a meaning, and all its variables stand in both texts."""
        for entry in reference.entries():
            assert entry.meaning.endswith((".", ")"))
            assert all(name in reference.env_example() and name in reference.table() for name in entry.variables)

    def test_the_example_can_be_used(self) -> None:
        """Every line of `.env.example`, uncommented, is a valid setting."""
        pairs = (line[1:].split("=", 1) for line in reference.env_example().splitlines() if line[:2] not in ("# ", ""))
        environ: dict[str, Any] = {name: value for name, value in pairs if value}
        assert made(environ).interval == 60
        assert len(environ) >= len(settings())
