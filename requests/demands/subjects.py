"""The subjects (内容分类) a demand is sorted under: the centre's own list, which begins with the usual ones of a township.

The rows are master data (/admin/); a centre that has none yet gets the usual ones with the first demand that is sorted.
"""

from datetime import datetime

from officials.audit import verb
from officials.models import Township, User
from requests.models import DemandCategory

USUAL = (
    ("01", "邻里纠纷"), ("02", "道路水利"), ("03", "环境卫生"), ("04", "惠民补贴"), ("05", "土地宅基地"), ("06", "物业管理"),
    ("07", "劳动就业"), ("08", "政务服务"), ("99", "其他"),
)  # fmt: skip


def offered(township: Township) -> list[tuple[str, str]]:
    """Code and name of what may be chosen: the open rows of the centre; the usual ones where it never had any."""
    rows = list(DemandCategory.objects.filter(township=township).select_related("parent"))
    return [(row.code, str(row)) for row in rows if row.closed_on is None] if rows else list(USUAL)


def chosen(township: Township, code: str, *, by: User, now: datetime) -> DemandCategory | None:
    """The row of a code that was offered; "" is not sorted yet."""
    if not code:
        return None
    if not DemandCategory.objects.filter(township=township).exists():
        begin(township, by=by, now=now)
    return DemandCategory.objects.filter(township=township, code=code, closed_on__isnull=True).first()


def begin(township: Township, *, by: User, now: datetime) -> None:
    """Write the usual subjects down as rows of the centre, which it renames, closes and adds to from then on."""
    with verb("begin_subjects", by=by, now=now, subject=f"township:{township.code}"):
        Township.objects.select_for_update().get(pk=township.pk)  # two first demands at once begin one list
        if not DemandCategory.objects.filter(township=township).exists():
            for code, name in USUAL:
                DemandCategory(township=township, code=code, name=name).save()
