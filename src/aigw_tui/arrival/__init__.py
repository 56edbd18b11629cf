"""The way in for a newcomer: what `setup` asks, of the person and of Cloudflare, and what it leaves behind.

sitting    the whole of it, in order
tokens     the token it begins with
dialogue   talk with a person on a terminal; without one, nothing is asked
reception  Cloudflare's side: is the token known, what does it see
choices    which account and which gateway it shall be, and a new one
leaving    config.toml and the token's file
"""
