"""What an item needs to know about a person, read from its materials: nothing more is asked (个人信息保护法 6)."""

from collections.abc import Iterable

from services.models import Edition, Material

# Words by which a material names an identity paper. The catalogue writes them out; there is no field for it.
_IDENTITY_PAPERS = ("身份证", "户口簿", "户口本", "居住证", "社会保障卡", "医保电子凭证")
_CARD = "身份证"
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


def is_on_the_spot(edition: Edition) -> bool:
    """即办件: received and finished on one page."""
    return edition.handling == Edition.Handling.ON_THE_SPOT


def may_hold_original(material: Material) -> bool:
    """Can an original of it lie in the drawer until it is given back? Not what the file keeps for good."""
    return material.original_count > 0 and list(material.custody or ()) != ["original_kept"]
