# bash completion of a-tool
_a_tool() {
    local cur="${COMP_WORDS[COMP_CWORD]}" prev="${COMP_WORDS[COMP_CWORD-1]}" command="" skip="" word words flags i
    # to bash --flag=value is three words
    if [[ $cur == "=" ]]; then
        cur=""
    elif [[ $prev == "=" && COMP_CWORD -gt 1 ]]; then
        prev="${COMP_WORDS[COMP_CWORD-2]}"
    fi
    for ((i = 1; i < COMP_CWORD; i++)); do
        word="${COMP_WORDS[i]}"
        if [[ $word == "=" ]]; then
            continue
        elif [[ $skip ]]; then
            skip=""
            continue
        fi
        case "$word" in
            --name|-f|--format|--out) skip=1 ;;
            -*) ;;
            *) command="$word"; break ;;
        esac
    done
    COMPREPLY=()
    case "$command $prev" in
        "show -f"|"show --format") COMPREPLY=($(compgen -W 'a b' -- "$cur")); return ;;
        "show --out") local IFS=$'\n'; COMPREPLY=($(compgen -f -- "$cur")); compopt -o filenames 2>/dev/null; return ;;
        *" --name") return ;;
    esac
    case "$command" in
        "") words=show flags='-h --help --name' ;;
        "show") words=x flags='-f --format --out -h --help --name' ;;
        *) return ;;
    esac
    [[ $cur == -* || -z $words ]] && words="$flags"
    COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -F _a_tool a-tool
