"""The commands: one file each, found by looking into this folder.

A command has `HELP` (one line), `EPILOG` (examples), `add_arguments(parser)` and `run(args) -> int`, and imports what
is slow inside `run`.
"""
