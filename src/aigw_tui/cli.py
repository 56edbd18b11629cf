"""The command line: finds the commands in `commands/`, runs one, and turns what happens into an exit code."""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, Protocol, cast

from aigw_tui import __version__, commands, fatal
from aigw_tui.errors import AigwError, ConfigError, LocalError
from aigw_tui.format import did_you_mean
from aigw_tui.ink import prepare
from aigw_tui.words import add_words, check_words, prepare_streams

if TYPE_CHECKING:
    from aigw_tui.flags import Flag, Language

DEFAULT = "monitor"
INTERRUPTED = 130


class Command(Protocol):
    """One file below `commands/`; it imports at its top nothing that is slow."""

    HELP: str
    """One line."""
    EPILOG: str
    """Examples."""

    @staticmethod
    def add_arguments(parser: argparse.ArgumentParser) -> None:
        """Those that only this command has."""

    @staticmethod
    def run(args: argparse.Namespace) -> int:
        """Do it; returns the exit code. Raises AigwError."""


class Parser(argparse.ArgumentParser):
    """An argparse parser whose complaints are ConfigErrors: one line, and no usage above it."""

    def flags(self) -> tuple[Flag, ...]:
        """All that its help shows."""
        from aigw_tui.flags import flags_of

        return flags_of(self._actions)

    def error(self, message: str) -> NoReturn:
        raise ConfigError(message, f"see {self.prog} --help")

    def refuse(self, word: str) -> NoReturn:
        """Complain about a word that means nothing, without what may stand behind `=`: it may be a secret."""
        flag = word.partition("=")[0]
        if not flag.startswith("-"):
            self.error(f"{flag}: one word too many")
        raise ConfigError(
            f"there is no {flag}", did_you_mean(flag, self._option_string_actions, f"see {self.prog} --help")
        )


class PrintCompletion(argparse.Action):
    """Print a script for a shell, and nothing else."""

    def __call__(self, parser: argparse.ArgumentParser, _: object, shell: object, *__: object) -> None:
        from aigw_tui.shell import completion

        print(completion(str(shell), language()), end="")
        parser.exit()


class PrintMan(argparse.Action):
    """Print the manual page, and nothing else."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from aigw_tui.manual import page

        print(page(language()), end="")
        parser.exit()


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Returns 0 done, 1 failed, 2 wrong usage or configuration, 130 interrupted."""
    prepare(sys.stdout, os.environ)
    prepare(sys.stderr, os.environ)
    try:
        code = _run(list(sys.argv[1:] if argv is None else argv))
        _flush()
    except KeyboardInterrupt:
        code = INTERRUPTED
    except BrokenPipeError:
        _leave_stdout()
        code = 0  # whoever read our output has had enough, as `head` does
    except AigwError as error:
        code = fatal.report(error, None)
    except Exception as error:  # noqa: BLE001 - the last line of defence: it is logged and said
        code = fatal.report(error, _start_log())
    return code


def _run(arguments: list[str]) -> int:
    anywhere = Parser("aigw-tui", add_help=False, allow_abbrev=False, argument_default=argparse.SUPPRESS)
    anywhere.add_argument("--version", action="version", version=f"aigw-tui {__version__}")
    _add_printers(anywhere)
    add_words(anywhere)
    try:
        words, rest = anywhere.parse_known_args(arguments)
        name, rest = _command_in(rest)
        command = _command(name)
        parser = _parser(name, command)
        args, unknown = parser.parse_known_args(rest, words)
    except SystemExit:  # after --help and --version, the only ways in which argparse still exits
        return 0
    if unknown:
        parser.refuse(unknown[0])
    prepare_streams(args, args.ascii)
    check_words(args, takes_at=getattr(command, "TAKES_AT", False))
    _start_log(args.verbose)
    return command.run(args)


def names() -> tuple[str, ...]:
    """Every command, by name."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(commands.__path__)))


def language() -> Language:
    """Everything that may be written, for completion and the manual page."""
    from aigw_tui.flags import Language, Spelling

    shared = _parser_of_words().flags()
    spellings = []
    for name in ("", *names()):
        command = _command(name or DEFAULT)
        own = tuple(flag for flag in _parser(name or DEFAULT, command).flags() if flag not in shared)
        spellings.append(Spelling(name, command.HELP, command.EPILOG, own))
    return Language("aigw-tui", __version__, tuple(spellings), shared)


def _command(name: str) -> Command:
    if name not in names():
        remedy = did_you_mean(name, names(), f"use one of {', '.join(names())}")
        raise ConfigError(f"there is no command {name}", remedy)
    return cast(Command, importlib.import_module(f"{commands.__name__}.{name}"))


def _command_in(rest: list[str]) -> tuple[str, list[str]]:
    """The command's name and what is left without it; words that stand anywhere are gone already."""
    for index, word in enumerate(rest):
        if not word.startswith("-"):
            return word, rest[:index] + rest[index + 1 :]
        if word not in ("-h", "--help"):
            break
    return DEFAULT, rest


def _parser(name: str, command: Command) -> Parser:
    """What that command understands, the shared words included, so that its help names them too."""
    is_default = name == DEFAULT
    parser = Parser(
        "aigw-tui" if is_default else f"aigw-tui {name}",
        usage="%(prog)s [command] [options]" if is_default else "%(prog)s [options]",
        description=command.HELP,
        epilog=f"{_list()}\n\n{command.EPILOG}" if is_default else command.EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="store_true", help="print the version")
    if is_default:
        _add_printers(parser)
    command.add_arguments(parser)
    add_words(parser)
    parser.set_defaults(verbose=0)
    if os.environ.get("NO_COLOR"):
        parser.set_defaults(no_color=True)
    return parser


def _parser_of_words() -> Parser:
    """What all have in common."""
    parser = Parser("aigw-tui", allow_abbrev=False)
    parser.add_argument("--version", action="store_true", help="print the version")
    add_words(parser)
    return parser


def _add_printers(parser: argparse.ArgumentParser) -> None:
    shells = ("bash", "zsh", "fish")
    what = "print completion for a shell; source it"
    parser.add_argument("--print-completion", action=PrintCompletion, choices=shells, metavar="SHELL", help=what)
    parser.add_argument("--print-man", action=PrintMan, nargs=0, help="print the manual page")


def _list() -> str:
    lines = (f"  {name:<12}{_command(name).HELP}" for name in names())
    return "\n".join(("commands:", *lines, "", "aigw-tui COMMAND --help says more of each."))


def _start_log(verbosity: int = 0) -> Path | None:
    from aigw_tui import locations, log

    try:
        path = locations.log_file()
    except LocalError:
        path = None
    log.start(path, verbosity)
    fatal.install(path)
    return path


def _flush() -> None:
    """What was printed may still fail to arrive."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        _leave_stdout()
        raise LocalError(f"the output cannot be written: {error.strerror}") from error


def _leave_stdout() -> None:
    """Let the interpreter's own last flush go nowhere, or it would complain."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
