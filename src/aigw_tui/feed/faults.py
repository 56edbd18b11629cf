"""Failures as they are shown: one fault a subject, remembered since when."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from aigw_tui.errors import AigwError, BudgetError
from aigw_tui.format import clean
from aigw_tui.model import Fault


class Faults:
    """The faults that hold now. A subject is a dataset, or what the program itself was doing."""

    def __init__(self, *first: Fault) -> None:
        self._faults = {(fault.account, fault.dataset or fault.what): fault for fault in first}

    @property
    def current(self) -> tuple[Fault, ...]:
        """In the order in which they began."""
        return tuple(sorted(self._faults.values(), key=lambda fault: fault.since))

    def failed(self, error: AigwError, account: str, subject: str, now: datetime) -> None:
        """It failed again, or for the first time."""
        self.note(
            Fault(
                kind=type(error).__name__,
                what=clean(error.what),
                why=clean(error.why),
                remedy=clean(error.remedy),
                since=now,
                account=account,
                dataset=subject,
                until=error.until if isinstance(error, BudgetError) else None,
            )
        )

    def note(self, fault: Fault) -> None:
        """Show this; a fault of the same kind about the same subject keeps the time at which it began."""
        key = (fault.account, fault.dataset or fault.what)
        before = self._faults.get(key)
        self._faults[key] = replace(fault, since=before.since) if before and before.kind == fault.kind else fault

    def worked(self, account: str, *subjects: str) -> None:
        """These are well again."""
        for subject in subjects:
            self._faults.pop((account, subject), None)

    def left(self, account: str) -> None:
        """Another process asks for this account from now on."""
        self._faults = {key: fault for key, fault in self._faults.items() if key[0] != account}
