"""The demo sign-ins: some of the people of the demo catalogue, with the roles the README walks through."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password

from officials.audit import verb
from officials.models import Office, Township, User
from officials.permissions import HANDLE, HEAD, SUPERVISE, TAKE_IN, give_role, grant

PASSWORD = "yibentong-demo"
PIN = "2580"


@dataclass(frozen=True)
class Part:
    """One sign-in: who plays it, with which role on which office."""

    username: str
    staff_no: str
    role: str
    office: str
    what: str


CAST = (
    Part("clerk", "QH0101", "official", "ST01", "窗口收件 reception clerk"),
    Part("clerk2", "QH0201", "official", "ST02", "另一站所的窗口 clerk of another office"),
    Part("official", "QH0401", "official", "ST04", "承办人(A岗) responsible official"),
    Part("deputy", "QH0402", "official", "ST04", "代岗人(B岗) deputy"),
    Part("head", "QH0006", "head", "ST04", "分管领导、站所负责人 head of office"),
    Part("supervisor", "QH0003", "supervisor", "ZX", "带班领导 supervisor of all offices"),
    Part("inspector", "QH1601", "inspector", "ZX", "作风监督岗，查留痕 reads the audit trail"),
    Part("editor", "QH1501", "editor", "ZX", "事项编辑 writes drafts"),
    Part("reviewer", "QH1502", "reviewer", "ZX", "审核发布 second person, publishes"),
    Part("agent", "QH9001", "agent", "V01", "村代办员 village agent"),
    Part("admin", "QH9000", "", "ZX", "系统管理 administration, sees no cases"),
)
EXTRA_PEOPLE = {"QH9001": ("田代办", "V01"), "QH9000": ("管系统", "ZX")}
# Agents of other villages.
AGENTS = {
    "QH9002": ("荷跑腿", "V02"), "QH9003": ("柳帮办", "V03"), "QH9004": ("石到家", "V04"), "QH9013": ("茶热心", "V13"),
    "QH9015": ("兴上门", "V15"),
}  # fmt: skip


def sign_ins(township: Township, *, by: User, now: datetime) -> dict[str, User]:
    """Give the cast their names, the one password, a PIN and their roles; everybody else signs in with the staff number."""
    offices = {office.code: office for office in Office.objects.filter(township=township)}
    password, pin = make_password(PASSWORD), make_password(PIN)
    people: dict[str, User] = {}
    with verb("demo_sign_ins", by=by, now=now):
        for staff_no, (name, office) in (EXTRA_PEOPLE | AGENTS).items():
            User(username=staff_no.lower(), name=name, staff_no=staff_no, office=offices[office], password="!").save()
        for part in CAST:
            user = User.objects.get(staff_no=part.staff_no)
            user.username, user.password, user.pin = part.username, password, pin
            user.is_staff = part.username == "admin"
            user.save()
            people[part.username] = user
        # Everybody else signs in with the staff number: a case that goes on at another office can be walked to its end.
        for user in User.objects.filter(is_job=False, is_active=True).exclude(pk__in=[user.pk for user in people.values()]):
            user.password = password
            user.save(update_fields=["password"])
        # A colleague at the reception window, for the change of person by PIN.
        colleague = User.objects.get(staff_no="QH0102")
        colleague.pin = pin
        colleague.save(update_fields=["pin"])
    for part in CAST:
        if part.role:
            give_role(people[part.username], offices[part.office], part.role, by=by, now=now)
    for staff_no, (_name, village) in AGENTS.items():
        give_role(User.objects.get(staff_no=staff_no), offices[village], "agent", by=by, now=now)
    for staff_no, (_name, village) in (AGENTS | {"QH9001": EXTRA_PEOPLE["QH9001"]}).items():
        # In these villages the agent sits on the village committee, to which demands can be sent.
        give_role(User.objects.get(staff_no=staff_no), offices[village], "committee", by=by, now=now)
    _rights_of_the_others(offices, by, now)
    return people


def _rights_of_the_others(offices: dict[str, Office], by: User, now: datetime) -> None:
    """Holders and deputies of all posts handle the cases of their office; leaders head the offices they are in charge of."""
    in_charge = {"QH0005": ("ST08", "ST09", "ST10", "ST11"), "QH0006": ("ST02", "ST03", "ST05", "ST06", "ST07"),
                 "QH0007": ("ST14", "ST12"), "QH0003": ("ST01", "ST13", "ST15")}  # fmt: skip
    for user in User.objects.filter(is_job=False, office__code__startswith="ST").select_related("office"):
        for right in (HANDLE, TAKE_IN):
            if user.office.code != "ST16":
                grant(user, user.office, right, by=by, now=now)
    for staff_no, codes in in_charge.items():
        leader = User.objects.get(staff_no=staff_no)
        for code in codes:
            for right in (HANDLE, HEAD, SUPERVISE):
                grant(leader, offices[code], right, by=by, now=now)


def table() -> str:
    """What is printed at the end of script/server."""
    rows = [f"  {part.username:<11} {part.what}" for part in CAST]
    other = "  qh0901 …    其他站所用工号：03医保 05残联 06卫健 … 14司法所，01是A岗、02是B岗 other offices by staff number"
    return "\n".join([f"演示登录 demo sign-ins (password for all: {PASSWORD}; PIN: {PIN})", *rows, other])
