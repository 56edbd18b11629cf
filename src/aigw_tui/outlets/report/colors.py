"""The colours of a report's page, on a light ground and on a dark one."""

from __future__ import annotations

BLUE, RED, INK, FAINT = "#2f6fde", "#cf222e", "#656d76", "#d0d7de"
"""On a light page; the page's style turns them for a dark one by their classes."""
LIGHT = {
    "page": "background:#ffffff;color:#1f2328",
    "muted": "color:#656d76",
    "good": "color:#1a7f37",
    "bad": "color:#cf222e",
    "cell": "border-bottom:1px solid #d8dee4",
}
"""Written into each element, because some mail programs drop a page's style."""
DARK = {
    "page": "background:#0d1117;color:#e6edf3",
    "muted": "color:#9198a1",
    "good": "color:#3fb950",
    "bad": "color:#f85149",
    "cell": "border-bottom-color:#30363d",
    "bar": "fill:#58a6ff",
    "area": "fill:#58a6ff",
    "bad-area": "fill:#f85149",
    "line": "stroke:#58a6ff",
    "bad-line": "stroke:#f85149",
    "limit": "stroke:#f85149",
    "rule": "stroke:#30363d",
    "ink": "fill:#9198a1",
}
