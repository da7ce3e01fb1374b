"""What holds for whoever comes for somebody else at one item (CR-01), read from the rules the editors keep; and how they are kept.

Kept in memory until the catalogue changes: every item page, every form of the window and every decision asks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from officials import versions
from officials.audit import verb
from officials.models import Township, User
from services.models import ChannelRule

Kind, Stage = ChannelRule.Kind, ChannelRule.Stage


@dataclass(frozen=True)
class Rules:
    """The rows that hold for one item."""

    not_needed: tuple[ChannelRule, ...] = ()
    in_person: tuple[ChannelRule, ...] = ()
    extra: tuple[ChannelRule, ...] = ()
    are_written: bool = False  # False: this township has not written down any rule yet, so nothing narrows the choice

    def authorities(self) -> frozenset[str]:
        """On which authorities one may come without a letter."""
        return frozenset(rule.authority for rule in self.not_needed)

    @property
    def bars_everybody(self) -> bool:
        """Nobody can apply in the applicant's place, with or without a letter."""
        return any(rule.stage == Stage.INTAKE and not rule.spared for rule in self.in_person)

    def allows(self, authority: str) -> bool:
        """May one come on this authority? With a letter, always; without one on the grounds that were written down."""
        return not self.are_written or authority not in ChannelRule.Authority.values or authority in self.authorities()

    def stops(self, stage: str, authority: str) -> list[ChannelRule]:
        """What keeps somebody with this authority from acting in the applicant's place at this stage."""
        return [rule for rule in self.in_person if rule.stage == stage and authority not in rule.spared]


def rules_for(township_id: int, item_code: str) -> Rules:
    """The rules of a township for one of its items."""
    return rules_of(_kept().get(township_id, ()), item_code)


def rules_of(rows: Sequence[ChannelRule], item_code: str) -> Rules:
    """Of all rules in force those that hold for this item."""
    found = [row for row in rows if not row.items or item_code in row.items]
    of = {kind: tuple(row for row in found if row.kind == kind) for kind in Kind}
    return Rules(of[Kind.NOT_NEEDED], of[Kind.IN_PERSON], of[Kind.EXTRA], bool(rows))


def _read() -> dict[int, list[ChannelRule]]:
    found: dict[int, list[ChannelRule]] = {}
    for row in ChannelRule.objects.filter(is_in_force=True):
        found.setdefault(row.township_id, []).append(row)
    return found


_kept = versions.Kept(versions.CATALOGUE, _read)


def save_rule(rule: ChannelRule, *, by: User, now: datetime) -> ChannelRule:
    """A rule is written or changed by an editor. Item pages say it from now on."""
    with verb("write_channel_rule", by=by, now=now) as act:
        rule.save()
        act.subject = f"channel_rule:{rule.pk}"
        versions.bump(versions.CATALOGUE)
    return rule


def fill_rules(township: Township, rows: list[dict], *, by: User, now: datetime) -> None:
    """The rules a new installation begins with, in their order."""
    with verb("fill_channel_rules", by=by, now=now, subject=f"township:{township.code}"):
        for position, row in enumerate(rows, start=1):
            ChannelRule(township=township, position=position * 10, **row).save()
        versions.bump(versions.CATALOGUE)
