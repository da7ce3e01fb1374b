"""What lies behind our part of an item: the steps that are the decision itself, and those that follow it (拨付, 制证, 竣工验收).

A decision does none of what follows it. Such a step is open until somebody writes down that it was done (`steps.note_step`); handing
over the result (送达) does only the step that is this handing over. Pure; the catalogue says it all in the titles, there are no fields.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from requests.item_needs import is_notice
from requests.joint import plan
from requests.procedures import is_intake, is_special
from services.flow import Stage
from services.models import Edition, Step

# Words by which a step is the decision; and those by which it follows one, whatever else its title says (告知审核结果).
_DECIDES = ("决定", "审批", "签批", "审定", "核定", "审核", "认定", "确认", "备案", "复核", "登记", "出具", "答复", "决议")
_FOLLOWS = ("拨付", "兑付", "发放", "制证", "制发", "汇交", "告知", "指派", "放线", "验收", "签收")
_PAYS = ("拨付", "兑付", "发放")
_OF_REFUSALS = ("不予", "不符合")
_PUBLISHES, _SENDS = "公开", "送达"


@dataclass(frozen=True)
class Tail:
    """Behind our part. `deciding`: in their order; the last of them is the decision. `behind`: what follows it."""

    deciding: tuple[Step, ...] = ()
    behind: tuple[Step, ...] = ()


def tail_of(steps: Iterable[Step], part: Iterable[Stage]) -> Tail:
    inside = {step.pk for stage in part for step in stage.steps}
    rest = [step for step in steps if step.pk not in inside and not is_intake(step) and step.counts != Step.Counts.BEFORE]
    late = [step for step in rest if step.counts == Step.Counts.AFTER and not is_notice(step)]
    rest = [step for step in rest if step.counts != Step.Counts.AFTER and not is_notice(step) and not is_special(step)]
    follows = [any(word in step.title for word in _FOLLOWS) for step in rest]
    named = [at for at, step in enumerate(rest) if not follows[at] and any(word in step.title for word in _DECIDES)]
    # Where no word says it, the decision is the first step that does not follow one.
    first = [at for at, one in enumerate(follows) if not one][:1]
    ends = (named or first or [-1])[-1] + 1
    return Tail(tuple(rest[:ends]), tuple(rest[ends:] + late))


def is_handing_over(step: Step, edition: Edition) -> bool:
    """Is the step done by handing over the result? Money is not paid, and nothing published, by that."""
    if step.counts == Step.Counts.AFTER or step.level not in plan.OWN_LEVELS or not step.level or _PUBLISHES in step.title:
        return False
    return edition.item_type != Edition.ItemType.PAYMENT or not any(word in step.title for word in _PAYS)


def is_sending(step: Step) -> bool:
    """答复送达: decided and handed over in one step, so that it is done with the handing over."""
    return _SENDS in step.title


def is_of_refusals(step: Step) -> bool:
    """不予确认的书面告知: there is nothing to do in it where the case was granted."""
    return any(word in step.title for word in _OF_REFUSALS)


def is_to_be_noted(step: Step, edition: Edition) -> bool:
    """Of what follows a decision in favour: does only a note say that it was done?"""
    return not is_handing_over(step, edition) and not is_of_refusals(step)
