"""Accounts: all that are watched on one screen, the worst first."""

from __future__ import annotations

from aigw_tui.insight.standing import standings, together
from aigw_tui.model import Sheet
from aigw_tui.tui.accountlines import SORTINGS, share_of, table
from aigw_tui.tui.accountrows import NOT_KEPT, Row, Seen, state_of
from aigw_tui.tui.accountsheet import account_sheet
from aigw_tui.tui.frame import Drawing
from aigw_tui.tui.lines import line
from aigw_tui.tui.owners import names_of
from aigw_tui.tui.panel import Panel
from aigw_tui.tui.scene import Area, Scene, Target, everything
from aigw_tui.tui.sorting import ordered
from aigw_tui.tui.tiles import reason


class Accounts(Panel):
    """Whatever the scope is narrowed to."""

    TITLE = "Accounts"
    NEEDS = ("neurons", "requests")
    SORTINGS = SORTINGS
    HELP = (
        "Every watched account and its UTC day, the worst first: those without an answer, nearly used up or running "
        "out, then by the share of neurons used, then by error rate. The gauge and the verdict are those of Neurons "
        "today, the cost that of Cost. An account outside the scope has no limit and no verdict (–), and its cost "
        "leaves out what a paid plan adds for neurons. The window and the scope change nothing else here. Of two "
        "accounts with one label each shows the beginning of its id. {row.narrow} narrows to the account."
    )

    def look(self, scene: Scene, area: Area) -> Seen:
        snapshot = scene.snapshot
        all_ = standings(snapshot.views, snapshot.accounts, snapshot.quotas, snapshot.now)
        names = names_of(snapshot.accounts)
        found = ordered(all_, area.sort, self.SORTINGS)
        rows, _ = share_of(area, len(found))
        top = max(0, min(area.top, len(found) - rows))
        shown = [
            Row(names[one.account.id], one, NOT_KEPT if snapshot.is_past else state_of(one, snapshot.now))
            for one in found[top : top + rows]
        ]
        return Seen(tuple(shown), together(all_), len(found), top)

    def sheet(self, scene: Scene, area: Area) -> Sheet:
        rows = self.look(scene, everything(area)).rows
        return account_sheet(self.TITLE, (row.standing for row in rows))

    def targets(self, seen: Seen) -> tuple[Target, ...]:
        return tuple(Target(row.id, (("account", row.id),)) for row in seen.rows)

    def draw(self, seen: Seen, area: Area) -> Drawing:
        if not seen.count:
            why = "no account is known yet; they come with the first answer"
            return Drawing(reason(why, area))
        lines, foot = table(seen, area)
        return Drawing(lines, aside=line("today, UTC"), foot=foot, first=int(area.height > 1))
