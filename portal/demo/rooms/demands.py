"""诉求 of all five rhythms in every state, a batch of 交办单 from an inspection, a 办不成事, two mediations."""

from datetime import datetime

from portal.demo.rooms.stage import CENTRE_HEAD, CLERK, OFFICIAL, Life, Stage
from requests.demands import judging, mediation, moves, orders, papers, subjects, writing
from requests.demands.registering import Told, register_demand
from requests.demands.unsolved import register_unsolved
from requests.models import CallBack, Contact, Demand, Mediation, ServiceRequest

Rhythm, Sort, How, Grade = Demand.Rhythm, Demand.Sort, Contact.How, CallBack.Satisfaction
Outcome, Channel = ServiceRequest.Outcome, ServiceRequest.Channel
AGREED = "院墙由双方各出一半费用，一个月内修复。"
SUBJECTS = (
    ("院墙", "01"), ("邻", "01"), ("路", "02"), ("排水", "02"), ("补偿", "04"), ("补贴", "04"), ("救助", "04"), ("低保", "04"),
    ("危房", "05"), ("窗口", "08"), ("垃圾", "03"),
)  # fmt: skip
BUILDING, LAND, FARM, FOREST, MEDIATOR = "QH0901", "QH0801", "QH1001", "QH1101", "QH1401"


def plan(stage: Stage) -> None:
    stage.begin(
        _new(stage, -1, 15, "荷塘村", Sort.HELP, "村口路灯三盏不亮，晚上老人出门不便。"),
        _new(stage, 0, 8, "稻香村", Sort.SUGGESTION, "建议赶集日窗口延长到中午十二点半。"),
        _sent(stage, -1, "枫林村", Rhythm.AT_ONCE, "ST04", "独居老人家中断粮，请求临时救助。"),
        _to_the_village(stage),
        _sent(stage, -2, "茶岭村", Rhythm.TIMED, "ST11", "公益林补偿款今年还没有到账。"),
        _returned(stage),
        _in_hand(stage, -3, "石桥村", Rhythm.FIRST, "ST04", OFFICIAL, "残疾儿童需要协调县里的康复机构。", co=("ST05",)),
        _in_hand(stage, -4, "梨花村", Rhythm.TIMED, "ST10", FARM, "机耕路塌方，收割机进不了田。", co=("ST08",)),
        _following(stage),
        _answered(stage, -6, "桃源村", Rhythm.CARE, "ST04", OFFICIAL, "低保户老人想了解慰问政策。", "已电话说明政策和时间。", closed=False),
        _answered(stage, -15, "青泥村", Rhythm.FIRST, "ST08", LAND, "地质灾害点雨后开裂。", "已请地灾队查看，设了警示牌。", closed=True),
        _answered(stage, -40, "白鹭村", Rhythm.TIMED, "ST09", BUILDING, "危房改造尾款未到。", "县里本月已拨付，已到账。", closed=True),
        _complaint(stage),
        *_orders(stage),
        _unsolved(stage),
        _mediated(stage),
        _mediation_open(stage),
    )


def _register(stage: Stage, village: str, sort: str, words: str, now: datetime, *, channel: str = Channel.PHONE) -> ServiceRequest:
    code = next((code for word, code in SUBJECTS if word in words), "99")
    subject = subjects.chosen(stage.scene.township, code, by=stage.who(CLERK), now=now)
    told = Told(
        window=stage.scene.reception, channel=channel, sort=sort, words=words, person=stage.person(village), category=subject
    )
    return register_demand(told, by=stage.who(CLERK), now=now).case


def _new(stage: Stage, day: int, hour: int, village: str, sort: str, words: str) -> Life:
    now = yield stage.at(day, hour, 35)
    _register(stage, village, sort, words, now)


def _placed(stage: Stage, day: int, village: str, rhythm: str, lead: str, words: str, *, co: tuple[str, ...] = ()):
    """Written down and dispatched by the reception."""
    now = yield stage.at(day, 9, stage.dice.randrange(5, 40))
    case = _register(stage, village, Sort.HELP, words, now)
    now = yield stage.at(day, 9, 50)
    helpers = [stage.office(code) for code in co]
    moves.dispatch(case, rhythm=rhythm, lead=stage.office(lead), co=helpers, by=stage.who(CLERK), now=now)
    return case


def _sent(stage: Stage, day: int, village: str, rhythm: str, lead: str, words: str) -> Life:
    yield from _placed(stage, day, village, rhythm, lead, words)


def _to_the_village(stage: Stage) -> Life:
    """What the village can settle goes to its committee, to somebody by name: a village has no posts."""
    now = yield stage.at(-1, 10, 5)
    case = _register(stage, "稻香村", Sort.HELP, "村口垃圾池满了三天没人清，气味大。", now)
    now = yield stage.at(-1, 10, 20)
    moves.dispatch(
        case, rhythm=Rhythm.TIMED, lead=stage.office("V01"), holder=stage.who("QH9001"), by=stage.who(CLERK), now=now
    )


def _returned(stage: Stage) -> Life:
    """Sent to the wrong office, back at the window within its day."""
    case = yield from _placed(stage, -2, "竹园村", Rhythm.TIMED, "ST09", "邻家排水沟堵塞，雨天倒灌。")
    now = yield stage.at(-2, 15, 30)
    reason, rule = "属农田水利，不属村镇建设职责", "镇内部职责分工：农田水利由农业农村办负责"
    moves.return_demand(case, reason=reason, rule=rule, by=stage.who(BUILDING), now=now)


def _signed(stage: Stage, day: int, village: str, rhythm: str, lead: str, by: str, words: str, *, co: tuple[str, ...] = ()):
    case = yield from _placed(stage, day, village, rhythm, lead, words, co=co)
    now = yield stage.at(day, 10, 20)
    moves.sign_for(case, by=stage.who(by), now=now)
    now = yield stage.at(day, 14, 15)
    moves.first_contact(case, how=How.PHONE, reached=True, words="已电话了解情况", by=stage.who(by), now=now)
    return case


def _in_hand(
    stage: Stage, day: int, village: str, rhythm: str, lead: str, by: str, words: str, *, co: tuple[str, ...]
) -> Life:
    yield from _signed(stage, day, village, rhythm, lead, by, words, co=co)


def _following(stage: Stage) -> Life:
    """It cannot be solved this year: kept open, with a day on which somebody looks again, which is today."""
    case = yield from _signed(stage, -30, "水车村", Rhythm.HARD, "ST09", BUILDING, "通组路硬化还差三百米。")
    now = yield stage.at(-26, 16, 0)
    said = {"progress": "已列入明年道路硬化计划", "measures": "先铺碎石，雨季派人巡查", "look_again_on": stage.day(0)}
    moves.keep_following(case, by=stage.who(BUILDING), now=now, **said)


def _answered(
    stage: Stage, day: int, village: str, rhythm: str, lead: str, by: str, words: str, answer: str, *, closed: bool
) -> Life:
    case = yield from _signed(stage, day, village, rhythm, lead, by, words)
    now = yield stage.at(day + 2, 11, 0)
    moves.answer_demand(case, outcome=Outcome.SOLVED, words=answer, by=stage.who(by), now=now)
    if closed:
        now = yield stage.at(day + 3, 9, 15)
        verdict = {"solved": True, "satisfaction": Grade.SATISFIED, "words": "本人表示满意"}
        moves.close_demand(case, told=How.PHONE, **verdict, by=stage.who(CLERK), now=now)
        now = yield stage.at(day + 3, 10, 5)
        said = {"asked": words, "facts": "经现场核实，情况属实。", "handling": answer, "basis": "镇便民服务中心诉求办理规定"}
        writing.issue_answer(case, **said, where=papers.objections(case), by=stage.who(by), now=now)
    else:
        now = yield stage.at(day + 3, 9, 30)
        judging.call_back(case, how=How.PHONE, reached=False, words="电话无人接听", by=stage.who(CLERK), now=now)


def _complaint(stage: Stage) -> Life:
    """About an office: never to be handled there. Belongs to the supervision, the way is shown."""
    now = yield stage.at(-11, 10, 10)
    told = Told(
        window=stage.scene.reception, channel=Channel.WINDOW, sort=Sort.COMPLAINT, words="窗口电话多次无人接听。",
        person=stage.person("河街社区"), about=stage.office("ST13"),
    )  # fmt: skip
    case = register_demand(told, by=stage.who(CLERK), now=now).case
    now = yield stage.at(-11, 10, 25)
    moves.show_the_way(case, way="conduct", where="镇作风监督岗 0000-5550116", by=stage.who(CLERK), now=now)


def _orders(stage: Stage) -> list[Life]:
    """Six points from an inspection, one batch: two checked and closed, one answered, one in work, one late, one not signed."""
    found: list[ServiceRequest] = []
    lines = (
        ("窗口公示栏内容更新不及时", "ST01", 3), ("低保档案缺少入户照片", "ST04", 4), ("建房现场公示牌缺失两处", "ST09", -1),
        ("惠农补贴清册签字不全", "ST10", 5), ("林木采伐台账未按月归档", "ST11", 5), ("优待证发放登记不规范", "ST07", 6),
    )  # fmt: skip

    def issued() -> Life:
        now = yield stage.at(-9, 15, 0)
        source = orders.Source(Demand.Source.INSPECTION, ordered_on=stage.day(-10))
        batch = [orders.Line(what, stage.office(code), stage.day(day)) for what, code, day in lines]
        found.extend(
            orders.issue_orders(
                stage.scene.township, source, batch, form_token="demo-inspection", by=stage.who(CENTRE_HEAD), now=now
            )
        )

    def worked(place: int, answer: str, *, checked: bool) -> Life:
        now = yield stage.at(-8, 9, 30 + place)
        case = found[place]
        moves.sign_for(case, by=case.holder, now=now)
        if answer:
            now = yield stage.at(-4, 16, place)
            moves.answer_demand(case, outcome=Outcome.SOLVED, words=answer, by=case.holder, now=now)
        if checked:
            now = yield stage.at(-2, 10, place)
            moves.close_demand(case, told="checked", words="现场核对，已整改", by=stage.who(CENTRE_HEAD), now=now)

    return [
        issued(), worked(0, "已全部更换并指定专人每周核对。", checked=True), worked(1, "", checked=False),
        worked(2, "", checked=False), worked(3, "已逐户补签。", checked=True), worked(4, "已补齐前十个月台账。", checked=False),
    ]  # fmt: skip


def _unsolved(stage: Stage) -> Life:
    """办不成事反映, tied to the case it is about; the centre looks into it, never who handles that case."""
    case = yield from stage.in_hand("SB-003", "茶岭村", -12)
    now = yield stage.at(-2, 11, 10)
    words = "银行卡信息改了两次，待遇还是发不到账。"
    said = register_unsolved(case, words=words, channel=Channel.WINDOW, window=stage.scene.reception, by=stage.who(CLERK), now=now)
    now = yield stage.at(-1, 8, 45)
    moves.sign_for(said.case, by=stage.who(CENTRE_HEAD), now=now)
    now = yield stage.at(-1, 10, 30)
    moves.first_contact(said.case, how=How.PHONE, reached=True, words="已联系本人", by=stage.who(CENTRE_HEAD), now=now)


def _asked_for_mediation(stage: Stage, day: int, village: str, other: str, words: str):
    now = yield stage.at(day, 9, 15)
    office = mediation.mediation_office(stage.scene.reception)
    case = mediation.register_mediation(
        stage.scene.reception, office, person=stage.person(village), other={"name": other, "phone": "12077788899"}, words=words,
        channel=Channel.WINDOW, dispute=Mediation.Dispute.NEIGHBOURS, by=stage.who(CLERK), now=now,
    ).case  # fmt: skip
    now = yield stage.at(day + 1, 10, 0)
    mediation.note_consent(case, how=Mediation.Asked.PHONE, by=stage.who(MEDIATOR), now=now)
    now = yield stage.at(day + 1, 10, 30)
    mediation.name_mediator(case, stage.who("QH1402"), chosen_by_parties=True, by=stage.who(MEDIATOR), now=now)
    return case


def _mediated(stage: Stage) -> Life:
    case = yield from _asked_for_mediation(stage, -14, "禾兴社区", "姜青松", "两家共用院墙倒塌，修复费用分担有争议。")
    now = yield stage.at(-5, 15, 30)
    mediation.reach_agreement(
        case, form=Mediation.Form.WRITTEN, binding_from=stage.day(-5), perform_by=stage.day(12),
        words=AGREED, by=stage.who("QH1402"), now=now,
    )  # fmt: skip
    now = yield stage.at(-5, 15, 50)
    said = {"dispute": "两家共用院墙倒塌，修复费用分担有争议。", "agreed": AGREED, "manner": "各自付给施工队，凭收据互相核对。"}
    writing.issue_agreement(case, **said, perform_by=stage.day(12), by=stage.who("QH1402"), now=now)


def _mediation_open(stage: Stage) -> Life:
    yield from _asked_for_mediation(stage, -4, "橘井村", "陶石桥", "田埂边界移动，两户各执一词。")
