"""History: what was read, kept. Settled hours are facts that are never fetched again."""

from aigw_tui.history.open import open_history
from aigw_tui.history.protocol import Counters, History, Shelf

__all__ = ["Counters", "History", "Shelf", "open_history"]
