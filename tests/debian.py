"""Programs of Debian's packages that tests drive for real."""

from __future__ import annotations

import os
import shutil

import pytest


def needs(program: str) -> pytest.MarkDecorator:
    """Skips where the program is absent; where the tests decide about a change (CI=true) its absence is a failure."""
    is_absent = shutil.which(program) is None and os.environ.get("CI") != "true"
    return pytest.mark.skipif(is_absent, reason=f"no {program} here")
