"""How old somebody is by the number on the card, and what the item says of age. Pure: a number, words and a day come in."""

import re
from collections.abc import Iterable
from datetime import date

from officials.privacy.identity import id_birth_date
from services.models import Material

ADULT = 18  # 民法典 17
LIVES_ON_OWN_WORK = 16  # 民法典 18: from this age, whoever lives on the own work counts as an adult
# "年满60周岁", "年满16周岁，不含在校学生": the condition is about the applicant. "女方年满49周岁" is about somebody else.
AT_LEAST = "年满"
_AT_LEAST = re.compile(rf"^{AT_LEAST}\s*(\d{{1,3}})\s*周?岁")
_GUARDIAN, _MINOR = "监护", "未成年"


def least_age(conditions: Iterable[str]) -> int | None:
    """The age in whole years from which the item can be applied for; None where no condition says so in these words."""
    found = [int(match[1]) for text in conditions if (match := _AT_LEAST.match(text))]
    return max(found, default=None)


def age_on(born: date, day: date) -> int:
    """Whole years (周岁): on the birthday itself one is a year older."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def birthday(born: date, age: int) -> date:
    """The day on which somebody reaches this age; who was born on 29 February does so on 1 March of other years."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


def born_on(number: str, id_type: str) -> date | None:
    """Only the number of a resident's identity card has the date of birth in it."""
    return id_birth_date(number) if number and id_type in ("", "id_card") and len(number) == 18 else None


def is_of_guardian(material: Material) -> bool:
    """Is this the conditional line that a minor's guardian brings? The catalogue says it in words; there is no field for it."""
    said = f"{material.name}{material.handle_case}"
    return material.is_conditional and _GUARDIAN in material.name and _MINOR in said
