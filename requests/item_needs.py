"""What an item needs to know about a person, read from its materials: nothing more is asked (个人信息保护法 6)."""

from collections.abc import Iterable

from officials import versions
from services.models import Edition, Material, Situation, Step

# Words by which a material names an identity paper. The catalogue writes them out; there is no field for it.
_IDENTITY_PAPERS = ("身份证", "户口簿", "户口本", "居住证", "社会保障卡", "医保电子凭证")
_CARD = "身份证"
_COMPARISON = "核对授权书"
_RELATIVES = "relative-of-staff"  # key of the question in the item
NOTICES = ("公示", "公告")  # words by which a step is a public notice
_MEETINGS = ("审议", "讨论", "评议", "会议")  # words by which the village meets before it posts
_OF_ANOTHER = ("死者",)  # the card that is handed in for a death is not that of the applicant


def needs_id(materials: Iterable[Material]) -> bool:
    """May the number of an identity paper be asked for? Also where we look it up ourselves: that needs the number."""
    return any(word in material.name for material in materials if not material.is_conditional for word in _IDENTITY_PAPERS)


def is_applicants_card(material: Material) -> bool:
    """Is this the line of the card that somebody forgot? "Everything is here" then does not cover it."""
    return (
        _CARD in material.name
        and not material.is_conditional
        and material.form != Material.Form.SHARED
        and not material.name.startswith(_OF_ANOTHER)
    )


def needs_member_authorisation(edition: Edition) -> bool:
    """核对授权: does each adult of the household sign for the comparison of incomes? The item lists the paper as a material."""
    return edition.pk in _kept()[_COMPARISON]


def asks_relatives(edition: Edition | None) -> bool:
    """近亲属备案: does the item ask whether relatives work at the office or in the village committee?"""
    return edition is not None and edition.pk in _kept()[_RELATIVES]


def asks_before_acceptance(edition: Edition) -> bool:
    """Is there more to be said or signed than one page of the window can hold, so that nothing is accepted on it?"""
    if edition.is_household and needs_member_authorisation(edition) or asks_relatives(edition):
        return True
    return village_notice_step(edition) is not None


def helps_first(edition: Edition | None) -> bool:
    """急难型先行救助: money first, papers afterwards (社会救助暂行办法 48). The catalogue says it in the name; there is no field for it."""
    return edition is not None and "先行救助" in edition.name


def comes_afterwards(material: Material, edition: Edition | None) -> bool:
    """Is this paper owed after the help was given (先行救助后补办手续)? Then it is awaited and never struck off as not needed."""
    said = (material.handle_case, material.fill_explain)
    return helps_first(edition) and material.is_conditional and any("补办" in text or "后补" in text for text in said if text)


def is_notice(step: Step) -> bool:
    """Is this step a public notice? The catalogue says it in the title; there is no field for it."""
    return any(word in step.title for word in NOTICES)


def village_notice_step(edition: Edition) -> Step | None:
    """村级公示: the notice that the item puts before acceptance; None where it puts none there."""
    return _village_notices().get(edition.pk)


def hangs_in_village(edition: Edition) -> bool:
    """Will the case hang on the board of a village, before acceptance or later? Then the village is asked at the window."""
    notice = edition.public_notice or {}
    return bool(notice.get("required")) and "村" in (notice.get("place") or "") or village_notice_step(edition) is not None


def asks_meeting(step: Step) -> bool:
    """村民小组讨论、村级审议: is the village's step a meeting before the notice? The title says it; there is no field for it."""
    return any(word in step.title for word in _MEETINGS)


def _read_village_notices() -> dict[int, Step]:
    steps = Step.objects.filter(counts=Step.Counts.BEFORE).order_by("-position")
    return {step.edition_id: step for step in steps if is_notice(step)}


_village_notices = versions.Kept(versions.CATALOGUE, _read_village_notices)


def _read() -> dict[str, frozenset[int]]:
    """Texts that ask for one or the other. Old ones too: a case keeps the text it was logged under."""
    return {
        _COMPARISON: frozenset(Material.objects.filter(name__contains=_COMPARISON).values_list("edition_id", flat=True)),
        _RELATIVES: frozenset(Situation.objects.filter(key=_RELATIVES).values_list("edition_id", flat=True)),
    }


_kept = versions.Kept(versions.CATALOGUE, _read)


def is_on_the_spot(edition: Edition) -> bool:
    """即办件: received and finished on one page."""
    return edition.handling == Edition.Handling.ON_THE_SPOT


def is_identity_card(material: Material) -> bool:
    """Somebody's identity card is shown and handed back at once (居民身份证法 15: 任何组织或者个人不得扣押居民身份证).

    The card of somebody who died goes to the police for good.
    """
    return _CARD in material.name and not material.name.startswith(_OF_ANOTHER)


def may_hold_original(material: Material) -> bool:
    """Can an original of it lie in the drawer until it is given back? Not what the file keeps for good, and never a card."""
    return not is_identity_card(material) and material.original_count > 0 and list(material.custody or ()) != ["original_kept"]


def takes_mail(edition: Edition) -> bool:
    """May it be applied for by post, or does the day of the post matter for its limits?"""
    return "邮寄" in (edition.channels or ()) or "邮寄" in (edition.start_by_channel or {})
