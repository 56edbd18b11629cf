"""The manual page: complete, and without a mistake that groff would find."""

from __future__ import annotations

import re
import subprocess

import pytest

from aigw_tui import cli
from aigw_tui.config import settings
from aigw_tui.flags import Flag, Language, Spelling
from aigw_tui.manual import page
from debian import needs


def rendered(source: str) -> str:
    """As a person reads it, 100 columns wide; whatever groff complains about fails."""
    command = ["groff", "-Tutf8", "-man", "-ww", "-rLL=200n", "-P-c", "-P-bou"]
    done = subprocess.run(command, input=source, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout


@needs("groff")
def test_it_is_complete() -> None:
    """Every command with its examples as they were written, every flag, every variable."""
    text = rendered(page(cli.language()))
    for name in cli.names():
        assert f"aigw-tui {name}\n" in text
        for example in cli._command(name).EPILOG.splitlines():
            assert example.strip() in text
    for spelling in cli.language().commands:
        for flag in (*spelling.own, *cli.language().shared):
            assert ", ".join(flag.names) in text
    for key, setting in settings().items():
        assert ", ".join(setting.names(key)) in " ".join(text.split())


@needs("groff")
def test_hard_text() -> None:
    """Dots, quotes, backslashes and dashes at any place come out as they are."""
    hard = [".TH evil", "'so x", "a\\fBb", "--two-dashes", "– ✓ ±", '"quoted"']
    flag = Flag(("--x-y",), ".meaning", "A-B", ("one",))
    text = rendered(page(Language("a-tool", "1.0", (Spelling("show", "shows", "\n".join(hard), (flag,)),), ())))
    assert all(line in [found.strip() for found in text.splitlines()] for line in hard)
    assert "--x-y A-B" in text
    assert ".meaning (one)" in text


def test_any_troff() -> None:
    """It is ASCII, has the sections of a manual page in their order, and no example is filled into a paragraph."""
    source = page(cli.language())
    assert source.isascii()
    sections = ["NAME", "SYNOPSIS", "DESCRIPTION", "COMMANDS", "OPTIONS", "ENVIRONMENT", "FILES", "EXIT STATUS"]
    assert re.findall(r"^\.SH (.*)$", source, re.MULTILINE) == sections
    assert source.count("\n.nf\n") == source.count("\n.fi\n") == len(cli.names()) + 1


def test_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """`--print-man` prints it and nothing else."""
    assert cli.main(["--print-man"]) == 0
    assert capsys.readouterr() == (page(cli.language()), "")
