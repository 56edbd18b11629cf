"""Shares: accounts are added up by value, keys are not, and what nobody tells stays unknown."""

from __future__ import annotations

from aigw_tui.insight.shares import Share, shares
from aigw_tui.model import Live, Window
from world import ACCOUNT, NOW, TODAY


def answer(*rows: tuple[object, ...], key: str = "team", account: str = ACCOUNT) -> Live:
    return Live("metadata", account, ("value",), Window(TODAY, NOW), key, rows)


def test_accounts_are_added_up() -> None:
    """The sum of what is known, and which measures are known in part; the most requests first."""
    one = answer(("search", 5, 1, 0, 10, 2, 0.5), ("", 8, 0, 0, 0, 0, 0.0))
    other = answer(("search", 7, None, 2, 10, 2, 0.25), account="other")
    assert shares((one, other)) == (
        Share("team", "search", 12, 1, 2, 20, 4, 0.75, 0.6, ("errors",)),
        Share("team", "", 8, 0, 0, 0, 0, 0.0, 0.4, ()),
    )


def test_keys_are_not() -> None:
    """The same requests are counted once for each key."""
    found = shares((answer(("a", 3, 0, 0, 0, 0, 0.0)), answer(("b", 9, 0, 0, 0, 0, 0.0), key="user")))
    assert [(one.key, one.value, one.part) for one in found] == [("team", "a", 1.0), ("user", "b", 1.0)]


def test_a_price_of_nothing_beside_tokens_is_unknown() -> None:
    """A model without a price is not a free one; without tokens there is nothing to pay."""
    (found,) = shares((answer(("a", 3, 0, 0, 10, 0, 0.0)),))
    assert (found.cost_usd, found.unknown) == (None, ("cost_usd",))
    (found,) = shares((answer(("a", 3, 0, 3, 0, 0, 0.0)),))
    assert (found.cost_usd, found.unknown) == (0.0, ())


def test_no_requests_have_no_shares() -> None:
    """Nor have unknown ones."""
    nobody = answer(("a", 0, 0, 0, 0, 0, 0.0), ("b", None, 0, 0, 0, 0, 0.0))
    assert [one.part for one in shares((nobody,))] == [None, None]
    assert shares(()) == ()
