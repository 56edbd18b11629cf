"""`report`: held to its bytes, the same truth in every format, and safe whatever names it holds."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import time_machine

from aigw_tui import cli
from aigw_tui.format import clean
from aigw_tui.history import open_history
from aigw_tui.history.episodes import Verdicts
from aigw_tui.insight.daily import Report, report
from aigw_tui.insight.quotas import Allowance
from aigw_tui.model import DAY, Episode, Scope, Window
from aigw_tui.outlets.report import FORMATS, written
from aigw_tui.outlets.report.markdown import escaped
from kept import kept
from test_hostile import NAMES
from world import ACCOUNT, GPT, NOW, SERVER, TODAY, failure_row, recorded_all, request_row, scene, total

GOLDEN = Path(__file__).parent / "golden"
YESTERDAY = Window(TODAY - DAY, TODAY)
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Exit code, stdout and stderr of `report --offline` at the world's moment, over what a monitor left."""
    monkeypatch.setenv("AIGW_STORE", str(kept(tmp_path / "history.sqlite")))
    monkeypatch.setenv("CLOUDFLARE_API_BASE_URL", SERVER)

    def ran(*words: str) -> tuple[int, str, str]:
        with time_machine.travel(NOW, tick=False):
            code = cli.main(["report", "--offline", *words])
        return code, *capsys.readouterr()

    return ran


def today(**rows: Any) -> Report:
    """Today's report over these rows, and over the world where there are none."""
    views = recorded_all(**rows) if rows else None
    return report(scene(views=views).snapshot, {ACCOUNT: Allowance()}, "day", Window(TODAY, TODAY + DAY))


class Page(HTMLParser):
    """Fails unless every element is closed in its order; keeps what is read and what is fetched."""

    VOID = ("meta", "br")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.words = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [str(value) for name, value in attrs if name in ("src", "href", "background", "action")]
        assert not [name for name, _ in attrs if name.startswith("on")]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.mark.parametrize(("form", "ending"), [("markdown", "md"), ("json", "json"), ("slack", "slack.json")])
@pytest.mark.parametrize("word", ["", "--today", "--week"])
def test_the_bytes(run: Run, form: str, ending: str, word: str) -> None:
    """Yesterday by default; today so far; a week day by day."""
    golden = GOLDEN / f"report{word.removeprefix('-')}.{ending}"
    assert run("--format", form, *filter(None, [word])) == (0, golden.read_text(), "")


def test_its_totals_are_those_of_history(run: Run) -> None:
    """Each figure of yesterday is the sum of what is stored; so is the curve of neurons."""
    found = json.loads(run("--format", "json")[1])
    views = scene().snapshot.views
    for name in ("requests", "errors", "tokens_in", "tokens_out"):
        assert found["figures"][name]["value"] == total(views, "requests", name, YESTERDAY)
    burned = total(views, "neurons", "neurons", YESTERDAY)
    assert found["figures"]["neurons"]["value"] == pytest.approx(burned)
    assert sum(found["neurons"][0]["hours"]) == pytest.approx(burned)
    assert found["not_routed"]["share"] == found["figures"]["not_routed"]["value"]


def test_a_week_is_the_sum_of_its_days(run: Run) -> None:
    """What adds up adds up; a day of the world is no estimate."""
    found = json.loads(run("--week", "--format", "json")[1])
    assert len(found["days"]) == 7
    for name in ("requests", "errors", "tokens_in", "cost_usd"):
        assert sum(day[name] for day in found["days"]) == pytest.approx(found["figures"][name]["value"])
    assert [day["is_running"] for day in found["days"]] == [False] * 6 + [True]


def test_a_day_without_data(run: Run) -> None:
    """Every format says so, and shows no zeros."""
    assert "No data" in run("--date", "2026-01-05")[1]
    assert "No data" in run("--date", "2026-01-05", "--format", "html")[1]
    assert "No data" in run("--date", "2026-01-05", "--format", "slack")[1]
    found = json.loads(run("--date", "2026-01-05", "--format", "json")[1])
    assert found["has_data"] is False
    assert {figure["value"] for figure in found["figures"].values()} == {None}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--date", "2026-11-24"), "no figures of 2026-11-24"),
        (("--date", "tomorrow"), "use YYYY-MM-DD"),
        (("--date", "2026-11-20", "--today"), "use one of them"),
        (("--hours", "5"), "whole days"),
        (("--since", "2h"), "whole days"),
    ],
)
def test_what_is_no_day(run: Run, words: tuple[str, ...], said: str) -> None:
    """Exit code 2 and one line."""
    code, out, err = run(*words)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err


def test_into_a_file(run: Run, tmp_path: Path) -> None:
    """The same bytes as on stdout; stderr says where."""
    path = tmp_path / "report.html"
    code, out, err = run("--format", "html", "--output", str(path))
    assert (code, out, err) == (0, "", f"wrote {path}\n")
    assert path.read_text() == run("--format", "html")[1]


@pytest.mark.parametrize("word", ["", "--today", "--week", "--month"])
def test_the_page_stands_alone(run: Run, word: str) -> None:
    """Well-formed, also its charts as XML; nothing is fetched and nothing runs; it has a dark side."""
    text = run("--format", "html", *filter(None, [word]))[1]
    page = Page(text)
    assert page.addresses == []
    assert not {"script", "link", "img", "iframe", "object", "form", "base"} & {*page.tags}
    assert "url(" not in text
    assert "@import" not in text
    assert "prefers-color-scheme:dark" in text
    charts = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    assert len(charts) == (2 if word in ("", "--today") else 4)
    for chart in charts:
        ET.fromstring(chart)  # noqa: S314 - our own


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", NAMES)
def test_hostile_names(form: str, name: str) -> None:
    """A model, an account or a status of any name changes no structure, and calls nobody."""
    stored = clean(name)  # as every name is that history keeps
    rows = [request_row(9, stored, cost=1.0), request_row(10, GPT)]
    found = today(requests=rows, neurons=[], failures=[failure_row(9, stored, model=stored)])
    found = replace(found, labels=((ACCOUNT, name),), neurons=tuple(replace(n, label=name) for n in found.neurons))
    text = written(found, form)
    plain = written(today(requests=[request_row(9, "a", cost=1.0), request_row(10, GPT)], neurons=[],
                          failures=[failure_row(9, "b", model="a")]), form)  # fmt: skip
    assert all(c.isprintable() or c in "\n\N{WORD JOINER}" for c in text)
    if form == "html":
        assert Page(text).tags == Page(plain).tags
    elif form == "markdown":
        assert text.count("\n") == plain.count("\n")
        bars = [[line.replace("\\|", "").count("|") for line in one.split("\n")] for one in (text, plain)]
        assert bars[0] == bars[1]
    else:
        assert len(json.loads(text)) == len(json.loads(plain))


@pytest.mark.parametrize(
    ("raw", "safe"),
    [
        ("a|b", "a\\|b"),
        ("<script>", "&lt;script&gt;"),
        ("[x](https://evil)", "\\[x\\](https:\\/\\/evil)"),
        ("@channel", "&#64;channel"),
        ("~1.20", "~1.20"),
        ("~~gone~~", "\\~\\~gone\\~\\~"),
        ("gpt-5-mini", "gpt-5-mini"),
    ],
)
def test_markdown_of_foreign_text(raw: str, safe: str) -> None:
    """What would format, link or call somebody does not; ordinary names stay readable."""
    assert escaped(raw) == safe


def test_slack_takes_it() -> None:
    """At most 50 blocks, 3,000 characters a text, 10 fields a section (documented); names call nobody."""
    many = tuple((f"{n:02d}" * 16, "<!channel> & *all*" * 9) for n in range(40))
    for found in (today(), replace(today(), labels=many)):
        message = json.loads(written(found, "slack"))
        assert len(message["blocks"]) <= 50
        texts = re.findall(r'"text": "(.*)"', written(found, "slack"))
        assert max(map(len, texts)) <= 3_200  # as JSON writes them
        assert "<!channel>" not in json.dumps(message)
        assert all(len(block.get("fields", ())) <= 10 for block in message["blocks"])


def test_the_built_in_account(capsys: pytest.CaptureFixture[str]) -> None:
    """It fills the days that it needs: yesterday has all its hours, and the days before to be set against."""
    with time_machine.travel(NOW, tick=False):
        assert cli.main(["report", "--demo", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["missing"] for one in found["quality"]] == [0, 0, 0]
    assert found["figures"]["requests"]["usual"] > 0
    assert found["window"]["until"] == (NOW - timedelta(hours=14, minutes=5)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert Scope().window(NOW).since == TODAY


def test_its_alerts_are_those_of_alerts_history(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """Over the same stored figures, without a run that watched: the same episodes, to the field."""
    with time_machine.travel(NOW, tick=False):
        assert cli.main(["alerts", "history", "--format", "json"]) == 0
    episodes = json.loads(capsys.readouterr().out)["episodes"]
    fired = json.loads(run("--today", "--format", "json")[1])["alerts"]["fired"]
    assert [one.pop("worst") for one in fired] == ["15 %", "~126 %", "~107 %", "~104 %"]
    assert fired == episodes


def test_what_a_monitor_saw_is_told(run: Run, tmp_path: Path) -> None:
    """Also of a day of which no figure was ever read: that is when nobody answered."""
    day = TODAY - DAY * 30
    episode = Episode("no answer", ACCOUNT, day, day + timedelta(minutes=30), day + DAY, "critical", 1440.0, "…")
    history = open_history(tmp_path / "history.sqlite", SERVER, NOW).history
    history.alerts.judge(lambda _: Verdicts({}, (episode,)))
    history.close()
    text = run("--date", "2026-10-24")[1]
    assert "No data" in text
    assert "| no answer: … | critical | 00:00, fired 00:30 → 24:00 | 1 d 0 h |" in text
    assert "Whether an alert fired is not known." in run("--date", "2026-10-20")[1]
    assert json.loads(run("--date", "2026-10-20", "--format", "json")[1])["alerts"]["fired"] is None


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ("alert = []", "No alert rule watches this."),
        ("alert = 3", "No alert rule could be read.\n\nNot read, so not watched: alert is no table."),
        ('[[alert]]\nname = "x"\nwhen = "no"\nabove = 1\n[[alert]]\nname = "y"\nwhen = "quota_used"\nabove = 0.9',
         "No alerts fired.\n\nNot read, so not watched: alert 'x': there is no expression no."),
        ('[[alert]]\nname = "y"\nwhen = "quota_used"\nabove = 0.9\nscope = { account = "elsewhere" }',
         "No alert rule watches this."),
    ],
)  # fmt: skip
def test_rules_of_ones_own(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rules: str, said: str) -> None:
    """Those that cannot be read end no report: it says which, without the name of a file."""
    config = tmp_path / "config.toml"
    config.write_text(rules)
    monkeypatch.setenv("AIGW_CONFIG", str(config))
    code, out, _ = run()
    assert code == 0
    assert f"## Alerts\n\n{said}\n" in out
    assert str(tmp_path) not in out
    assert json.loads(run("--format", "json")[1])["alerts"]["fired"] == []


@pytest.mark.parametrize("day", ["2026-11-16", "2026-11-23"])
def test_the_built_in_account_has_alerts_of_its_day(capsys: pytest.CaptureFixture[str], day: str) -> None:
    """To the minute, as `alerts history` finds them: both ask for what that needs."""
    since = datetime.fromisoformat(day)

    def document(*words: str) -> Any:
        with time_machine.travel(NOW, tick=False):
            assert cli.main([*words, "--demo", "--format", "json"]) == 0
        return json.loads(capsys.readouterr().out)

    def minutes(episodes: list[dict[str, Any]]) -> list[tuple[str, ...]]:
        return [(one["rule"], *(str(one[at])[:16] for at in ("began", "fired", "resolved"))) for one in episodes]

    fired = document("report", "--date", day)["alerts"]["fired"]
    times = ("--since", day, "--until", f"{since + DAY:%Y-%m-%d}")
    assert minutes(fired) == minutes(document("alerts", "history", *times)["episodes"])
    assert {one["rule"] for one in fired} >= {"neurons used" if since.day == 16 else "errors"}
