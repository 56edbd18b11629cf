"""The configuration: flags > environment > config.toml > `.env` > defaults; it knows where each value came from.

settings    every setting with its meaning, type, unit and default, and `load`
setting     what is declared of one of them; kinds: what its value may be
layers      the places, read into raw values; resolve: which of them counts
targets     where messages may go; addressees: whether those whom rules and the report name are targets
token       where the API token is, read again each time
reference   `.env.example` and the README's table, made from the declarations
"""

from aigw_tui.config.settings import Account, Config, load, settings

__all__ = ["Account", "Config", "load", "settings"]
