"""The log file and the fatal path."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import sys
import threading
import warnings
from pathlib import Path

import pytest

from aigw_tui import fatal, log
from aigw_tui.errors import ConfigError
from aigw_tui.secret import Secret

CANARY = "canary-5b7e1d-token-value"
log_own = logging.getLogger("aigw_tui.test")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The log of a program that has just started."""
    path = tmp_path / "state" / "log" / "aigw-tui.log"
    log.start(path)
    fatal.install(path)
    return path


def test_no_record_no_file(path: Path) -> None:
    """A program with nothing to say leaves no file and no folder."""
    assert not path.parent.exists()


def test_private_under_any_umask(path: Path) -> None:
    """The file is 0600 and its folders 0700, even under umask 000."""
    before = os.umask(0)
    try:
        log_own.info("one")
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == path.parent.parent.stat().st_mode & 0o777 == 0o700


def test_an_open_file_is_closed_to_others(path: Path) -> None:
    """A log file that everybody could read is made private when it is written."""
    path.parent.mkdir(parents=True)
    path.touch(0o644)
    log_own.info("one")
    assert path.stat().st_mode & 0o777 == 0o600


def test_older_files_stay_private(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is turned over when it is full; no more than the older files that are meant to stay do stay."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, log.PrivateFile):
            handler.maxBytes = 200
    for number in range(30):
        log_own.info("record %d, long enough to fill a line", number)
    files = sorted(path.parent.iterdir())
    assert len(files) == 1 + log.OLDER_FILES
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_no_secret_in_message_arguments_or_traceback(path: Path) -> None:
    """A secret is masked wherever it turns up: message, arguments, exception, its cause and its notes."""
    secret = Secret(CANARY)
    log_own.warning(f"{CANARY} and %s and %s", CANARY, secret)  # noqa: G004 - what a careless caller would write
    error = ValueError(f"https://{CANARY}@host")
    error.add_note(f"while sending {CANARY}")
    error.__cause__ = KeyError(CANARY)
    log_own.error("failed", exc_info=error)
    text = path.read_text()
    assert CANARY not in text
    assert text.count("•••") >= 6
    assert "direct cause" in text


def test_no_locals_in_a_traceback(path: Path) -> None:
    """A traceback shows the lines of the program, not the values they worked on."""

    def burst(prompt: str) -> None:
        raise RuntimeError("burst")

    with pytest.raises(RuntimeError) as caught:
        burst("what a person asked a model")
    fatal.report(caught.value, path)
    assert "burst" in path.read_text()
    assert "what a person asked" not in path.read_text().replace('burst("what a person asked a model")', "")


def test_foreign_text_cannot_write_lines_or_escapes(path: Path) -> None:
    """A name with line breaks and escape sequences neither forges a record nor reaches whoever reads the file."""
    log_own.info("model %s", "x\n2026-01-01T00:00:00Z CRITICAL root: forged\x1b]52;c;aGk=\x07\x9b31m\r\u202e")
    lines = path.read_text().splitlines()
    assert lines[0].endswith("model x")
    assert all(line.startswith("    ") for line in lines[1:])
    assert not set(path.read_text()) & {"\x1b", "\x07", "\x9b", "\r", "\u202e"}


@pytest.mark.parametrize(("verbosity", "heard"), [(0, {"own info"}), (1, {"own info", "own debug"})])
def test_verbosity(path: Path, verbosity: int, heard: set[str]) -> None:
    """`-v` adds what this package says at DEBUG; what httpx says of its URLs never is heard."""
    log.start(path, verbosity)
    log_own.info("own info")
    log_own.debug("own debug")
    for name in log.QUIET:
        logging.getLogger(name).info("https://hooks.example/secret")
    assert {line.split(": ", 1)[1] for line in path.read_text().splitlines()} == heard


def test_a_folder_that_cannot_be_made(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Where the log cannot be written nothing happens: no crash, nothing on the terminal."""
    (tmp_path / "file").touch()
    log.start(tmp_path / "file" / "aigw-tui.log")
    log_own.error("lost")
    log.start(None)
    log_own.error("lost too")
    assert capfd.readouterr() == ("", "")


def test_warnings_stay_off_the_terminal(path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Python's warnings go to the log."""
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        log.start(path)  # after pytest's own way of catching them
        logging.captureWarnings(False)
        logging.captureWarnings(True)
        warnings.warn("look out", stacklevel=1)
    assert "look out" in path.read_text()
    assert capfd.readouterr().err == ""


def test_an_expected_failure_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """An error of the program's own tree is said with its remedy, and gives its exit code."""
    assert fatal.report(ConfigError("x is wrong", "use y"), None) == 2
    assert capsys.readouterr().err == "aigw-tui: configuration: x is wrong → use y\n"


def test_an_unexpected_failure_is_one_line(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An error nobody thought of is one clean line that names the log, where its traceback is."""
    Secret(CANARY)
    assert fatal.report(RuntimeError(f"two\nlines with {CANARY}"), path) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert CANARY not in said
    assert "RuntimeError" in said
    assert str(path) in said
    assert "RuntimeError" in path.read_text()


def test_a_failure_without_a_log(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a log the line says so, and names no file that does not exist."""
    log.start(None)
    fatal.report(RuntimeError("gone"), None)
    assert "no log could be written" in capsys.readouterr().err


def test_stderr_is_closed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """With stderr closed nothing is said, least of all on stdout, which is for data."""
    monkeypatch.setattr(sys, "stderr", None)
    fatal.say("nobody hears this")
    assert capsys.readouterr().out == ""


def test_threads_destructors_and_tasks_write_to_the_log(path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """What escapes from a thread, a destructor or a forgotten task is in the log and not on the terminal."""

    def fail() -> None:
        raise RuntimeError("in a thread")

    class Fails:
        def __del__(self) -> None:
            raise RuntimeError("in a destructor")

    async def forget() -> None:
        async def fail_later() -> None:
            raise RuntimeError("in a task")

        task = asyncio.create_task(fail_later())
        await asyncio.wait([task])
        del task
        gc.collect()

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    Fails()
    gc.collect()
    asyncio.run(forget())
    text = path.read_text()
    assert all(place in text for place in ("in a thread", "in a destructor", "in a task"))
    assert capfd.readouterr() == ("", "")
