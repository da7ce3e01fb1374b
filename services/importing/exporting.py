"""The catalogue as it stands, written on the same sheets that an import reads."""

from officials.models import Office, Official, Post, Township, Window
from services.content import READ_ALONG, content_of
from services.models import Category, Edition, LifeEvent

from . import layout, shaping
from .columns import Sheet
from .writing import workbook_bytes

Rows = list[dict]


def export(township: Township) -> bytes:
    """An .xlsx of the published catalogue (the draft where nothing is published yet), with offices and posts for reference."""
    rows = catalogue_rows(township) | foundation_rows(township)
    order: tuple[Sheet, ...] = layout.FOUNDATION + layout.CATALOGUE
    return workbook_bytes([(sheet, rows[sheet.key]) for sheet in order])


def blank() -> bytes:
    """The same sheets with headings only, for an editor who starts anew."""
    return workbook_bytes([(sheet, []) for sheet in layout.CATALOGUE])


def catalogue_rows(township: Township) -> dict[str, Rows]:
    """Rows by sheet key, items in the order of their codes."""
    rows: dict[str, Rows] = {sheet.key: [] for sheet in layout.CATALOGUE}
    events: dict[str, list[str]] = {}
    for edition in current_editions(township):
        content = content_of(edition)
        for key, own in shaping.rows_from(edition.item.code, content).items():
            rows[key] += own
        for event in content["life_events"]:
            events.setdefault(event, []).append(edition.item.code)
    for event in LifeEvent.objects.all():
        rows[layout.EVENTS.key].append(
            {
                "code": event.code,
                "name": event.name,
                "name_en": event.name_en,
                "sort": event.sort or None,
                "items": events.get(event.code, []),
            }
        )
    return rows


def current_editions(township: Township) -> list[Edition]:
    """One edition an item: the published one, or else its draft. Retired items are left out."""
    Status = Edition.Status
    editions = (
        Edition.objects.filter(item__township=township, item__retired_on__isnull=True)
        .filter(status__in=[Status.PUBLISHED, Status.IN_REVIEW, Status.DRAFT])
        .select_related("item", "category", "office", "post", "checked_by")
        .prefetch_related(*READ_ALONG)
        .order_by("item__code")
    )
    chosen: dict[int, Edition] = {}
    for edition in editions:
        if edition.item_id not in chosen or edition.status == Status.PUBLISHED:
            chosen[edition.item_id] = edition
    return list(chosen.values())


def foundation_rows(township: Township) -> dict[str, Rows]:
    offices = Office.objects.filter(township=township).open().select_related("parent")
    windows = {window.office_id: window.name for window in Window.objects.filter(closed_on__isnull=True).order_by("-id")}
    posts = Post.objects.filter(office__in=offices, closed_on__isnull=True).select_related("office", "holder", "deputy")
    officials = Official.objects.filter(user__is_active=True).select_related("user", "user__office")
    return {
        layout.TOWNSHIP.key: [_columns(layout.TOWNSHIP, township)],
        layout.OFFICES.key: [
            _columns(layout.OFFICES, office, parent=office.parent.code if office.parent else "", window=windows.get(office.pk, ""))
            for office in offices
        ],
        layout.POSTS.key: [_post_row(post) for post in posts],
        layout.PEOPLE.key: [
            _columns(
                layout.PEOPLE,
                card,
                staff_no=card.user.staff_no,
                name=card.user.name,
                office=card.user.office.code if card.user.office else "",
            )
            for card in officials
        ],
        layout.CATEGORIES.key: [_columns(layout.CATEGORIES, category) for category in Category.objects.all()],
    }


def _columns(sheet: Sheet, thing: object, **said: object) -> dict:
    """The columns of a sheet from attributes of the same names, but for what is said."""
    return {column.key: said[column.key] if column.key in said else getattr(thing, column.key) for column in sheet.columns}


def _post_row(post: Post) -> dict:
    return {
        "office": post.office.code,
        "code": post.code,
        "title": post.title,
        "holder": post.holder.staff_no if post.holder else "",
        "holder_name": post.holder.name if post.holder else "",
        "deputy": post.deputy.staff_no if post.deputy else "",
        "deputy_name": post.deputy.name if post.deputy else "",
        "duty_phone": post.duty_phone,
    }
