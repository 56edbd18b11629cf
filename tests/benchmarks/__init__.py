"""Measurements that are no part of the ordinary run: each file is a command that prints a table."""
