"""The trail of one member of staff: what they did by the chain, which rights they were given, when they came in."""

import json

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from officials.audit import ChainLink
from officials.models import AccessRecord, GrantEvent, Office, Official, User
from portal.trail.lines import MAIN, Entry, history_lines, told
from portal.trail.words import Names, say_right, say_verb
from requests.permissions import visible
from requests.reasons import say_moment

PAGE = 50
SHOWN_RECORDS = 100


def deeds(actor: User | None, reader: User, before: int | None = None) -> tuple[list[dict], int | None]:
    """The newest 50 links of this person (of everybody: None) and where the next page begins."""
    links = ChainLink.objects.filter(stream=MAIN)
    if actor is not None:
        links = links.filter(actor=actor)
    if before is not None:
        links = links.filter(seq__lt=before)
    found = list(links.order_by("-seq")[: PAGE + 1])
    shown = found[:PAGE]
    about = _subjects({link.subject for link in shown}, reader)
    rows = [
        {
            "when": _when(link.at), "who": link.actor_name, "what": say_verb(link.verb), "about": about[link.subject],
            "rows": len(json.loads(link.rows)), "seq": link.seq,
        }
        for link in shown
    ]  # fmt: skip
    return rows, shown[-1].seq if len(found) > PAGE else None


def grants(user: User) -> list[dict]:
    rows = GrantEvent.objects.filter(user=user).select_related("office", "by").order_by("-id")
    return [
        {
            "when": _when(row.at), "what": _("right given") if row.granted else _("right taken away"), "right": say_right(row.right),
            "office": row.office, "by": row.by,
        }
        for row in rows
    ]  # fmt: skip


def looks(user: User, reader: User) -> list[dict]:
    """Sign-ins, full data seen, things printed; the newest first."""
    rows = list(AccessRecord.objects.filter(by=user).order_by("-id")[:SHOWN_RECORDS])
    about = _subjects({row.subject for row in rows}, reader)
    return [{"when": _when(row.at), "what": row.get_what_display(), "about": about[row.subject], "reason": row.reason} for row in rows]


def account(user: User) -> list[Entry]:
    """What was changed about the person: name, office, active or not, the public card."""
    names = Names()
    lines = history_lines(User, user.history.order_by("history_id"), names, _("Account changed"))
    lines += history_lines(Official, Official.history.filter(user_id=user.pk).order_by("history_id"), names, _("Public card changed"))
    entries = told(lines, f"user:{user.pk}")
    names.read()
    return entries


def _when(moment) -> str:
    return say_moment(timezone.localtime(moment))


def _subjects(subjects: set[str], reader: User) -> dict[str, dict[str, str]]:
    """What a reference such as "case:12" is about, by number and name, with its address in the audit pages."""
    keys = {kind: {int(key) for word, key in _split(subjects) if word == kind and key.isdigit()} for kind in ("case", "user")}
    cases = dict(visible(reader).filter(pk__in=keys["case"]).values_list("pk", "number"))
    users = User.objects.in_bulk(list(keys["user"]))
    codes = {key for word, key in _split(subjects) if word == "office"}
    offices = dict(Office.objects.filter(code__in=codes).values_list("code", "name"))
    return {subject: _subject(subject, cases, users, offices) for subject in subjects}


def _split(subjects: set[str]) -> list[tuple[str, str]]:
    return [(kind, key) for kind, _colon, key in (subject.partition(":") for subject in subjects)]


def _subject(subject: str, cases: dict[int, str], users: dict[int, User], offices: dict[str, str]) -> dict[str, str]:
    kind, _colon, key = subject.partition(":")
    if kind == "case" and key.isdigit():
        number = cases.get(int(key))
        if number is None:
            return {"text": _("a case of an office you do not inspect"), "url": ""}
        return {"text": number, "url": f"/audit/case/{number}/"}
    if kind == "user" and key.isdigit():
        user = users.get(int(key))
        return {"text": user.name, "url": f"/audit/person/{user.staff_no}/"} if user else {"text": "—", "url": ""}
    if kind == "item":
        return {"text": _("item %(code)s") % {"code": key}, "url": f"/audit/item/{key}/"}
    words = {
        "office": offices.get(key, key), "slip": _("paper slip %(number)s") % {"number": key},
        "calendar": _("calendar, %(when)s") % {"when": key}, "township": _("township %(code)s") % {"code": key},
    }  # fmt: skip
    return {"text": words.get(kind, "—"), "url": ""}


def find_people(text: str, limit: int):
    """By staff number or part of the name."""
    return User.objects.filter(Q(staff_no__iexact=text) | Q(name__icontains=text)).select_related("office").order_by("staff_no")[:limit]
