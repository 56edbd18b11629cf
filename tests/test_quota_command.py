"""`quota`: every limit with its pace, for people and for programs."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from account import StillClock
from aigw_tui import cli
from aigw_tui.demo.box import ACCOUNT_ID, TOKEN, Box
from aigw_tui.demo.server import Server
from aigw_tui.format import cells, from_iso
from aigw_tui.model import DAY, Quota, day_of
from aigw_tui.outlets.quotajson import document, verdict
from aigw_tui.outlets.quotatable import table
from kept import kept
from terminal import Terminal
from world import ACCOUNT, COST_QUOTA, NEURON_QUOTA, NOW, QUOTAS, SERVER

GOLDEN = Path(__file__).parent / "golden"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that a monitor left. Every account may spend $5 a day, also those that no setting names."""
    path = kept(tmp_path / "history.sqlite")
    monkeypatch.setenv("AIGW_STORE", str(path))
    monkeypatch.setenv("AIGW_COST_LIMIT_DAY", "5")
    monkeypatch.setenv("CLOUDFLARE_API_BASE_URL", SERVER)
    return path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Exit code, stdout and stderr of `quota` at the world's moment."""

    def ran(*words: str, later: timedelta = timedelta(0)) -> tuple[int, str, str]:
        with time_machine.travel(NOW + later, tick=False):
            code = cli.main(["quota", *words])
        return code, *capsys.readouterr()

    return ran


class TestTable:
    """For people: aligned, as wide as there is room."""

    @pytest.mark.usefixtures("store")
    def test_in_a_pipe(self, run: Run) -> None:
        """The bytes: all columns, no colour."""
        assert run("--offline") == (0, (GOLDEN / "quota.txt").read_text(), "")

    @pytest.mark.parametrize("width", [100, 80, 60, 40, 24])
    def test_narrow(self, width: int) -> None:
        """What is worth least goes first; used and the verdict stay."""
        lines = list(table(QUOTAS, {ACCOUNT: "acme"}, NOW, width, has_color=False))
        assert "\n".join(lines) + "\n" == (GOLDEN / f"quota-{width}.txt").read_text()

    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["a", "b", "c"]),
                st.none() | st.floats(0, 1e12),
                st.none() | st.floats(1, 1e12),
                st.none() | st.floats(0, 1e6),
            ),
            min_size=1,
            max_size=6,
        ),
        st.text(max_size=60),
        st.integers(1, 300),
    )
    def test_any_quotas(
        self, found: list[tuple[str, float | None, float | None, float | None]], label: str, width: int
    ) -> None:
        """One printable line a quota, with room for it wherever there is; as wide as it must be otherwise."""
        quotas = [
            replace(NEURON_QUOTA, account=account, used=used, limit=limit, nowcast=nowcast)
            for account, used, limit, nowcast in found
        ]
        labels = {account: label + account for account in "abc"}
        lines = list(table(quotas, labels, NOW, width, has_color=False))
        assert len(lines) == 1 + len(quotas)
        assert all(line.isprintable() for line in lines)
        least = max(cells(line) for line in table(quotas, labels, NOW, 1, has_color=False))
        assert max(map(cells, lines)) <= max(width, least)

    def test_colours(self) -> None:
        """They change nothing but colours."""
        plain, inked = (list(table(QUOTAS, {}, NOW, 80, has_color)) for has_color in (False, True))
        assert inked != plain
        for role in ("\x1b[2m", "\x1b[32m", "\x1b[33m", "\x1b[0m"):
            inked = [line.replace(role, "") for line in inked]
        assert inked == plain

    def test_several_accounts(self) -> None:
        """Each is named once, above its quotas; foreign letters take the room they take."""
        quotas = [*QUOTAS, *(replace(quota, account="b") for quota in QUOTAS)]
        lines = list(table(quotas, {ACCOUNT: "acme", "b": "東京\x1b[2J"}, NOW, None, has_color=False))
        assert [line.split()[0] for line in lines[1:]] == ["acme", "cost", "requests", "東京�[2J", "cost", "requests"]
        starts = {cells(line[: line.index(name)]) for line, name in zip(lines[2::3], ("cost", "cost"), strict=False)}
        assert len(starts) == 1

    @pytest.mark.usefixtures("store")
    def test_a_terminal(self) -> None:
        """It fits the width of the terminal, and has colours there; --no-color has none."""
        for word, has_color in ((), True), (("--no-color",), False):
            with Terminal("quota", "--offline", *word, size=(50, 10)) as terminal:
                assert terminal.end() == 0
                assert all(len(line.rstrip()) <= 50 for line in terminal.screen.display)
                assert terminal.screen.display[1].startswith("neurons")
                assert terminal.screen.display[4].strip() == ""
                assert (b"\x1b[" in terminal.bytes) is has_color

    @pytest.mark.usefixtures("store")
    def test_colour_by_force(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        """FORCE_COLOR gives a pipe colours; --no-color is stronger."""
        monkeypatch.setenv("FORCE_COLOR", "1")
        assert "\x1b[33m" in run("--offline")[1]
        assert "\x1b[" not in run("--offline", "--no-color")[1]


class TestJson:
    """For programs: unknown is null, times are RFC 3339."""

    @pytest.mark.usefixtures("store")
    def test_the_document(self, run: Run) -> None:
        """The bytes are the contract."""
        assert run("--offline", "--format", "json") == (0, (GOLDEN / "quota.json").read_text(), "")

    def test_unknown_is_null(self) -> None:
        """A quota of which nothing was read has nothing but its name."""
        found = document([Quota("neurons", "neurons", None, None, account="a")], {}, (), NOW)
        assert found["quotas"] == [
            {"account": "a", "name": "neurons", "unit": "neurons", "verdict": "no_limit", "used_is_estimated": False}
            | dict.fromkeys(("label", "gateway", "used", "nowcast", "limit", "share", "window_s", "refused", "note"))
            | dict.fromkeys(("resets_at", "pace"))
        ]

    def test_the_same_as_in_the_snapshot(self) -> None:
        """Every number comes through as it is, and every time to the second."""
        found = json.loads(json.dumps(document(QUOTAS, {ACCOUNT: "acme"}, (), NOW)))
        for quota, read in zip(QUOTAS, found["quotas"], strict=True):
            pace = quota.pace
            assert pace is not None
            assert (read["used"], read["limit"], read["share"]) == (quota.used, quota.limit, quota.share)
            assert (read["pace"]["low"], read["pace"]["high"]) == (pace.low, pace.high)
            ends = read["pace"]["runs_out"]
            times = ends and (from_iso(ends["earliest"]), from_iso(ends["latest"]))
            assert times == pace.runs_out
        assert type(found["quotas"][2]["used"]) is int

    @pytest.mark.parametrize(
        ("quota", "said"),
        [
            (NEURON_QUOTA, "runs_out"),
            (COST_QUOTA, "lasts"),
            (replace(NEURON_QUOTA, used=10_000.0), "ran_out"),
            (replace(NEURON_QUOTA, limit=None), "no_limit"),
            (replace(NEURON_QUOTA, pace=None), None),
            (replace(NEURON_QUOTA, used=None), None),
        ],
    )
    def test_verdicts(self, quota: Quota, said: str | None) -> None:
        """One word that a script can compare."""
        assert verdict(quota) == said

    def test_it_may_run_out(self) -> None:
        """When the cautious end of the projection stays below the limit."""
        pace = NEURON_QUOTA.pace
        assert pace is not None
        assert pace.runs_out is not None
        assert verdict(replace(NEURON_QUOTA, pace=replace(pace, runs_out=(pace.runs_out[0], None)))) == "may_run_out"


class TestAsking:
    """What it asks Cloudflare, and what it says when that fails."""

    @pytest.fixture
    def server(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Server]:
        """The built-in account on loopback at the world's moment, with an empty history to fill."""
        with Server(Box(StillClock(NOW))) as server:
            monkeypatch.setenv("CLOUDFLARE_API_BASE_URL", server.url)
            monkeypatch.setenv("CLOUDFLARE_ACCOUNT_ID", ACCOUNT_ID)
            monkeypatch.setenv("CLOUDFLARE_API_TOKEN", TOKEN)
            monkeypatch.setenv("AIGW_STORE", str(tmp_path / "history.sqlite"))
            yield server

    def test_it_fills_a_week(self, server: Server, run: Run, tmp_path: Path) -> None:
        """Today, and of the past no more than the pace needs; then the same is known offline, without a token."""
        code, out, err = run("--format", "json")
        assert (code, err) == (0, "")
        found = {quota["name"]: quota for quota in json.loads(out)["quotas"]}
        assert set(found) == {"neurons", "cost_day", "cost_month", "requests", "rate_limit", "logs", "api"}
        assert found["neurons"]["used"] > 0
        assert found["neurons"]["pace"]["days"] >= 3
        with closing(sqlite3.connect(tmp_path / "history.sqlite")) as database:
            (oldest,) = database.execute("SELECT MIN(hour) FROM hour").fetchone()
        assert day_of(NOW) - DAY * 7 <= datetime.fromtimestamp(oldest, UTC) < day_of(NOW) - DAY * 6
        again = json.loads(run("--offline", "--format", "json")[1])["quotas"]
        own = [
            one for one in json.loads(out)["quotas"] if one["name"] in ("neurons", "cost_day", "cost_month", "requests")
        ]
        assert [{**quota, "label": "acme"} for quota in again] == own

    def test_a_month_with_a_limit(self, server: Server, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        """It needs all days of the month, so that they are asked for; it ends in days."""
        monkeypatch.setenv("AIGW_COST_LIMIT_MONTH", "10000")
        found = {quota["name"]: quota for quota in json.loads(run("--format", "json")[1])["quotas"]}["cost_month"]
        assert found["used"] > 0
        assert found["used"] < found["pace"]["low"] <= found["pace"]["high"]
        assert found["resets_at"] == "2026-12-01T00:00:00Z"
        assert "✓ lasts to 1 Dec" in run("--offline")[1]

    def test_the_limits_of_gateways(self, server: Server, run: Run) -> None:
        """Each with its gateway's name; what a rate limit turned away is counted, how much of it is used is not."""
        found = json.loads(run("--format", "json")[1])["quotas"]
        rates = {one["gateway"]: one for one in found if one["name"] == "rate_limit"}
        assert rates
        assert {one["used"] for one in rates.values()} == {None}
        assert all(one["refused"] is not None and one["window_s"] == 60 for one in rates.values())
        logs = [one for one in found if one["name"] == "logs"]
        assert all(0 < one["used"] <= one["limit"] for one in logs)

    def test_words_that_mean_nothing_here(self, server: Server, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        """Quotas are the account's: a gateway, also one that does not exist, changes nothing."""
        monkeypatch.setenv("AI_GATEWAY_ID", "no-such-gateway")
        narrow, wide = (json.loads(run("--format", "json", *words)[1]) for words in (("--model", "nothing"), ()))
        assert narrow["quotas"][:4] == wide["quotas"][:4]

    def test_a_refused_token(self, server: Server, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        """Nothing is known: one line that says why, exit code 1, also when it should be quiet."""
        monkeypatch.setenv("CLOUDFLARE_API_TOKEN", "x" * 40)
        code, _, err = run("--quiet")
        assert code == 1
        assert err.startswith("aigw-tui: token refused")
        assert err.count("\n") == 1

    def test_out_of_reach(self, server: Server, run: Run) -> None:
        """What history knows is shown; stderr and the exit code say that it is not fresh, --quiet or not."""
        _, before, _ = run()
        server.stop()
        late = timedelta(minutes=2)
        code, out, err = run(later=late)
        assert code == 1
        assert out.splitlines()[1].split()[:2] == before.splitlines()[1].split()[:2]
        assert "out of reach" in err
        code, quiet, said = run("--quiet", later=late)
        assert (code, said) == (1, err)
        assert quiet.splitlines()[:-1] == out.splitlines()[:-1]  # the last line counts our own calls

    def test_no_history(self, run: Run) -> None:
        """Offline before the first run: one line, exit code 1."""
        code, out, err = run("--offline")
        assert (code, out) == (1, "")
        assert "history is empty → leave out --offline" in err

    def test_no_token(self, run: Run) -> None:
        """A wrong set-up is exit code 2."""
        code, out, err = run()
        assert (code, out) == (2, "")
        assert "CLOUDFLARE_API_TOKEN" in err


def test_closed_stderr() -> None:
    """With nobody to talk to, the data come all the same."""
    line = f'exec "{sys.executable}" -m aigw_tui quota --demo 2>&-'
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("quota ")


def test_the_built_in_account() -> None:
    """Needs nothing, and loads no screen."""
    script = (
        "import sys; from aigw_tui import cli; code = cli.main(['quota', '--demo', '--at', '14:05']);"
        " print(*sys.modules, file=sys.stderr); sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert [line.split()[0] for line in done.stdout.splitlines()][:4] == ["quota", "neurons", "cost", "requests"]
    assert "\nrate limit per 1 min, " in done.stdout
    assert not {"textual", "plotext", "rich"} & set(done.stderr.split())
