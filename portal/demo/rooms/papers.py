"""Papers: originals in the drawer and one given back, seals used, proofs of delivery, volumes closed, checked, boxed and lent."""

from portal.demo import steps
from portal.demo.rooms.stage import HEAD, OFFICIAL, OFFICIAL_B, Life, Stage
from requests import custody, verbs
from requests.archive import boxes, catalogue
from requests.archive import verbs as archive
from requests.archive.verbs import Counted
from requests.documents import verbs as documents
from requests.materials import held_originals
from requests.models import Delivery, Document, ServiceRequest, VolumeLine, VolumeLoan
from requests.refusing import outcomes_of

CASES = (("MZ-004", "稻香村", -60), ("MZ-004", "桃源村", -50), ("MZ-004", "水车村", -40), ("MZ-004", "麦浪村", -26))
ROOM, SHELF = "镇政府二楼档案室", "3号柜第2层"


def plan(stage: Stage) -> None:
    filed: list[ServiceRequest] = []
    stage.begin(
        *(_finished(stage, code, village, day, filed) for code, village, day in CASES),
        _filing(stage, filed),
        _in_the_drawer(stage),
        _to_be_given_back(stage),
        _to_collect(stage),
    )


def _decided(stage: Stage, code: str, village: str, day: int):
    """Accepted with its originals kept in the drawer, decided two days later under a seal."""
    case = yield from stage.in_hand(code, village, day, keeps=True)
    now = yield stage.at(day + 2, 15, 0)
    steps.write_down(case, now)
    verbs.decide(case, outcomes_of(case.edition)[0], by=case.holder, now=now)
    now = yield stage.at(day + 2, 15, 20)
    paper = documents.issue_decision(
        case, content="给予一次性临时救助1200元。", basis="临时救助办法", validity="一次性", by=case.holder, now=now
    )
    now = yield stage.at(day + 2, 15, 40)
    documents.use_seal(case, paper, copies=2, approved_by=stage.who(HEAD), by=stage.who(OFFICIAL), now=now)
    return case, paper


def _finished(stage: Stage, code: str, village: str, day: int, filed: list[ServiceRequest]) -> Life:
    case, paper = yield from _decided(stage, code, village, day)
    now = yield stage.at(day + 3, 10, 0)
    if held_originals(case):
        _give_back(case, now)
    said = {"manner": Delivery.Manner.DIRECT, "delivered_at": now, "receiver": "本人", "place": "民政窗口"}
    documents.note_delivery(case, paper, by=case.holder, now=now, **said)
    now = yield stage.at(day + 3, 10, 10)
    verbs.close(case, how="窗口领取，本人签收", by=case.holder, now=now)
    filed.append(case)


def _give_back(case: ServiceRequest, now) -> Document:
    held = [line.material_id for line in held_originals(case)]
    return custody.return_original(case, held, by=case.holder, now=now)


def _filing(stage: Stage, filed: list[ServiceRequest]) -> Life:
    """Two are in their box, one of them lent; one is closed and unboxed; one is being put together."""
    by = stage.who(OFFICIAL)
    now = yield stage.at(-20, 9, 0)
    first, second, third, *_rest = filed
    for case in (first, second, third):
        archive.assemble_volume(case, by=by, now=now)
    now = yield stage.at(-20, 10, 30)
    for case in (first, second):
        counted = {
            piece.key: Counted(place, VolumeLine.Kept.PAPER, 1 + place % 3) for place, piece in enumerate(catalogue.pieces(case), start=1)
        }
        archive.list_volume(case, counted, by=by, now=now)
        archive.close_volume(case, missing="入户照片为电子件，未另行打印", by=by, now=now)
    now = yield stage.at(-19, 14, 0)
    archive.check_volume(first, words="卷内页码与目录相符", by=stage.who(HEAD), now=now)
    volume = first.volume
    where = {"year": volume.year, "term": volume.term, "room": ROOM, "shelf": SHELF}
    box = archive.boxes_for(volume).first() or boxes.make_box(first.office, by=by, now=now, **where)
    archive.box_volume(first, box, by=by, now=now)
    now = yield stage.at(-6, 9, 30)
    archive.lend_volume(first, stage.who(OFFICIAL_B), VolumeLoan.Why.CHECK, days=3, words="复核救助标准", by=by, now=now)


def _in_the_drawer(stage: Stage) -> Life:
    yield from stage.in_hand("MZ-001", "禾兴社区", -3, keeps=True)


def _to_be_given_back(stage: Stage) -> Life:
    """Withdrawn; the household register lies in the drawer and has to go back."""
    case = yield from stage.in_hand("MZ-003", "河街社区", -6, keeps=True)
    now = yield stage.at(-2, 16, 0)
    verbs.withdraw(case, reason="家里商量后不办了", by=case.holder, now=now)


def _to_collect(stage: Stage) -> Life:
    """Decided yesterday, the decision sealed, the person has been told to come."""
    case, _paper = yield from _decided(stage, "MZ-004", "柳溪村", -3)
    now = yield stage.at(-1, 16, 0)
    documents.issue_closing(case, collect="凭本人身份证到民政窗口领取", collect_until="三十日内", by=case.holder, now=now)
