# fish completion of a-tool
complete -c a-tool -f
complete -c a-tool -n 'not __fish_seen_subcommand_from show' -a show -d 'it\'s [a] "test": $HOME `x` \\'
complete -c a-tool -n '__fish_seen_subcommand_from show' -s f -l format -x -a 'a b' -d 'it\'s [a] "test": $HOME `x` \\'
complete -c a-tool -n '__fish_seen_subcommand_from show' -l out -r -F -d 'a file'
complete -c a-tool -n '__fish_seen_subcommand_from show' -a 'x' -d ''
complete -c a-tool -s h -l help -d 'help'
complete -c a-tool -l name -x -d 'any'
