"""The accounts behind the box: the catalogue's own, and smaller neighbours for those who watch several."""

from __future__ import annotations

import hashlib
from datetime import date
from random import Random

from aigw_tui.demo.account import Account
from aigw_tui.demo.catalogue import ACCOUNT_ID, ACCOUNT_NAME

LEAST_SHARE, MOST_SHARE = 0.02, 0.8
"""A neighbour's traffic in proportion to the first account's; most are small, so that hundreds stay cheap."""


def account_id(number: int) -> str:
    """Of the `number`-th account, from 1: 32 hexadecimal digits, whatever the seed."""
    return ACCOUNT_ID if number == 1 else hashlib.sha256(account_name(number).encode()).hexdigest()[:32]


def account_name(number: int) -> str:
    return ACCOUNT_NAME if number == 1 else f"{ACCOUNT_NAME}-{number}"


def accounts(seed: int, story: date, count: int) -> dict[str, Account]:
    """By id, in the order of their numbers. Each has its own traffic, which is made when it is first asked for."""
    return {account_id(number): _account(seed, story, number) for number in range(1, count + 1)}


def _account(seed: int, story: date, number: int) -> Account:
    if number == 1:
        return Account(seed, story)
    own = f"{seed}/{number}"
    share = LEAST_SHARE + (MOST_SHARE - LEAST_SHARE) * Random(own).random() ** 4  # noqa: S311 - nothing secret
    return Account(own, story, tag=account_id(number), name=account_name(number), share=share)
