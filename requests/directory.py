"""Names of offices, people and items for long lists, kept in memory: a list of 50 rows needs no join for its names."""

from dataclasses import dataclass

from officials import versions
from officials.models import Office, Township, User
from services.models import Item


@dataclass(frozen=True)
class Directory:
    """By key: what to show and what stands in the address (office code, staff number, item code)."""

    offices: dict[int, Office]
    people: dict[int, tuple[str, str]]  # staff number, name
    items: dict[int, str]  # code
    item_names: dict[int, str]
    townships: dict[int, Township]

    def office_name(self, pk: int | None) -> str:
        return self.offices[pk].name if pk in self.offices else ""

    def person_name(self, pk: int | None) -> str:
        return self.people[pk][1] if pk in self.people else ""


def _read() -> Directory:
    names = dict(
        Item.objects.filter(editions__published_at__isnull=False).order_by("editions__number").values_list("pk", "editions__name")
    )
    return Directory(
        {office.pk: office for office in Office.objects.select_related("township")},
        {pk: (staff_no, name) for pk, staff_no, name in User.objects.values_list("pk", "staff_no", "name")},
        dict(Item.objects.values_list("pk", "code")),
        names,
        {township.pk: township for township in Township.objects.all()},
    )


_kept = versions.Kept(versions.CATALOGUE, _read)


def directory(*, people: set[int] = frozenset(), offices: set[int] = frozenset()) -> Directory:
    """The directory; read again when somebody on the page is not yet in it."""
    known = _kept()
    if people - known.people.keys() or offices - known.offices.keys():
        _kept.forget()
        known = _kept()
    return known
