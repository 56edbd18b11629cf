"""The manual page, in troff, written from what the command line and the settings say of themselves."""

from __future__ import annotations

from collections.abc import Iterable

from aigw_tui.flags import Flag, Language, Spelling

SUMMARY = "watch Cloudflare AI Gateway and Workers AI: neurons, requests, tokens, errors, cache, cost"
DESCRIPTION = """\
answers, at a glance and in this order: will today's neurons last until 00:00 UTC? Is anything failing? What does it
cost, and which model does it? Without a command it opens the live monitor; the commands give the same answers without a
screen. Data go to standard output, talk goes to standard error. All times are UTC.

Unknown is shown as –, never as 0; ~ is an estimate, ± a count from a sample."""
CODES = (
    ("0", "done"),
    ("1", "failed; one line says why, and what to do"),
    ("2", "wrong usage or configuration"),
    ("130", "interrupted"),
)
VARIABLES = (
    ("CLOUDFLARE_API_TOKEN", "The API token; it needs Account Analytics: Read, AI Gateway: Read, Workers AI: Read."),
    ("AIGW_CONFIG", "Another config.toml."),
    ("NO_COLOR, FORCE_COLOR", "No colours; colours although the output is no terminal."),
)
FILES = (
    ("config.toml", "The settings, in the user's configuration folder (~/.config/aigw-tui)."),
    ("history.sqlite", "What was read, in the data folder (~/.local/share/aigw-tui)."),
    ("aigw-tui.log", "What went wrong, in the state folder (~/.local/state/aigw-tui/log)."),
    (".env", "Token, account and gateway, in the current folder."),
)


def page(language: Language) -> str:
    """The whole page; plain ASCII, so that any troff reads it."""
    program = language.program
    lines = [f'.TH {_text(program.upper())} 1 "" "{_text(f"{program} {language.version}")}" "User Commands"']
    lines += [".SH NAME", f"{_text(program)} \\- {_text(SUMMARY)}", ".SH SYNOPSIS"]
    lines += [f".B {_text(program)}", r"[\fICOMMAND\fR] [\fIOPTIONS\fR]", ".SH DESCRIPTION", f".B {_text(program)}"]
    lines += [_text(line) if line else ".PP" for line in DESCRIPTION.splitlines()]
    lines += [".SH COMMANDS", *(line for one in language.commands for line in _command(program, one))]
    lines += [".SH OPTIONS", "Every command understands these, before or behind its name.", *_flags(language.shared)]
    lines += [".SH ENVIRONMENT", *_terms((*VARIABLES, *_settings()))]
    lines += [".SH FILES", *_terms(FILES), ".SH EXIT STATUS", *_terms(CODES)]
    return "\n".join(lines) + "\n"


def _command(program: str, spelling: Spelling) -> Iterable[str]:
    yield f".SS {_text(f'{program} {spelling.name}'.rstrip())}"
    yield _text(spelling.meaning[:1].upper() + spelling.meaning[1:] + ".")
    yield from _flags(spelling.own)
    yield from (".PP", ".nf", *map(_text, spelling.examples.splitlines()), ".fi")


def _flags(flags: Iterable[Flag]) -> Iterable[str]:
    for flag in flags:
        value = f" \\fI{_text(flag.value)}\\fR" if flag.value and flag.names else ""
        names = ", ".join(f"\\fB{_text(name)}\\fR" for name in flag.names) or f"\\fI{_text(flag.value)}\\fR"
        choices = f" ({', '.join(flag.choices)})" if flag.choices and flag.value != "|".join(flag.choices) else ""
        yield from (".TP", names + value, _text(flag.meaning + choices))


def _terms(terms: Iterable[tuple[str, str]]) -> Iterable[str]:
    for term, meaning in terms:
        yield from (".TP", f".B {_text(term)}", _text(meaning))


def _settings() -> Iterable[tuple[str, str]]:
    from aigw_tui.config.reference import entries

    return ((", ".join(entry.variables), entry.meaning.replace("`", "")) for entry in entries())


def _text(text: str) -> str:
    """As troff takes it: nothing at the start of a line is a request, a hyphen can be copied, all is ASCII."""
    plain = text.replace("\\", "\\e").replace("-", "\\-")
    found = "".join(one if one.isascii() else f"\\[u{ord(one):04X}]" for one in plain)
    return f"\\&{found}" if found.startswith((".", "'")) else found
