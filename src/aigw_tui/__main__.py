"""`python -m aigw_tui` is the command `aigw-tui`."""

from aigw_tui.cli import main

raise SystemExit(main())
