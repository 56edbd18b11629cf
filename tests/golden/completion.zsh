#compdef a-tool
_a_tool() {
    local -a commands
    local command="" skip="" word i
    commands=(
        'show:it'"'"'s [a] "test"\: $HOME `x` \'
    )
    for ((i = 2; i < CURRENT; i++)); do
        word="${words[i]}"
        if [[ -n $skip ]]; then
            skip=""
            continue
        fi
        case "$word" in
            --name|-f|--format|--out) skip=1 ;;
            -*) ;;
            *) command="$word"; break ;;
        esac
    done
    case "$command" in
        "")
            _arguments -s \
                '*-h[help]' '*--help[help]' \
                '*--name=[any]:NAME: ' \
                '1:command: _describe command commands' ;;
        "show")
            _arguments -s \
                '*-f[it'"'"'s \[a\] "test"\: $HOME `x` \\]:value:(a b)' '*--format=[it'"'"'s \[a\] "test"\: $HOME `x` \\]:value:(a b)' \
                '*--out=[a file]:FILE:_files' \
                '*-h[help]' '*--help[help]' \
                '*--name=[any]:NAME: ' \
                '1:command: ' \
                '2:word:(x)' ;;
    esac
}
if [[ ${zsh_eval_context[-1]} == loadautofunc ]]; then
    _a_tool "$@"
else
    compdef _a_tool a-tool
fi
