"""What a verb puts into the outbox. Sent after commit by the minute job; sealed under the key of the case until then.

No message names an item that betrays hardship, disability or illness: one phone may serve many people.
"""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from officials import outbox
from officials.calendar import calendar_for
from officials.models import Message, Township, User
from officials.privacy.lookup import normal_phone
from requests import persons
from requests.models import ServiceRequest

TEXTS = {
    "accepted": "【{centre}】您的办件{number}已受理{due}。查询请用收件凭证上的查询码，电话{phone}。",
    "materials_missing": "【{centre}】您的办件{number}还缺材料，请按一次性告知的清单补齐。电话{phone}。",
    "promise_untrue": "【{centre}】您的办件{number}经核查与书面承诺不符，办理结果将依法处理，详情请来电询问。电话{phone}。",
    "withdrawal_near": "【{centre}】您的办件{number}还有材料未补，请在{answer_by}以前补齐，逾期将视为撤回申请。电话{phone}。",
    "deemed_withdrawn": "【{centre}】您的办件{number}逾期未补材料，已视为撤回申请，可以再次申请。电话{phone}。",
    "decided": "【{centre}】您的办件{number}已办结，请按约定方式领取结果。电话{phone}。",
    "visit": "【{centre}】您的办件{number}定于{at}现场踏勘，请当事人到场。电话{phone}。",
    "refuse_intake": "【{centre}】您的办件{number}不予受理，理由和救济途径请到窗口或来电询问。电话{phone}。",
    "procedure_begun": "【{centre}】您的办件{number}启动特别程序，期间停止计时，所需时间见书面告知。电话{phone}。",
    "procedure_ended": "【{centre}】您的办件{number}特别程序已结束，恢复计时{due}。电话{phone}。",
    "extended": "【{centre}】您的办件{number}经批准延长办理期限{due}，理由见延期告知书。电话{phone}。",
    "earlier": "【{centre}】您的办件{number}的延期已撤销{due}。电话{phone}。",
    "made_promised": "【{centre}】您的办件{number}不能当场办结，改为承诺办理{due}。电话{phone}。",
    "terminated": "【{centre}】您的办件{number}已终止办理，理由请到窗口或来电询问，情况变化后可以再次申请。电话{phone}。",
    "not_ours": "【{centre}】您的办件{number}不属本中心办理，去处请来电询问。电话{phone}。",
}
# Letters that say when it will be done.
WITH_THE_DATE = ("accepted", "procedure_ended", "extended", "earlier", "made_promised")


def tell(work, letter: str, **said: str) -> None:
    """Queue a text message to the applicant, if a phone is there and text messages are wanted. `said`: further words of the text."""
    case = work.case
    if not case.applicant.wants_sms:
        return
    person = persons.person_of(case)
    if not person.phone:
        return
    # A landline cannot read: a clerk calls.
    mobile = len(normal_phone(person.phone)) == 11 and normal_phone(person.phone).startswith("1")
    outbox.send(
        channel=Message.Channel.SMS if mobile else Message.Channel.CALL_LIST,
        purpose=letter,
        to=person.phone,
        text=words_of(case, letter, **said),
        about=f"case:{case.pk}",
        now=work.now,
        sealer=f"case:{case.pk}",
        key=persons.data_key(case),
    )


def tell_staff(people: Iterable[User], *, purpose: str, text: str, once: str, now: datetime) -> int:
    """A text message to members of staff, in working time, where a mobile is on their card. The text names nobody.

    `once`: written a second time under the same words it is the message of before. Returns to how many it goes.
    """
    told = 0
    for person in {person.pk: person for person in people}.values():
        card = getattr(person, "official", None)
        phone = normal_phone(card.duty_phone) if card else ""
        if len(phone) == 11 and phone.startswith("1"):
            outbox.send(
                channel=Message.Channel.SMS, purpose=purpose, to=phone, text=text, about=f"user:{person.pk}", now=now,
                dedupe_key=f"{once}:{person.pk}",
            )  # fmt: skip
            told += 1
    return told


def words_of(case: ServiceRequest, letter: str, **said: str) -> str:
    """The text of a message: number, date and phone, nothing of what the case is about."""
    due = f",预计{case.told_on.year}年{case.told_on.month}月{case.told_on.day}日前办结" if letter in WITH_THE_DATE and case.told_on else ""
    return TEXTS[letter].format(centre=case.township.centre_name, number=case.number, due=due, phone=case.township.phone, **said)


def key_of(sealer: str) -> bytes | None:
    """The data key under which a queued message is sealed, for the delivering job; None when it was destroyed meanwhile."""
    kind, _, pk = sealer.partition(":")
    if kind != "case" or not pk.isdigit():
        return None
    case = ServiceRequest.objects.select_related("key").filter(pk=int(pk)).first()
    try:
        return persons.data_key(case) if case else None
    except persons.Anonymised:
        return None


def in_working_time(now: datetime) -> bool:
    """Reminders and news go out while the centre is open, not at midnight (one township decides for the installation)."""
    township = Township.objects.order_by("pk").first()
    if township is None:
        return False
    local = timezone.localtime(now)
    return calendar_for(township.pk).is_workday(local.date()) and township.opens_at <= local.time() <= township.closes_at


def forget(case: ServiceRequest, now: datetime) -> None:
    """Queued messages of an anonymised case are emptied: nobody could read them any more."""
    outbox.forget(f"case:{case.pk}", now=now)
