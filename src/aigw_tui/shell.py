"""Completion for bash, zsh and fish, written from what the command line understands."""

from __future__ import annotations

import shlex
from collections.abc import Iterable

from aigw_tui.flags import Flag, Language

SHELLS = ("bash", "zsh", "fish")


def completion(shell: str, language: Language) -> str:
    """The script for one of SHELLS, ready to be sourced."""
    return {"bash": bash, "zsh": zsh, "fish": fish}[shell](language)


def bash(language: Language) -> str:
    """Works from bash 3.2 on, which is what macOS has."""
    return BASH.format(
        program=language.program,
        function=_function(language),
        taking="|".join(_taking(language)),
        values="\n".join(_bash_values(language)),
        words="\n".join(_bash_words(language)),
    )


def _bash_values(language: Language) -> Iterable[str]:
    """What may stand behind a flag: the command's own flags first."""
    for spelling in language.commands:
        for flag in spelling.own:
            yield from _bash_value(f'"{spelling.name} ', flag)
    for flag in language.shared:
        yield from _bash_value('*" ', flag)


def _bash_value(before: str, flag: Flag) -> Iterable[str]:
    if not flag.value or not flag.names:
        return
    pattern = "|".join(f'{before}{name}"' for name in flag.names)
    if flag.choices:
        yield f'        {pattern}) COMPREPLY=($(compgen -W {shlex.quote(" ".join(flag.choices))} -- "$cur")); return ;;'
    elif flag.is_file:
        yield f"        {pattern}) {FILES_IN_BASH}; return ;;"
    else:
        yield f"        {pattern}) return ;;"


def _bash_words(language: Language) -> Iterable[str]:
    shared = _names(language.shared)
    for spelling in language.commands:
        first = [one.name for one in language.commands[1:]] if not spelling.name else []
        words = [*first, *(choice for flag in spelling.own if not flag.names for choice in flag.choices)]
        flags = [*_names(spelling.own), *shared]
        yield f'        "{spelling.name}") words={shlex.quote(" ".join(words))} flags={shlex.quote(" ".join(flags))} ;;'


def zsh(language: Language) -> str:
    """For `fpath`, or to be sourced after compinit."""
    cases = []
    for spelling in language.commands:
        specs = [_zsh_flag(flag) for flag in (*spelling.own, *language.shared) if flag.names]
        words = [choice for flag in spelling.own if not flag.names for choice in flag.choices]
        specs += ["'1:command: _describe command commands'" if not spelling.name else "'1:command: '"]
        specs += [shlex.quote(f"2:word:({' '.join(words)})")] if words else []
        joined = " \\\n                ".join(specs)
        cases.append(f'        "{spelling.name}")\n            _arguments -s \\\n                {joined} ;;')
    commands = "\n".join(
        "        " + shlex.quote(f"{one.name}:{one.meaning.replace(':', chr(92) + ':')}")
        for one in language.commands[1:]
    )
    return ZSH.format(
        program=language.program,
        function=_function(language),
        taking="|".join(_taking(language)),
        commands=commands,
        cases="\n".join(cases),
    )


def _zsh_flag(flag: Flag) -> str:
    meaning = flag.meaning
    for special in ("\\", "[", "]", ":"):
        meaning = meaning.replace(special, f"\\{special}")
    value = ""
    if flag.value:
        action = f"({' '.join(flag.choices)})" if flag.choices else "_files" if flag.is_file else " "
        name = "value" if flag.choices else flag.value.replace(":", "\\:")
        value = f":{name}:{action}"
    return " ".join(
        shlex.quote(f"*{name}{'=' * bool(value and name.startswith('--'))}[{meaning}]{value}") for name in flag.names
    )


def fish(language: Language) -> str:
    """For `~/.config/fish/completions/`, or to be sourced."""
    program = language.program
    names = " ".join(one.name for one in language.commands[1:])
    lines = [f"# fish completion of {program}", f"complete -c {program} -f"]
    for one in language.commands:
        seen = f"__fish_seen_subcommand_from {one.name or names}"
        condition = _fish_quoted(seen if one.name else f"not {seen}")
        if one.name:
            lines.append(
                f"complete -c {program} -n {_fish_quoted(f'not __fish_seen_subcommand_from {names}')}"
                f" -a {one.name} -d {_fish_quoted(one.meaning)}"
            )
        lines += [f"complete -c {program} -n {condition}{_fish_flag(flag)}" for flag in one.own]
    lines += [f"complete -c {program}{_fish_flag(flag)}" for flag in language.shared]
    return "\n".join(lines) + "\n"


def _fish_flag(flag: Flag) -> str:
    names = "".join(f" -l {name[2:]}" if name.startswith("--") else f" -s {name[1:]}" for name in flag.names)
    choices = f" -a {_fish_quoted(' '.join(flag.choices))}" if flag.choices else ""
    takes = "" if not (flag.value and flag.names) else " -r -F" if flag.is_file else " -x"
    return f"{names}{takes}{choices} -d {_fish_quoted(flag.meaning)}"


def _fish_quoted(text: str) -> str:
    """A backslash means something between fish's single quotes, which it does not in other shells."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _names(flags: Iterable[Flag]) -> list[str]:
    return [name for flag in flags for name in flag.names]


def _taking(language: Language) -> list[str]:
    """Flags behind which a value stands, so that it is not taken for a command."""
    flags = [*language.shared, *(flag for spelling in language.commands for flag in spelling.own)]
    return list(dict.fromkeys(name for flag in flags if flag.value for name in flag.names))


def _function(language: Language) -> str:
    return f"_{language.program.replace('-', '_')}"


FILES_IN_BASH = """local IFS=$'\\n'; COMPREPLY=($(compgen -f -- "$cur")); compopt -o filenames 2>/dev/null"""
BASH = """# bash completion of {program}
{function}() {{
    local cur="${{COMP_WORDS[COMP_CWORD]}}" prev="${{COMP_WORDS[COMP_CWORD-1]}}" command="" skip="" word words flags i
    # to bash --flag=value is three words
    if [[ $cur == "=" ]]; then
        cur=""
    elif [[ $prev == "=" && COMP_CWORD -gt 1 ]]; then
        prev="${{COMP_WORDS[COMP_CWORD-2]}}"
    fi
    for ((i = 1; i < COMP_CWORD; i++)); do
        word="${{COMP_WORDS[i]}}"
        if [[ $word == "=" ]]; then
            continue
        elif [[ $skip ]]; then
            skip=""
            continue
        fi
        case "$word" in
            {taking}) skip=1 ;;
            -*) ;;
            *) command="$word"; break ;;
        esac
    done
    COMPREPLY=()
    case "$command $prev" in
{values}
    esac
    case "$command" in
{words}
        *) return ;;
    esac
    [[ $cur == -* || -z $words ]] && words="$flags"
    COMPREPLY=($(compgen -W "$words" -- "$cur"))
}}
complete -F {function} {program}
"""
ZSH = """#compdef {program}
{function}() {{
    local -a commands
    local command="" skip="" word i
    commands=(
{commands}
    )
    for ((i = 2; i < CURRENT; i++)); do
        word="${{words[i]}}"
        if [[ -n $skip ]]; then
            skip=""
            continue
        fi
        case "$word" in
            {taking}) skip=1 ;;
            -*) ;;
            *) command="$word"; break ;;
        esac
    done
    case "$command" in
{cases}
    esac
}}
if [[ ${{zsh_eval_context[-1]}} == loadautofunc ]]; then
    {function} "$@"
else
    compdef {function} {program}
fi
"""
