"""`usage`: the same truth in every format, whatever it is told apart by, and one clear line for what cannot be."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import reduce
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st

from aigw_tui import cli
from aigw_tui.demo.box import ACCOUNT_ID, Box
from aigw_tui.demo.truth import totals
from aigw_tui.insight import tabulate
from aigw_tui.insight.tabulate import FIELDS, MEASURES, Line, added, lines, total
from aigw_tui.model import DAY, HOUR, WEEK, Scope, Window, day_of
from wire import BentClock
from world import TODAY, world

NOW = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
GOLDEN = Path(__file__).parent / "golden"
Run = Callable[..., str]


@pytest.fixture
def today() -> Iterator[None]:
    """The built-in account's story is that of this day."""
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def run(today: None, home: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """What a line on the built-in account prints; its exit code is 0."""

    def ran(line: str) -> str:
        assert cli.main(["usage", "--demo", *line.split()]) == 0
        return capsys.readouterr().out

    return ran


def failed(line: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = cli.main(["usage", "--demo", *line.split()])
    printed = capsys.readouterr()
    assert printed.out == ""
    return code, printed.err


@pytest.mark.parametrize("kind", ["table", "json", "ndjson", "csv", "markdown"])
def test_the_bytes_are_the_contract(run: Run, kind: str) -> None:
    """Golden files: the built-in account's day by provider and hour. To accept a new one, delete it and run again."""
    path = GOLDEN / f"usage.{kind}"
    text = run(f"--by hour,provider --hours 4 --format {kind}")
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode())
        pytest.fail(f"{path.name} is new: look at it, and run the test again")
    assert text == path.read_bytes().decode()


def test_the_schema_of_the_json(run: Run) -> None:
    """Names, their order and their types; integers stay integers; unknown is null."""
    found = json.loads(run("--format json"))
    assert list(found) == ["schema", "generated_at", "window", "scope", "by", "rows", "totals", "sources"]
    assert (found["schema"], found["by"]) == ("aigw-tui.usage/1", ["hour", "model"])
    assert found["scope"] == {"account": [], "gateway": [], "provider": [], "model": []}
    assert found["window"] == {"since": "2026-11-23T00:00:00Z", "until": "2026-11-23T14:05:00Z"}
    for row in found["rows"]:
        assert list(row) == ["hour", "model", *MEASURES, "trust"]
        assert datetime.fromisoformat(row["hour"]).tzinfo == UTC
        assert row["trust"] in ("settled", "filling", "stale")
        for name in ("requests", "errors", "cache_hits", "cache_misses", "tokens_in", "tokens_out"):
            assert type(row[name]) is int
        for name in ("cost_usd", "neurons", "neurons_estimated", "error_rate", "cache_hit_rate"):
            assert row[name] is None or isinstance(row[name], float | int)
    assert list(found["totals"])[: len(MEASURES)] == list(MEASURES)
    assert [one["dataset"] for one in found["sources"]] == ["requests", "neurons"]
    assert {one["state"] for one in found["sources"]} == {"ok"}


def test_the_totals_are_the_truth(run: Run) -> None:
    """Of what the account has made visible."""
    truth = totals(Box(BentClock(NOW)).account, Window(day_of(NOW), NOW), NOW)
    found = json.loads(run("--format json --limit 1"))
    assert len(found["rows"]) == 1
    wanted = {"requests": truth.requests, "errors": truth.errors, "cache_hits": truth.cached}
    assert {name: found["totals"][name] for name in wanted} == wanted
    assert found["totals"]["neurons"] == pytest.approx(truth.neurons)


def test_newest_first_then_the_busiest(run: Run) -> None:
    """The order of the contract."""
    rows = json.loads(run("--format json"))["rows"]
    assert rows == sorted(rows, key=lambda row: (row["hour"], row["requests"]), reverse=True)[: len(rows)] or [
        (row["hour"], row["requests"]) for row in rows
    ] == sorted(((row["hour"], row["requests"]) for row in rows), reverse=True)


def test_every_format_says_the_same(run: Run) -> None:
    """CSV and lines of JSON come back as the rows of the JSON."""
    by = "--by day,gateway,provider,model --week --format"
    rows: list[dict[str, Any]] = json.loads(run(f"{by} json"))["rows"]
    *found, last = [json.loads(line) for line in run(f"{by} ndjson").splitlines()]
    assert found == rows
    assert list(last) == ["totals"]
    table = list(csv.DictReader(io.StringIO(run(f"{by} csv"), newline="")))
    assert table == [{name: "" if value is None else str(value) for name, value in row.items()} for row in rows]
    assert len(run(f"{by} markdown").splitlines()) == 3 + len(rows)


@pytest.mark.parametrize("by", [by for size in (1, 2, 3) for by in combinations(FIELDS, size)])
def test_parts_equal_totals(by: tuple[str, ...]) -> None:
    """Whatever usage is told apart by: its lines add up to the total, which is the same for all but neurons."""
    views, window = world(), WEEK.at(TODAY + HOUR * 14)
    whole = total(views, Scope(WEEK), window, by)
    together = reduce(added, lines(views, Scope(WEEK), window, by), Line())
    for name in tabulate.SUMS:
        assert getattr(together, name) == pytest.approx(getattr(whole, name)), name
    assert (together.unpriced, together.trust) == (whole.unpriced, whole.trust)
    assert (whole.neurons is None) is bool({"gateway", "provider"} & {*by})


@settings(max_examples=60)
@given(st.integers(0, 7 * 24 * 60), st.integers(1, 7 * 24 * 60), st.sampled_from(["hour", "day", "month", "model"]))
def test_any_window_adds_up(ago: int, length: int, by: str) -> None:
    """Wherever it begins and ends, also in the middle of an hour."""
    until = TODAY + HOUR * 14 - HOUR * ago / 60
    window = Window(until - HOUR * length / 60, until)
    whole = total(world(), Scope(), window, (by,))
    together = reduce(added, lines(world(), Scope(), window, (by,)), Line())
    assert (together.requests or 0, together.tokens_in or 0) == (whole.requests or 0, whole.tokens_in or 0)


def test_stretches_cover_the_window_once() -> None:
    """Newest first, cut where no group reaches across."""
    window = Window(day_of(NOW) - DAY * 70, NOW)
    for by in (("hour",), ("day",), ("month",), ("model",)):
        parts = tabulate.stretches(window, by)
        assert (parts[-1].since, parts[0].until) == (window.since, window.until)
        assert all(earlier.until == later.since for later, earlier in pairwise(parts))


def test_globs_and_names(run: Run) -> None:
    """A glob is all that it matches; several words are together."""
    models = json.loads(run("--by model --model @cf/meta/* --model gpt-5-mini --format json"))["rows"]
    names = {row["model"] for row in models}
    assert "gpt-5-mini" in names
    assert all(name == "gpt-5-mini" or name.startswith("@cf/meta/") for name in names)
    assert len(names) > 2


def test_neurons_have_no_gateway(run: Run) -> None:
    """Beside gateways or providers, and in a scope narrowed to one, they are unknown; the estimate stays."""
    for line in ("--by gateway", "--by model --gateway prod-api"):
        found = json.loads(run(f"{line} --format json"))
        assert {row["neurons"] for row in found["rows"]} == {None}
        assert found["totals"]["neurons"] is None
        assert found["totals"]["neurons_estimated"] > 0


def test_metadata(run: Run) -> None:
    """By the value of a key, asked at once: the values' requests are all requests."""
    found = json.loads(run("--by metadata.team --format json"))
    assert {row["metadata.team"] for row in found["rows"]} == {"web", "data", "support", "search"}
    assert sum(row["requests"] for row in found["rows"]) == json.loads(run("--format json"))["totals"]["requests"]


def test_metadata_is_sorted_and_limited(run: Run) -> None:
    """As other usage is; totals stay those of all."""
    whole = json.loads(run("--by metadata.team --format json"))
    found = json.loads(run("--by metadata.team --sort tokens_in --reverse --limit 2 --format json"))
    assert found["rows"] == sorted(whole["rows"], key=lambda row: row["tokens_in"])[:2]
    assert found["totals"] == whole["totals"]
    found = json.loads(run("--by metadata.team --sort metadata.team --format json"))
    assert [row["metadata.team"] for row in found["rows"]] == ["data", "search", "support", "web"]


def test_sorted(run: Run) -> None:
    """Measures the largest first, unknown last; fields in their order; both the other way round when asked."""
    costs = [row["cost_usd"] for row in json.loads(run("--by model --sort cost_usd --format json"))["rows"]]
    known = [cost for cost in costs if cost is not None]
    assert known == sorted(known, reverse=True)
    assert costs == [*known, *[None] * (len(costs) - len(known))]
    names = [row["model"] for row in json.loads(run("--by model --sort model --reverse --format json"))["rows"]]
    assert names == sorted(names, reverse=True)


def test_written_whole_or_not_at_all(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """For its owner only; a folder that is not there is one line, and nothing is left behind."""
    path = tmp_path / "usage.csv"
    assert run(f"--format csv --output {path}") == ""
    assert path.read_bytes().decode() == run("--format csv")
    assert path.stat().st_mode & 0o777 == 0o600
    code, said = failed(f"--output {tmp_path}/none/x", capsys)
    assert (code, said.count("\n")) == (1, 1)
    assert [one.name for one in tmp_path.iterdir() if one.is_file()] == ["usage.csv"]


def test_an_export_overwrites_nothing(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The day's name, then -2."""
    monkeypatch.chdir(tmp_path)
    run("--export json")
    run("--export json")
    run("--export csv")
    names = sorted(path.name for path in tmp_path.glob("ai-*"))
    assert names == ["ai-analytics-2026-11-23-2.json", "ai-analytics-2026-11-23.csv", "ai-analytics-2026-11-23.json"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("--by hor", "--by: there is no field hor → did you mean hour?"),
        (
            "--by metadata.a,day",
            "--by: a metadata key stands alone → use --by metadata.team, without other fields",
        ),
        ("--sort cost", "--sort: there is no cost → did you mean cost_usd?"),
        ("--sort metadata.a", "--sort: metadata.a is not among the fields → use --by metadata.a"),
        ("--sort gateway", "--sort: gateway is not among the fields → use --by hour,model,gateway"),
        ("--model llama", "there is no model llama → did you mean @cf/meta/llama-3.1-8b-instruct-fp8-fast?"),
        ("--gateway prod-ap?x", "there is no gateway prod-ap?x → did you mean prod-api?"),
        ("--since 2026-11-24", "the window ends before it begins → let --since be earlier"),
    ],
)
def test_bad_words(line: str, said: str, today: None, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line with its remedy, exit 2."""
    assert failed(line, capsys) == (2, f"aigw-tui: configuration: {said}\n")


def test_older_than_anybody_keeps(run: Run, today: None, capsys: pytest.CaptureFixture[str]) -> None:
    """There is what there is, and what is missing is said beside it."""
    assert cli.main(["usage", "--demo", "--since", "2026-06-01", "--by", "month", "--format", "json"]) == 0
    printed = capsys.readouterr()
    months = [row["month"] for row in json.loads(printed.out)["rows"]]
    assert months == ["2026-11", "2026-10", "2026-09"]
    assert "requests: 2," in printed.err
    assert "hours were never read" in printed.err


def test_without_a_token(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 2 and what to do; offline there is history alone, and its absence is said."""
    assert cli.main(["usage"]) == 2
    assert "set CLOUDFLARE_API_TOKEN" in capsys.readouterr().err
    assert cli.main(["usage", "--offline", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["rows"] == []
    assert found["totals"]["requests"] is None
    assert {one["state"] for one in found["sources"]} == {"none"}


def test_a_closed_pipe_and_a_narrow_screen(home: Path) -> None:
    """`| head -1` ends without a word; in a pipe a table is as wide as it needs to be."""
    program = f"{sys.executable} -m aigw_tui usage --demo --at 14:05"
    shell = ["bash", "-c", f"set -o pipefail; {program} | head -1; echo ${{PIPESTATUS[0]}}"]
    found = subprocess.run(shell, capture_output=True, text=True, timeout=60, env=dict(os.environ), check=False)
    head, code = found.stdout.splitlines()
    assert (code, found.stderr) == ("0", "")
    assert head.split()[:3] == ["hour", "(UTC)", "model"]
    assert head.split()[-2:] == ["neurons", "~neurons"]


def test_hostile_names() -> None:
    """Commas, quotes, line ends, escapes and formulas: CSV comes back whole, Markdown and tables stay lines."""
    from aigw_tui.outlets.exports import Usage, as_csv, as_json, as_markdown
    from aigw_tui.outlets.usagetable import table

    names = ['a,"b"', "c\nd", "e|f", "\x1b]52;c;x\x07", "=cmd()", "@cf/meta/x", "宽" * 60, "\u202eright"]
    rows = [Line((name,), requests=1) for name in names]
    usage = Usage(("model",), rows, Line((), requests=8), Window(day_of(NOW), NOW), NOW, (), ())
    table_rows = list(csv.reader(io.StringIO("".join(as_csv(usage)), newline="")))
    assert len(table_rows) == 1 + len(names)
    assert [row[0] for row in table_rows[5:7]] == ["'=cmd()", "@cf/meta/x"]
    assert len(json.loads("".join(as_json(usage)))["rows"]) == len(names)
    for text in ("".join(as_markdown(usage)), "".join(table(usage, 80, False, {}, {"model": names}))):
        assert len(text.splitlines()) in (len(names) + 3, len(names) + 4)
        assert "\x1b" not in text
        assert "\u202e" not in text


def test_the_account_of_the_rows(run: Run) -> None:
    """By id, as the API has it; a person reads its label."""
    assert json.loads(run("--by account --format json"))["rows"][0]["account"] == ACCOUNT_ID
    assert run("--by account").splitlines()[1].startswith("acme")
