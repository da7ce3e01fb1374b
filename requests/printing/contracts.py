"""What each paper needs to be printed: plain values, no model, so that a view, a job and a test can fill it alike.

Everything the resident reads is Chinese text made by the caller; dates are `date` or aware `datetime` and are written
out by the paper. Tuples may be empty and texts "" wherever a default says so; the paper then leaves the part out.
"""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, kw_only=True)
class Letterhead:
    """Who speaks and whom to call.

    `body` is the body in whose name the paper is given (a government, a station): a service centre is a place and not
    an authority (domain rules on documents). The two telephones must differ, that is a rule of the catalogue.
    """

    body: str
    place: str = ""  # where the window is
    hours: str = ""
    consult_phone: str
    complaint_phone: str
    notice: str = ""  # foot of every page, such as "演示系统,非真实凭证"


@dataclass(frozen=True, kw_only=True)
class MaterialLine:
    """A paper that was handed over, line by line."""

    name: str
    originals: int = 0
    copies: int = 0
    custody: str = ""  # 验原件退还 / 留复印件 / 收原件, several joined by 、
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class MissingLine:
    """A paper that is still to come, or the identity that is still to be checked."""

    name: str
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class DueDate:
    """One of the two dates of an accepted case."""

    day: date | datetime  # a datetime for limits of hours: the time of day is then printed
    limit: str = ""  # "20个工作日,自受理起算"
    provisional: bool = False  # reaches into a year whose holidays are not announced: marked 暂定


@dataclass(frozen=True, kw_only=True)
class ReceiptData:
    """收件凭证, for A5 with counterfoil and for the 80 mm roll.

    `secret` is printed only on the first paper: with `reprint` ≥ 1 it is left out and the paper says so, unless the
    secret was renewed just now (`secret_renewed`), which ends the old one, or was on none of the papers printed before
    (`secret_late`). A paper without it says so, and how to get a new one.
    """

    head: Letterhead
    number: str
    applicant: str  # masked where the paper may be seen by others
    agent: str = ""
    item: str
    received_at: datetime
    received_by: str
    entered_at: datetime | None = None  # when it was typed in later than received (power cut)
    slip_number: str = ""  # 纸单号
    handled_by: str = ""  # office and person who has the case now
    materials: tuple[MaterialLine, ...] = ()
    missing: tuple[MissingLine, ...] = ()
    missing_note: str = ""  # until when and where to bring it
    accepted_at: datetime | None = None
    promised: DueDate | None = None
    legal: DueDate | None = None  # None on an accepted case: 无统一法定时限
    reasons: tuple[str, ...] = ()  # why these dates, one sentence a line
    next_steps: tuple[str, ...] = ()
    secret: str = ""  # sixteen digits, with or without blanks
    secret_renewed: bool = False
    secret_late: bool = False
    reprint: int = 0  # how many times it was printed before
    printed_before: bool = False  # also a paper that said something else (before a correction, before acceptance)
    track_url: str = ""  # whole address, for the QR code
    is_question: bool = False  # nothing is handed in or accepted, so the paper does not speak of it


@dataclass(frozen=True, kw_only=True)
class VisitCase:
    """One case of a visit of several."""

    number: str
    item: str
    applicant: str = ""  # when it is not the visitor's own
    due: DueDate | None = None
    due_note: str = ""  # instead of a date: "材料补齐、受理后起算", "当场办结"
    materials: tuple[MaterialLine, ...] = ()
    missing: tuple[MissingLine, ...] = ()


@dataclass(frozen=True, kw_only=True)
class VisitData:
    """合并回执: one sheet for a visit with several cases and one common list of copies to make."""

    head: Letterhead
    visitor: str
    received_at: datetime
    received_by: str
    cases: tuple[VisitCase, ...]
    next_steps: tuple[str, ...] = ()
    reprint: int = 0
    track_url: str = ""


@dataclass(frozen=True, kw_only=True)
class SlipsData:
    """Blank slips for the hour without power, one A5 with counterfoil per number."""

    head: Letterhead
    numbers: tuple[str, ...]  # consecutive, already taken from their own series
    printed_on: date
    material_lines: int = 7
    track_url: str = ""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A count with its name, such as 今日收件 9."""

    label: str
    count: int
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Balance:
    """A sum that must come out: 结转 12 + 收件 9 = 办结 7 + 结存 14. Whether it does is computed, never passed in."""

    name: str
    left: tuple[Figure, ...]
    right: tuple[Figure, ...]

    @property
    def agrees(self) -> bool:
        """Do both sides give the same sum?"""
        return sum(figure.count for figure in self.left) == sum(figure.count for figure in self.right)


@dataclass(frozen=True, kw_only=True)
class FigureGroup:
    """Figures of one kind on the day's page: 办件, 纸质收件单, 原件…"""

    title: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, kw_only=True)
class DayList:
    """A list to go through at the day's end: due tomorrow, originals held, promised calls, no upper number."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = ()
    empty: str = "无"


@dataclass(frozen=True, kw_only=True)
class DayEndData:
    """日清与交接: one page whose sums agree, signed by two."""

    head: Letterhead
    day: date
    window: str
    groups: tuple[FigureGroup, ...]
    balances: tuple[Balance, ...]
    lists: tuple[DayList, ...] = ()
    giver: str = ""  # 交班人
    taker: str = ""  # 接班人
    drawn_at: datetime  # when the figures were taken
    page_url: str = ""


@dataclass(frozen=True, kw_only=True)
class GuideMaterial:
    """A paper the item asks for."""

    name: str
    originals: int = 0
    copies: int = 0
    source: str = ""
    custody: str = ""
    when: str = ""  # needed only in this case; "" = always
    note: str = ""  # how to fill it in


@dataclass(frozen=True, kw_only=True)
class GuideStep:
    """A step of the way. Steps with the same non-empty `beside` run side by side."""

    name: str
    who: str = ""
    limit: str = ""
    output: str = ""
    beside: str = ""


@dataclass(frozen=True, kw_only=True)
class GuideLimit:
    """A limit as it is published."""

    limit: str  # "20个工作日", "当场办结", "无统一法定时限"
    starts_on: str = ""  # 收到申请 / 受理 / 确认
    basis: str = ""


@dataclass(frozen=True, kw_only=True)
class ItemGuideData:
    """办事指南: an item as it is published, with the seven elements (name, process, authority, office, person, way, phone)."""

    head: Letterhead
    code: str
    name: str
    also_called: tuple[str, ...] = ()
    kind: str = ""  # 即办件 / 承诺件, 行政给付…
    authority: str  # 实施主体
    entrusted_by: str = ""
    decides: str = ""  # 权限: who decides, at which level
    office: str
    person: str
    deputy: str = ""
    phone: str
    way: str  # 办理方式: 窗口、网上、村(社区)代办
    place: str
    hours: str
    for_whom: str = ""
    conditions: tuple[str, ...] = ()
    materials: tuple[GuideMaterial, ...] = ()
    steps: tuple[GuideStep, ...] = ()
    legal: GuideLimit
    promised: GuideLimit
    fee: str = "不收费"
    result: str = ""
    remedies: str = ""
    bases: tuple[str, ...] = ()
    questions: tuple[tuple[str, str], ...] = ()
    edition: str
    checked_on: date
    checked_by: str
    live_url: str = ""
    elder: bool = False  # 长辈版: 四号 (14 pt)


@dataclass(frozen=True, kw_only=True)
class CopyOutField:
    """A field of the upper system, in its order and under its name."""

    label: str
    value: str = ""  # "" prints 〔空〕, so that nobody wonders whether it was forgotten
    group: str = ""


@dataclass(frozen=True, kw_only=True)
class CopyOutData:
    """The fields of a case for typing them a second time into the upper system (双录)."""

    head: Letterhead
    number: str
    item: str
    upper_system: str
    upper_number: str = ""
    fields: tuple[CopyOutField, ...]
    printed_at: datetime
    printed_by: str
    case_url: str = ""


@dataclass(frozen=True, kw_only=True)
class ClosingData:
    """办结告知: the end of a case and how its result is collected."""

    head: Letterhead
    number: str
    item: str
    applicant: str
    received_on: date
    decided_on: date
    outcome: str  # 准予 / 不予 / 确认 / 给付…
    explanation: tuple[str, ...] = ()  # grounds of a refusal, amount of a payment as the decision states it
    documents: tuple[str, ...] = ()  # what is handed out
    collect: tuple[str, ...] = ()  # where, when, with what
    collect_until: date | None = None
    originals_back: tuple[str, ...] = ()  # papers to be returned against signature
    remedies: tuple[str, ...] = ()  # authority, 60 days; court, six months
    handled_by: str = ""
    given_on: date
    track_url: str = ""


@dataclass(frozen=True, kw_only=True)
class NoticeData:
    """公示, one sheet for a village's board. `rows` hold only what the item allows, the name with one character hidden."""

    head: Letterhead
    number: str
    item: str
    village: str
    labels: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    first_on: date
    last_on: date
    days: str  # "7个自然日"
    phone: str
    ways: str = ""  # 书面、电话、到窗口当面
    receiver: str = ""
    posted_on: date
    address: str


@dataclass(frozen=True, kw_only=True)
class BundleFile:
    """One file of a bundle. A file the reader may not see stands there with its number alone."""

    number: str
    item: str = ""
    applicant: str = ""  # masked
    village_on: date | None = None
    papers: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    originals: int = 0
    found: str = ""  # what was found when it was counted over; "" = to be written in


@dataclass(frozen=True, kw_only=True)
class BundleData:
    """批次交接清单: the files of a village, in as many copies as there are names of copies."""

    head: Letterhead
    number: str
    village: str
    made_on: date
    made_by: str
    counted_on: date | None = None
    files: tuple[BundleFile, ...]
    copies: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class VolumeLineData:
    """A line of the 卷内目录. `place` runs on through the supplements; `pages` and `page_numbers` are empty without paper."""

    place: int
    number: str = ""
    responsible: str = ""
    title: str
    dated: date | None = None
    pages: int | None = None
    page_numbers: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class SupplementData:
    """What was added behind a closed volume."""

    added_on: date
    by: str
    reason: str
    lines: tuple[VolumeLineData, ...]


@dataclass(frozen=True, kw_only=True)
class VolumeData:
    """案卷: cover, 卷内目录 and 备考表 of one case. No more of a person than the masked name and number (domain 11.2)."""

    head: Letterhead
    number: str  # 档号; "" while the volume is not closed
    case_number: str
    title: str
    category: str = ""
    office: str
    applicant: str = ""
    id_number: str = ""  # masked
    begun_on: date
    ended_on: date
    term: str
    basis: str
    is_confirmed: bool
    box: str = ""
    place: str = ""
    lines: tuple[VolumeLineData, ...]
    supplements: tuple[SupplementData, ...] = ()
    missing: str = ""
    remarks: str = ""
    checked: str = ""
    assembled_by: str
    assembled_on: date
    closed_by: str = ""
    closed_on: date | None = None
    checked_by: str = ""
    checked_on: date | None = None
    address: str  # where the electronic file is


@dataclass(frozen=True, kw_only=True)
class BoxedVolume:
    """A volume in its box. One the reader may not see stands there with its number alone."""

    number: str
    title: str = ""
    ended_on: date | None = None
    pages: int | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class BoxData:
    """档案盒: label for the spine, cover with the volumes in it, 盒内备考表."""

    head: Letterhead
    number: str
    fonds: str
    office: str
    year: int
    term: str
    place: str
    volumes: tuple[BoxedVolume, ...]
    printed_on: date
    address: str
