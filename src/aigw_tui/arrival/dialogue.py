"""Talk with a person: on stderr, because stdout is data; where nobody can answer, nothing is asked."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from aigw_tui.errors import ConfigError
from aigw_tui.fatal import say
from aigw_tui.format import clean
from aigw_tui.secret import Secret, redact

TRIES = 3


class Dialogue:
    """`is_quiet`: only what must be answered is said."""

    def __init__(self, is_quiet: bool = False) -> None:
        self._is_quiet = is_quiet
        self.can_ask = all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))

    def tell(self, *lines: str) -> None:
        if not self._is_quiet:
            self._write(*lines)

    def ask(self, question: str) -> str:
        """The person's line, without spaces around it. Raises KeyboardInterrupt when they are gone (Ctrl-D)."""
        print(f"{question} ", end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        if not line:
            raise KeyboardInterrupt
        return line.strip()

    def agrees(self, question: str) -> bool:
        """Only a clear yes is one."""
        return self.ask(f"{question} [y/N]").lower() in ("y", "yes")

    def choose(self, title: str, options: Sequence[str], otherwise: str = "") -> int | None:
        """The place of what was chosen by its number; None for an empty line, where `otherwise` says what it means."""
        self._write("", f"{title}:", *(f"  {number}  {option}" for number, option in enumerate(options, 1)))
        hint = f"1-{len(options)}" + (f", Enter: {otherwise}" if otherwise else "")
        for _ in range(TRIES):
            said = self.ask(f"Number ({hint}):")
            if not said and otherwise:
                return None
            if said.isascii() and said.isdigit() and 1 <= int(said) <= len(options):
                return int(said) - 1
            say(f"{clean(said, 20) or 'nothing'} is not one of them")
        raise ConfigError("no number was chosen", "run aigw-tui setup again")

    def secret(self, prompt: str) -> Secret:
        """What is typed is not shown. Raises KeyboardInterrupt when they are gone."""
        import getpass

        try:
            return Secret(getpass.getpass(f"{prompt} ", stream=sys.stderr).strip())
        except EOFError:
            raise KeyboardInterrupt from None

    def _write(self, *lines: str) -> None:
        for line in lines:
            print(clean(redact(line), 500), file=sys.stderr, flush=True)
