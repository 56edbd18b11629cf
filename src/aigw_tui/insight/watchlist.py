"""The rules that hold where nobody wrote any."""

from __future__ import annotations

from datetime import timedelta

from aigw_tui.insight.alerting import Rule

DEFAULT_RULES = (
    Rule("neurons used", "quota_used", above=0.9, severity="critical"),
    Rule("neurons projected", "quota_projected", above=1.0, clear_below=0.95, wait=timedelta(minutes=15)),
    Rule(
        "errors",
        "error_rate",
        above=0.05,
        clear_below=0.03,
        keep_firing_for=timedelta(minutes=5),
        min_requests=20,
    ),
    Rule("token spike", "token_spike", above=6.0),
    Rule("no answer", "no_data", above=30.0, severity="critical"),
)
"""Thresholds: shares, median absolute deviations, minutes. As soon as config.toml has one [[alert]], its rules alone
hold."""
