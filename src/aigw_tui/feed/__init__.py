"""The feed: asks the source for what history lacks, for ever and politely, and says what follows from it."""

from aigw_tui.feed.feed import Feed
from aigw_tui.feed.settings import FeedSettings

__all__ = ["Feed", "FeedSettings"]
