"""Where things live on this machine: one function a file, as platformdirs says, made private."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from aigw_tui.errors import LocalError

NAME = "aigw-tui"


def config_file() -> Path:
    """The person's own settings. Raises LocalError where there is no home folder; so do the others."""
    from platformdirs import user_config_path

    return _folder(user_config_path) / "config.toml"


def history_file() -> Path:
    """What was read from Cloudflare, kept."""
    from platformdirs import user_data_path

    return _folder(user_data_path) / "history.sqlite"


def log_file() -> Path:
    """What happened, for whoever looks for a fault."""
    from platformdirs import user_log_path

    return _folder(user_log_path) / "aigw-tui.log"


def _folder(find: Callable[..., Path]) -> Path:
    try:
        path = find(NAME, appauthor=False)
    except RuntimeError:
        path = Path()
    # Older platformdirs leave "~/.config" as it is where there is no home: a folder called "~" in the current one.
    if not path.is_absolute():
        raise LocalError("there is no home folder", "set HOME, or XDG_CONFIG_HOME, XDG_DATA_HOME and XDG_STATE_HOME")
    return path


def make_private(folder: Path) -> None:
    """Make `folder` and its missing parents with mode 0700, whatever the umask. Raises OSError."""
    missing = [part for part in (folder, *folder.parents) if not part.exists()]
    for part in reversed(missing):
        # Path.mkdir(parents=True) gives the mode to the last folder only.
        part.mkdir(mode=0o700, exist_ok=True)
