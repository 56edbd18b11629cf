"""Where things live."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from aigw_tui import locations
from aigw_tui.errors import LocalError


def test_everything_is_below_home(home: Path) -> None:
    """Without XDG variables every file is in the person's home, in a folder of the program's name."""
    files = locations.config_file(), locations.history_file(), locations.log_file()
    assert all(file.is_relative_to(home) and "aigw-tui" in file.parts for file in files)
    assert len(set(files)) == 3


@pytest.mark.parametrize(
    ("variable", "name"),
    [("XDG_CONFIG_HOME", "config_file"), ("XDG_DATA_HOME", "history_file"), ("XDG_STATE_HOME", "log_file")],
)
def test_xdg_moves_it(variable: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each folder follows its XDG variable."""
    monkeypatch.setenv(variable, str(tmp_path))
    assert getattr(locations, name)().is_relative_to(tmp_path)


def test_no_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without any home folder there is an error with a remedy, and no folder called ~ in the current one."""
    monkeypatch.delenv("HOME")
    monkeypatch.setattr("os.path.expanduser", lambda path: path)
    for find in (locations.config_file, locations.history_file, locations.log_file):
        with pytest.raises(LocalError, match="HOME"):
            find()
    assert os.listdir() == []  # noqa: PTH208 - the current folder as the program sees it


def test_folders_are_private_under_any_umask(tmp_path: Path) -> None:
    """Every folder that is made is 0700, its parents too, even when the umask would allow everything."""
    before = os.umask(0)
    try:
        locations.make_private(tmp_path / "one" / "two")
    finally:
        os.umask(before)
    assert [(tmp_path / part).stat().st_mode & 0o777 for part in ("one", "one/two")] == [0o700, 0o700]
