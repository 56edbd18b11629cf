"""A live terminal monitor of Cloudflare AI Gateway and Workers AI.

Datasets declare what to ask; `cloudflare` asks, politely; the feed writes the answers into `history` and yields one
frozen Snapshot per tick; panels look at a snapshot and show what they saw. Everything left of the panels runs
without Textual.
"""

__version__ = "0.1.0"
