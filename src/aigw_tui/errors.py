"""Everything that can go wrong, as one tree; each error says what a person can do about it.

AigwError
├─ AuthError        401, a refused token
├─ ForbiddenError   a dataset or an account that this token may not read
├─ BudgetError      Cloudflare's query budget is used up until a known time
├─ TransientError   5xx, network, timeout: passes by itself
├─ BadDataError     not JSON, not the expected shape
├─ LimitError       too old, too wide, too many fields or rows: ask for less
│  └─ SchemaError   a field, argument or dataset that this account does not have
├─ CounterError     a Worker's own counter is out of reach, or says what cannot be
├─ LocalError       disk, lock, permission on this machine
│  ├─ FullError     no room left where history is kept
│  ├─ ReadOnlyError history may not be written there
│  └─ NewerError    a newer version of the program wrote it
└─ ConfigError      a wrong setting or command line
"""

from datetime import datetime


class AigwError(Exception):
    """A failure with a cause and a remedy, both one line of clean text for a person."""

    exit_code = 1
    what = "failed"
    """The banner's first words."""

    def __init__(self, why: str, remedy: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.remedy = remedy or self.default_remedy

    default_remedy = "run aigw-tui again"

    def __str__(self) -> str:
        return f"{self.what}: {self.why} → {self.remedy}"


class AuthError(AigwError):
    what = "token refused"
    default_remedy = "set CLOUDFLARE_API_TOKEN to a token that is active and allows this machine"


class ForbiddenError(AigwError):
    what = "not permitted"
    default_remedy = "give the token Account Analytics: Read, AI Gateway: Read and Workers AI: Read"

    def __init__(self, why: str, remedy: str = "", dataset: str = "") -> None:
        super().__init__(why, remedy)
        self.dataset = dataset
        """The node it concerns; empty: the account as a whole."""


class BudgetError(AigwError):
    what = "API budget used up"
    default_remedy = "set a longer interval, or close other programs"

    def __init__(self, why: str, until: datetime, remedy: str = "") -> None:
        super().__init__(why, remedy)
        self.until = until
        """No GraphQL before this moment (UTC)."""


class TransientError(AigwError):
    what = "Cloudflare out of reach"
    default_remedy = "retried by itself; check the network if it lasts"

    def __init__(self, why: str, remedy: str = "", retry_after_s: float | None = None) -> None:
        super().__init__(why, remedy)
        self.retry_after_s = retry_after_s
        """Seconds the server asked us to wait; None when it did not say."""


class BadDataError(AigwError):
    what = "unreadable answer"
    default_remedy = "check for a proxy or captive portal; retried by itself"


class LimitError(AigwError):
    what = "question refused"
    default_remedy = "asked again in smaller parts"

    def __init__(self, why: str, remedy: str = "", kind: str = "", bound: int | None = None) -> None:
        super().__init__(why, remedy)
        self.kind = kind
        """Which bound was hit: `age`, `window` (both seconds), `fields`, `rows` (counts) or `nodes` (unknown)."""
        self.bound = bound
        """The bound the server named, in that kind's unit; None when it named none."""


class SchemaError(LimitError):
    what = "field not available"
    default_remedy = "shown as –; asked again when the schema is next read"

    def __init__(self, why: str, remedy: str = "", field: str = "", dataset: str = "") -> None:
        super().__init__(why, remedy, kind="field")
        self.field = field
        """The field as the server spells it; empty when the message names none."""
        self.dataset = dataset
        """The node it belongs to; empty when the message names none."""


class CounterError(AigwError):
    what = "the Worker's counter"
    default_remedy = "check quota_url; asked again by itself"

    def __init__(self, why: str, remedy: str = "", *, is_passing: bool = False) -> None:
        super().__init__(why, remedy)
        self.is_passing = is_passing
        """It could not be asked now, which says nothing about it."""


class LocalError(AigwError):
    what = "disk trouble"
    default_remedy = "check the disk and the folder's permissions"


class FullError(LocalError):
    what = "disk full"
    default_remedy = "make room; meanwhile all lives in memory"


class ReadOnlyError(LocalError):
    what = "history is not kept"
    default_remedy = "let this user write there; until then figures live in memory"


class NewerError(LocalError):
    what = "history is only read"
    default_remedy = "update aigw-tui; until then figures live in memory"


class ConfigError(AigwError):
    exit_code = 2
    what = "configuration"
    default_remedy = "see aigw-tui --help"
