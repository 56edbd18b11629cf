"""Messages to people who are not at the screen.

`post` lets a message wait in the outbox, `deliver` tries what is due, `deliver_test` tries the targets themselves,
`examine` looks at one without sending. A new kind of target is one new file with one `Channel`.
"""

from aigw_tui.outlets.notify.bell import bell
from aigw_tui.outlets.notify.delivery import Outcome, deliver, deliver_test, examine, post
from aigw_tui.outlets.notify.target import Target

__all__ = ["Outcome", "Target", "bell", "deliver", "deliver_test", "examine", "post"]
