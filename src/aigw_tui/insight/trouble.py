"""Why there is nothing at all to show, and what a person does about it, step by step.

`{view.refresh}` in a step stands for the key of that binding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aigw_tui.format import clean, clock
from aigw_tui.insight.permissions import OWN_TOKEN, PERMISSIONS
from aigw_tui.model import DISK, Fault, Freshness, Snapshot

DOCTOR = "`aigw-tui doctor` says line by line what this token may see"
SETUP = "`aigw-tui setup` asks for a token, checks it, and writes the configuration"
NEWER = "NewerError"
ELSEWHERE = "or keep history in another file: store in config.toml, or AIGW_STORE; then start again"
MEANWHILE = "meanwhile figures are as true as ever, rules are judged and messages go out, but all of it lives in memory"
AGAIN = "it is tried again by itself; {view.refresh} tries now"
READ_ALONE = (
    "or go on with {view.refresh}: what this version can read of the file is shown, new figures live in memory until "
    "you leave, and the file stays as it is"
)
CARRIED = "once it can be written it is, with what was read meanwhile; {view.refresh} tries now"


@dataclass(frozen=True, slots=True)
class Trouble:
    """One screen."""

    title: str
    why: str
    steps: tuple[str, ...]
    when: str = ""
    """Since when, or when it goes on."""
    is_bad: bool = True
    """False: nothing is wrong, there is just nothing yet."""
    way_on: str = "try now"
    """What the key does that leads on from here, in two or three words."""


TITLES = {
    "AuthError": "Cloudflare refuses the token",
    "ForbiddenError": "The token may not read this account",
    "BudgetError": "The API budget of this user is used up",
    "TransientError": "Cloudflare is out of reach",
    "BadDataError": "What answers is not Cloudflare's API",
    "FullError": "The disk is full: nothing new is kept",
    "ReadOnlyError": "History may not be written: nothing new is kept",
    NEWER: "A newer aigw-tui wrote this history",
}
STEPS = {
    "AuthError": (
        f"make a custom token at {OWN_TOKEN.removeprefix('https://')} with: {', '.join(PERMISSIONS)}",
        "put it into CLOUDFLARE_API_TOKEN, in the environment or in .env, and start again",
        SETUP,
    ),
    "ForbiddenError": (f"edit the token and give it: {', '.join(PERMISSIONS)}", DOCTOR, AGAIN),
    "BudgetError": (
        "Cloudflare counts 300 queries in 5 minutes for a user, those of all programs and dashboards together",
        "close what else asks for this user, or set a longer interval",
        "it goes on by itself",
    ),
    "TransientError": (
        AGAIN,
        "check the network, and HTTPS_PROXY where there is a proxy",
        "`aigw-tui doctor` tells a slow network from a wrong one",
    ),
    "BadDataError": ("check HTTPS_PROXY and the base URL; a hotel's sign-in page answers like this", AGAIN, DOCTOR),
    "FullError": ("make room there, or raise the quota", ELSEWHERE, MEANWHILE, CARRIED),
    "ReadOnlyError": (
        "mount the file system writable, or let this user write the file and its folder",
        ELSEWHERE,
        MEANWHILE,
        CARRIED,
    ),
    NEWER: (
        "update this program the way it was installed, such as `pipx upgrade aigw-tui`, and start it again",
        ELSEWHERE,
        READ_ALONE,
    ),
}
QUIET = Trouble(
    "No traffic yet",
    "Cloudflare answers, and has counted no request through a gateway and no neuron in the last 31 days",
    (
        "`aigw-tui probe` sends one tiny request through a gateway and measures when it appears",
        "`aigw-tui setup` prints the call for a Worker and for curl, ready to paste",
        "a request takes 3 to 6 minutes to appear here, its neurons 40",
        "if there was traffic: a token without Account Analytics: Read sees none, and no error; run `aigw-tui doctor`",
    ),
    is_bad=False,
)
NO_GATEWAY = Trouble(
    "This account has no gateway yet",
    "requests are counted once they go through an AI Gateway; without one, only neurons are",
    (
        "`aigw-tui setup --create-gateway NAME` makes one, and prints the call for a Worker and for curl",
        "or in the dashboard: AI, AI Gateway, Create",
    ),
    is_bad=False,
)


def trouble(
    snapshot: Snapshot, faults: Sequence[Fault], freshness: Freshness, *, is_first: bool = False
) -> Trouble | None:
    """None while there is anything to show, or while it may still come: true figures are never hidden.

    But a store that is only read is said first of all (`is_first`: no panel was on the screen yet), for that lasts as
    long as the program runs, and figures that will be lost must not look like history. A disk that is full, or may not
    be written, heals by itself: beside figures it has a line, and this screen only where there are none.
    """
    newer = next((one for one in faults if one.kind == NEWER), None)
    if newer and is_first:
        return Trouble(TITLES[NEWER], clean(newer.why), STEPS[NEWER], way_on="go on in memory")
    faults = [one for one in faults if one is not newer]
    names = (snapshot.views.names(dataset, "model") for dataset in ("requests", "neurons"))
    if any(names):
        return None
    if fault := min(faults, key=_rank, default=None):
        when = f"next try {clock(fault.until)} UTC" if fault.until else f"since {clock(fault.since)} UTC"
        title = TITLES.get(fault.kind, clean(fault.what))
        return Trouble(title, clean(fault.why), STEPS.get(fault.kind, (clean(fault.remedy), DOCTOR)), when)
    if freshness.good_at is None or freshness.progress is not None:
        return None
    return NO_GATEWAY if snapshot.gateways and not any(own for _, own in snapshot.gateways) else QUIET


def _rank(fault: Fault) -> int:
    """The account before a dataset, and the disk last: it does not keep answers from coming."""
    return 0 if not fault.dataset else 2 if fault.dataset == DISK else 1
