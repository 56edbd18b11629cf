"""Completion: every command, flag and choice that the parser knows, in real shells."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from aigw_tui import cli
from aigw_tui.flags import Flag, Language, Spelling
from aigw_tui.shell import SHELLS, bash, completion
from debian import needs
from terminal import Terminal

Complete = Callable[..., list[str]]


@pytest.fixture
def complete(tmp_path: Path) -> Complete:
    """What a real bash offers for the last of these words, after sourcing the script as a person does."""

    def completed(*words: str, script: str = "") -> list[str]:
        path = tmp_path / "completion.bash"
        path.write_text(script or completion("bash", cli.language()))
        line = (
            f"source {path}; COMP_WORDS=({shlex.join(['aigw-tui', *words])}); COMP_CWORD={len(words)};"
            ' "$(complete -p aigw-tui | sed "s/.*-F \\([^ ]*\\) .*/\\1/")"; printf "%s\\n" "${COMPREPLY[@]}"'
        )
        done = subprocess.run(
            ["bash", "--norc", "--noprofile", "-c", line], capture_output=True, text=True, check=True, cwd=tmp_path
        )
        assert done.stderr == ""
        return done.stdout.split("\n")[:-1] if done.stdout.strip() else []

    return completed


@needs("bash")
class TestBash:
    """The function, called as readline calls it."""

    def test_commands(self, complete: Complete) -> None:
        """All of them, and after a letter those that begin with it."""
        assert complete("") == list(cli.names())
        assert complete("sta") == ["status"]

    @pytest.mark.parametrize("name", ["", *cli.names()])
    def test_flags(self, complete: Complete, name: str) -> None:
        """Every flag that a command's help shows is offered, and no other."""
        command = cli._command(name or cli.DEFAULT)
        known = {flag for one in cli._parser(name or cli.DEFAULT, command).flags() for flag in one.names}
        assert set(complete(*filter(None, (name,)), "-")) == known

    @pytest.mark.parametrize(
        ("words", "offered"),
        [
            (("quota", "--format", ""), ["table", "json"]),
            (("quota", "--format", "j"), ["json"]),
            (("quota", "--format", "="), ["table", "json"]),
            (("quota", "--format", "=", "t"), ["table"]),
            (("--week", "quota", "--format", ""), ["table", "json"]),
            (("--account", "status", "quota", "--format", ""), ["table", "json"]),
            (("--account", "=", "status", "quota", "--format", ""), ["table", "json"]),
            (("status", "--format", ""), []),
            (("--print-completion", "f"), ["fish"]),
            (("--account", ""), []),
            (("nonsense", ""), []),
        ],
    )
    def test_values(self, complete: Complete, words: tuple[str, ...], offered: list[str]) -> None:
        """Choices of the command that stands on the line; nothing where only a person knows."""
        assert complete(*words) == offered

    def test_files(self, complete: Complete, tmp_path: Path) -> None:
        """A flag that takes a file offers files, also those with spaces."""
        (tmp_path / "own config.toml").touch()
        (tmp_path / "other").touch()
        assert complete("quota", "--config", "ow") == ["own config.toml"]
        assert complete("--token-file", "=", "ot") == ["other"]

    def test_words_of_a_command(self, complete: Complete) -> None:
        """Words that stand for themselves come first; flags when a dash is written."""
        flags = (Flag((), "", "what", ("list", "silence")), Flag(("--for",), "", "TIME"), Flag(("--all",), ""))
        alerts = Spelling("alerts", "", "", flags)
        script = bash(Language("aigw-tui", "1", (Spelling("", "", "", ()), alerts), (Flag(("-h", "--help"), ""),)))
        assert complete("alerts", "", script=script) == ["list", "silence"]
        assert complete("alerts", "--", script=script) == ["--for", "--all", "--help"]
        assert complete("--for", "x", "alerts", "l", script=script) == ["list"]

    def test_at_a_prompt(self) -> None:
        """Tab after sourcing it in a bash of one's own."""
        start = "import os; os.execvp('bash', ['bash', '--norc', '--noprofile'])"
        with Terminal(code=start, environ={"PS1": "> ", "PYTHON": sys.executable}) as terminal:
            terminal.until(lambda text: "> " in text)
            terminal.press('source <("$PYTHON" -m aigw_tui --print-completion bash); clear; echo rea""dy\r')
            terminal.until(lambda text: text.startswith("ready"))
            terminal.press("aigw-tui quo\t--form\tjs\t")
            terminal.until(lambda text: "aigw-tui quota --format json" in text)


@pytest.mark.parametrize("shell", [pytest.param(shell, marks=needs(shell)) for shell in SHELLS])
def test_a_shell_reads_it(shell: str, tmp_path: Path) -> None:
    """Where that shell is installed it finds no mistake in the script."""
    path = tmp_path / "completion"
    path.write_text(completion(shell, cli.language()))
    done = subprocess.run([shell, "-n", path], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@needs("fish")
@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("aigw-tui quo", ["quota"]),
        ("aigw-tui quota --format ", ["json", "table"]),
        ("aigw-tui quota --off", ["--offline"]),
    ],
)
def test_fish(line: str, offered: list[str], tmp_path: Path) -> None:
    """What fish itself says that it would offer."""
    path = tmp_path / "completion.fish"
    path.write_text(completion("fish", cli.language()))
    command = ["fish", "-N", "-c", f"source {path}; complete -C '{line}'"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert sorted(one.split("\t")[0] for one in done.stdout.splitlines()) == offered


@pytest.mark.parametrize("shell", SHELLS)
def test_golden_scripts(shell: str) -> None:
    """The text for a small command line, whose words have every character that a shell could take for its own."""
    hard = 'it\'s [a] "test": $HOME `x` \\'
    own = (
        Flag(("-f", "--format"), hard, "a|b", ("a", "b")),
        Flag(("--out",), "a file", "FILE"),
        Flag((), "", "w", ("x",)),
    )
    commands = (Spelling("", "open it", "", ()), Spelling("show", hard, "", own))
    language = Language("a-tool", "1.0", commands, (Flag(("-h", "--help"), "help"), Flag(("--name",), "any", "NAME")))
    assert completion(shell, language) == (Path(__file__).parent / "golden" / f"completion.{shell}").read_text()


def test_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """`--print-completion` prints the script alone, wherever it stands, and says which shells there are."""
    for shell in SHELLS:
        assert cli.main(["--print-completion", shell]) == 0
        assert capsys.readouterr() == (completion(shell, cli.language()), "")
    assert cli.main(["quota", "--print-completion", "ksh"]) == 2
    assert "invalid choice" in capsys.readouterr().err


def test_shells() -> None:
    """The flag's choices are the shells that there are scripts for."""
    (flag,) = (flag for flag in cli.language().commands[0].own if "--print-completion" in flag.names)
    assert flag.choices == SHELLS
