"""The township's own stretch of an item and the county's: each has its own limit, from the steps of the pinned edition.

The stretch ends with the stage after which every counted step lies with the county or above. A county step beside a township one
(信息核对 beside 入户调查) belongs to the stretch, since the township's work lasts as long.
"""

from dataclasses import dataclass

from officials import versions
from requests.joint import plan
from services.flow import stages
from services.models import Edition, Step


@dataclass(frozen=True)
class Stretch:
    """How much of the promise, in its unit; None where the item does not say."""

    own: int | None
    county: int | None
    unit: str


NONE = Stretch(None, None, "")
# Published texts never change, so what follows from them is read once for each change of the catalogue.
_known: versions.Kept[dict[int, Stretch]] = versions.Kept(versions.CATALOGUE, dict)


def goes_to_county(edition: Edition) -> bool:
    """Taken in or first checked here, decided there: 镇受理县审核, 镇受理逐级审核, 镇初审转报."""
    return edition.mode.startswith("镇受理") or "转报" in edition.mode


def stretch_of(edition: Edition) -> Stretch:
    """Both limits of an item that goes to the county."""
    if not goes_to_county(edition) or not edition.promised_unit:
        return NONE
    known = _known()
    if edition.pk not in known:
        known[edition.pk] = split(list(Step.objects.filter(edition_id=edition.pk).order_by("position")), edition.promised_unit)
    return known[edition.pk]


def split(steps: list[Step], unit: str) -> Stretch:
    """Pure: the counted time before the county's stages, and that of the county's stages in one go."""
    own = county = 0
    is_with_county = False
    for stage in stages(steps):
        counted = plan.counted(stage.steps, unit)
        if counted and all(step.level not in plan.OWN_LEVELS for step in counted):
            is_with_county = True
            county += plan.length(stage, unit)
        elif counted and is_with_county:
            break  # what the township does with the result comes after the county's part
        else:
            own += plan.length(stage, unit)
    return Stretch(own or None, county or None, unit) if is_with_county else NONE
