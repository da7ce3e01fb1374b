"""Every cell of kind × status × verb × role. The expectation is written out here by hand and never read from the product."""

import itertools

import pytest

from officials.models import User
from requests import verbs
from requests.demands import mediation, moves, orders, unsolved
from requests.demands.registering import Told, register_demand
from requests.intake import Handed, Intake, receive
from requests.lifecycle import TRANSITIONS, AlreadyHandled, Refused, change, refusal
from requests.models import Event, MaterialReceipt, ServiceRequest
from requests.supplement import late
from tests.support import world as w

pytestmark = pytest.mark.django_db

ROLES = ("clerk", "official", "deputy", "head", "supervisor", "inspector", "editor", "outsider")
# The reception logged the case; the civil affairs office handles it.
DESK = {"clerk", "clerk2", "official", "deputy", "head"}
OFFICE = {"official", "deputy", "head"}
HEAD = {"head"}
LEAD = {"head", "supervisor"}

NEW = {"received", "awaiting_materials"}
RUNNING = {"accepted", "in_hand"}
DONE = {"decided", "closed"}
ENDED = {"closed", "intake_refused", "not_ours", "withdrawn", "deemed_withdrawn", "terminated", "voided"}
WAY = {"at_village"}
ENTRUSTED = WAY | NEW | RUNNING | {"decided"}
ALL = ENTRUSTED | ENDED
# Of demands. They lie at the reception until they are dispatched to the civil affairs office.
SIGNED = RUNNING | {"following"}
PLACED = SIGNED | {"dispatched"}
UNENDED = PLACED | {"received"}
EVERY = ALL | {"dispatched", "following"}
DISPATCH, CENTRE = {"clerk", "clerk2", "supervisor"}, {"supervisor"}
AT_RECEPTION = {"received", "not_ours", "voided"}
OF_DEMAND_DESK = {status: {"clerk", "clerk2"} if status in AT_RECEPTION else DESK for status in EVERY}
OF_DEMAND_LEAD = {status: CENTRE if status in AT_RECEPTION else LEAD for status in EVERY}
# About the official, who held the case: not for him. With the head of the centre until it is given to somebody.
SOLVER = {status: CENTRE if status in AT_RECEPTION | {"withdrawn"} else {"deputy", "head", "supervisor"} for status in EVERY}

EXPECTED = {
    "application": {
        "arrive": (WAY, DESK),
        "ask_materials": ({"received"}, DESK),
        "correct_notice": ({"awaiting_materials"}, DESK),
        "acknowledge_notice": (NEW, DESK),
        "ask_again": (NEW, OFFICE),
        "approve_second_notice": (NEW, HEAD),
        "refuse_second_notice": (NEW, HEAD),
        "reply_to_fault": (ALL - {"voided"}, DESK),
        "review_fault": (ALL - {"voided"}, HEAD),
        "note_late_notice": ({"received"}, set()),
        "deem_accepted": ({"received"}, set()),
        "warn_of_withdrawal": (NEW | RUNNING, set()),
        "deem_withdrawn": (NEW | RUNNING, set()),
        "verify_promise": (RUNNING | {"decided", "closed"}, OFFICE),
        "take_materials": (NEW | RUNNING, DESK), "take_owed": (DONE, DESK),
        "correct": (NEW | WAY, DESK),
        "change_item": (NEW | {"accepted"}, DESK),
        "accept": (NEW, DESK),
        "refuse_intake": (NEW, OFFICE),
        "not_ours": (NEW, DESK),
        "start": ({"accepted"}, OFFICE),
        "decide": (RUNNING, OFFICE),
        "close": ({"decided"}, DESK),
        "begin_procedure": (RUNNING, OFFICE),
        "end_procedure": (RUNNING, OFFICE),
        "ask_extension": (RUNNING, OFFICE),
        "extend": (RUNNING, HEAD),
        "refuse_extension": (RUNNING, HEAD),
        "remove_extension": (RUNNING, HEAD),
        "make_promised": (NEW | RUNNING, DESK),
        "confirm_start": (NEW | RUNNING, DESK),
        "withdraw": (WAY | NEW | RUNNING, DESK),
        "terminate": (NEW | RUNNING, HEAD),
        "void": (NEW | WAY, HEAD),
        "assign": (NEW | RUNNING, LEAD),
        "hand_over": (NEW | RUNNING | {"decided"}, OFFICE),
        "give_back": (NEW | RUNNING | {"decided"}, OFFICE),
        "add_note": (ENTRUSTED, DESK | CENTRE),
        "return_original": (ALL, DESK),
        "send_original": (NEW | RUNNING | {"decided"}, DESK),
        "original_back": (ALL, DESK),
        # Tasks: nobody has an open one in these cases.
        "begin_task": ({"in_hand"}, OFFICE),
        "note_step": ({"in_hand", "decided", "closed"}, OFFICE),
        "finish_task": ({"in_hand"}, set()),
        "skip_task": ({"in_hand"}, OFFICE),
        "give_task": ({"in_hand"}, set()),
        "hand_over_task": ({"in_hand"}, set()),
        "give_task_back": ({"in_hand"}, set()),
        "forward": (RUNNING, OFFICE),
        "note_county_receipt": ({"in_hand"}, OFFICE),
        "note_county_result": ({"in_hand"}, OFFICE),
        "county_returns": ({"in_hand"}, OFFICE),
        "urge_county": ({"in_hand"}, OFFICE),
        "note_urge_answer": ({"in_hand"}, OFFICE),
        "hand_to_window": (NEW | RUNNING, DESK),
        "take_over": (NEW | RUNNING, OFFICE),
        "plan_visit": ({"in_hand"}, OFFICE),
        "record_visit": ({"in_hand"}, OFFICE),
        "add_party": (NEW | RUNNING | {"decided"}, DESK),
        "note_household": (NEW | RUNNING, DESK),
        "change_party": (NEW | RUNNING | {"decided"}, DESK),
        "remove_party": (NEW | RUNNING | {"decided"}, DESK),
        "note_authorisation": (NEW | RUNNING, DESK),
        "note_in_person": (NEW | RUNNING, DESK),
        "note_relatives": (NEW | RUNNING, DESK),
        "print_authorisation": (NEW | RUNNING, DESK),
        "note_particulars": (NEW | RUNNING | {"at_village"}, DESK),
        "note_upper_number": (ALL - {"voided"}, DESK),
        "renew_secret": (ALL - {"voided"}, DESK),
        "note_village_notice": (NEW, DESK),
        "waive_public_notice": (RUNNING, OFFICE),
        "begin_public_notice": (RUNNING | {"decided", "closed"}, OFFICE),
        "note_posted": (RUNNING | {"decided", "closed"}, OFFICE),
        "log_objection": (RUNNING | {"decided", "closed"}, DESK),
        "settle_objection": (RUNNING | {"decided", "closed"}, OFFICE),
        "end_public_notice": (RUNNING | {"decided", "closed"}, OFFICE),
        "issue_decision": ({"decided", "closed"}, OFFICE),
        "issue_closing": ({"decided"}, DESK),
        "issue_on_the_spot": ({"decided", "closed"}, DESK),
        "issue_delivery": (ALL - {"voided"}, DESK),
        "note_delivery": (ALL - {"voided"}, DESK),
        "use_seal": (ALL - {"voided"}, DESK),
        "void_document": (ALL, HEAD),
        "entrust": (ENTRUSTED, DESK),
        "suspend_mandate": (ENTRUSTED, DESK),
        "resume_mandate": (ENTRUSTED, DESK),
        "end_mandate": (ENTRUSTED, DESK),
        # Nobody here is a village agent: tests/requests/test_village.py plays the one who is.
        "issue_mandate_done": ({"decided", "closed"}, DESK),
        "bring_result": ({"decided"}, set()),
        "redate": (NEW | RUNNING, set()),
        "anonymise": (ENDED, HEAD),
    },
    "consultation": {
        "answer": ({"received", "in_hand"}, DESK),
        "promise_call": ({"received"}, DESK),
        "correct": ({"received", "in_hand"}, DESK),
        "not_ours": ({"received", "in_hand"}, DESK),
        "withdraw": ({"received", "in_hand"}, DESK),
        "void": ({"received", "in_hand"}, HEAD),
        "assign": ({"received", "in_hand"}, LEAD),
        "hand_over": ({"received", "in_hand"}, OFFICE),
        "give_back": ({"received", "in_hand"}, OFFICE),
        "add_note": ({"received", "in_hand"}, DESK | CENTRE),
        "renew_secret": (ALL - {"voided"}, DESK),
        "redate": ({"received", "in_hand"}, set()),
        "anonymise": (ENDED, HEAD),
    },
    "demand": {
        "show_the_way": ({"received"}, DISPATCH),
        "solve_on_the_spot": ({"received"}, DISPATCH),
        "dispatch": ({"received"}, DISPATCH),
        "designate": ({"received", "dispatched"}, CENTRE),
        "sign_for": ({"dispatched"}, OFFICE),
        "return_demand": ({"dispatched", "accepted"}, OFFICE),
        "first_contact": (SIGNED, OFFICE),
        "co_answer": (PLACED, set()),  # no office takes part here
        "extend_demand": (RUNNING, HEAD),
        "keep_following": (SIGNED, OFFICE),
        "answer_demand": (SIGNED, OFFICE),
        "close_demand": ({"decided"}, DESK),
        "to_mediation": (UNENDED, OF_DEMAND_DESK),
        "call_back": ({"decided", "closed"}, DISPATCH),
        "issue_answer": ({"decided", "closed"}, DESK),
        "rework": ({"decided", "closed"}, DISPATCH),
        "correct": (UNENDED, OF_DEMAND_DESK),
        "withdraw": (UNENDED, OF_DEMAND_DESK),
        "void": ({"received"}, CENTRE),
        "assign": (PLACED, LEAD),
        # Before it is dispatched it lies at the dispatching window, where nobody here works cases.
        "hand_over": (UNENDED | {"decided"}, {status: set() if status == "received" else OFFICE for status in EVERY}),
        "give_back": (UNENDED | {"decided"}, {status: set() if status == "received" else OFFICE for status in EVERY}),
        "add_note": (UNENDED | {"decided"}, {status: who | CENTRE for status, who in OF_DEMAND_DESK.items()}),
        "note_upper_number": (EVERY - {"voided"}, OF_DEMAND_DESK),
        "renew_secret": (EVERY - {"voided"}, OF_DEMAND_DESK),
        "redate": (UNENDED, set()),
        "anonymise": (ENDED, OF_DEMAND_LEAD),
    },
    "order": {
        "dispatch": ({"received"}, CENTRE),
        "sign_for": ({"dispatched"}, OFFICE),
        "co_answer": (PLACED, set()),
        "keep_following": (SIGNED, OFFICE),
        "answer_demand": (SIGNED, OFFICE),
        "close_demand": ({"decided"}, CENTRE),
        "rework": ({"decided"}, CENTRE),
        "void": ({"received", "dispatched"}, {"head"}),  # the supervisor issued it: a second person has to
        "assign": (PLACED, LEAD),
        "hand_over": (UNENDED | {"decided"}, OFFICE),
        "give_back": (UNENDED | {"decided"}, OFFICE),
        "add_note": (UNENDED | {"decided"}, OFFICE | CENTRE),
        "redate": (UNENDED, set()),
        "anonymise": (ENDED, LEAD),
    },
    "unsolved": {
        "dispatch": ({"received", "dispatched"}, CENTRE),
        "sign_for": ({"received", "dispatched"}, SOLVER),
        "first_contact": (SIGNED, SOLVER),
        "tie_case": (UNENDED, SOLVER),
        "extend_demand": (RUNNING, CENTRE),
        "keep_following": (SIGNED, SOLVER),
        "answer_demand": (SIGNED, SOLVER),
        "close_demand": ({"decided"}, CENTRE),
        "call_back": ({"decided", "closed"}, {"supervisor", "inspector"}),
        "issue_answer": ({"decided", "closed"}, SOLVER),
        "rework": ({"decided", "closed"}, CENTRE),
        "correct": (UNENDED, CENTRE),
        "withdraw": (UNENDED, CENTRE),
        "void": ({"received"}, CENTRE),
        "add_note": (UNENDED | {"decided"}, SOLVER),
        "renew_secret": (EVERY - {"voided"}, CENTRE),
        "redate": (UNENDED, set()),
        "anonymise": (ENDED, CENTRE),
    },
    "mediation": {
        "note_consent": ({"received"}, OFFICE),
        "name_mediator": (RUNNING, OFFICE),
        "tell_police": (RUNNING | {"received"}, OFFICE),
        "refuse_mediation": (RUNNING | {"received"}, OFFICE),
        "reach_agreement": ({"in_hand"}, OFFICE),
        "fail_mediation": (RUNNING, OFFICE),
        "note_performance": ({"decided"}, OFFICE),
        "issue_agreement": ({"in_hand", "decided", "closed"}, OFFICE),
        "issue_mediation_end": ({"closed"}, OFFICE),
        "correct": (RUNNING | {"received"}, OFFICE),
        "withdraw": (RUNNING | {"received"}, OFFICE),
        "void": ({"received"}, HEAD),
        "add_note": (RUNNING | {"received", "decided"}, OFFICE),
        "renew_secret": (EVERY - {"voided"}, OFFICE),
        "redate": (RUNNING | {"received"}, set()),
        "anonymise": (ENDED, HEAD),
    },
}


# 归档: of what ended and was no mistake. A mediation is the business of its office alone.
for kind, desk in (("application", DESK), ("mediation", OFFICE)):
    EXPECTED[kind] |= {
        "assemble_volume": (ENDED - {"voided"}, desk),
        "list_volume": (ENDED - {"voided"}, desk),
        "close_volume": (ENDED - {"voided"}, desk),
        "check_volume": (ENDED - {"voided"}, HEAD),
        "supplement_volume": (ENDED - {"voided"}, desk),
        "box_volume": (ENDED - {"voided"}, desk),
        "lend_volume": (ENDED - {"voided"}, desk),
        "return_volume": (ENDED - {"voided"}, desk),
        "recall_volume": (ENDED - {"voided"}, HEAD),
    }


# 文书: of demands and mediations as of every other case.
for kind, desk, head in (("demand", OF_DEMAND_DESK, OF_DEMAND_LEAD), ("unsolved", SOLVER, CENTRE), ("mediation", OFFICE, HEAD)):
    EXPECTED[kind] |= dict.fromkeys(("issue_delivery", "note_delivery", "use_seal"), (EVERY - {"voided"}, desk))
    EXPECTED[kind]["void_document"] = (EVERY, head)


# 催办: by who watches over it, wherever it can be given to another; by the job alone where a date comes near.
for kind in ("application", "consultation", "demand", "order"):
    EXPECTED[kind]["urge"] = EXPECTED[kind]["assign"]
for kind in ("demand", "order", "unsolved"):
    EXPECTED[kind]["urge_holder"] = (UNENDED, set())
EXPECTED["mediation"]["urge_holder"] = (RUNNING | {"received"}, set())
EXPECTED["application"]["urge_task"] = ({"in_hand"}, set())


# Who passes on what a leaver held has no role on any case.
for expected in EXPECTED.values():
    expected["holder_left"] = (ALL - ENDED, set())


def application_at(world, status: str) -> ServiceRequest:
    """A case brought to this state by playing the verbs."""
    now, p = w.MONDAY, world.people
    missing = {m.pk: Handed(MaterialReceipt.State.MISSING) for m in world.low_income.materials.all()}
    if status == "at_village":
        return w.village_case(world, now=now)
    case = w.new_case(world, materials=missing if status == "awaiting_materials" else None)
    reason = {"reason": "理由", "now": now}
    match status:
        case "awaiting_materials":
            verbs.ask_materials(case, by=p.clerk, now=now)
        case "intake_refused":
            verbs.refuse_intake(case, by=p.official, **reason)
        case "not_ours":
            verbs.not_ours(case, where="县里", by=p.clerk, **reason)
        case "withdrawn":
            verbs.withdraw(case, by=p.clerk, **reason)
        case "deemed_withdrawn":
            return deemed_withdrawn(world)
        case "terminated":
            verbs.terminate(case, "died", basis="社会救助暂行办法", by=p.head, **reason)
        case "voided":
            verbs.void(case, by=p.head, **reason)
        case "accepted" | "in_hand" | "decided" | "closed":
            _forward(case, status, p, now)
    assert case.status == status
    return case


def deemed_withdrawn(world) -> ServiceRequest:
    """Told, reminded and not brought, under a rule by which the application then counts as withdrawn."""
    edition = w.ruled(world, supplement_value=5, supplement_unit="working_day", supplement_basis="某办法", supplement_withdraws=True)
    case, tick = w.new_case(world, edition=edition, materials={}), User.objects.job("tick")
    verbs.ask_materials(case, by=world.people.clerk, now=w.MONDAY)
    late.warn_of_withdrawal(case, by=tick, now=w.at("2026-11-08 09:00"))
    late.deem_withdrawn(case, by=tick, now=w.at("2026-11-10 09:00"))
    assert case.status == "deemed_withdrawn"
    return case


def _forward(case, status, people, now):
    verbs.accept(case, by=people.clerk, now=now)
    if status != "accepted":
        verbs.start(case, by=people.official, now=now)
    if status in ("decided", "closed"):
        verbs.decide(case, "confirmed", by=people.official, now=now)
    if status == "closed":
        verbs.close(case, by=people.clerk, now=now)


def consultation_at(world, status: str) -> ServiceRequest | None:
    now, p = w.MONDAY, world.people
    case = w.new_case(world, edition=world.low_income, kind="consultation", materials={}, words="怎么办低保?")
    match status:
        case "received":
            pass
        case "in_hand":
            verbs.promise_call(case, by=p.clerk, now=now)
        case "closed":
            verbs.answer(case, words="这样办", by=p.clerk, now=now)
        case "not_ours":
            verbs.not_ours(case, reason="不是", where="县里", by=p.clerk, now=now)
        case "withdrawn":
            verbs.withdraw(case, reason="算了", by=p.clerk, now=now)
        case "voided":
            verbs.void(case, reason="误登", by=p.head, now=now)
        case _:
            return None
    assert case.status == status
    return case


def demand_at(world, status: str) -> ServiceRequest | None:
    told = Told(window=world.reception, channel="window", sort="help", words="巷口被砌墙", person=w.ZHANG)
    case = register_demand(told, by=world.people.clerk, now=w.MONDAY).case
    return _demand_forward(world, case, status, world.people.official, world.people.clerk)


def order_at(world, status: str) -> ServiceRequest | None:
    if status in ("received", "withdrawn", "not_ours"):
        return None
    source = orders.Source("meeting", w.MONDAY.date())
    line = orders.Line("清理河道", world.civil, w.at("2026-11-20 00:00").date())
    case = orders.issue_orders(world.township, source, [line], form_token="", by=world.people.supervisor, now=w.MONDAY)[0]
    return _demand_forward(world, case, status, world.people.official, world.people.supervisor)


def unsolved_at(world, status: str) -> ServiceRequest | None:
    if status == "not_ours":
        return None
    about = w.new_case(world)
    case = unsolved.register_unsolved(about, words="一直没办", channel="window", by=world.people.clerk, now=w.MONDAY).case
    return _demand_forward(world, case, status, world.people.deputy, world.people.supervisor)


def _demand_forward(world, case, status, worker, checker) -> ServiceRequest | None:
    """Played to a state; the roads of the three kinds differ only in who walks them."""
    now, p = w.MONDAY, world.people
    match status:
        case "not_ours":
            moves.show_the_way(case, way="court", by=p.clerk, now=now)
        case "withdrawn":
            if case.kind == "demand":
                moves.dispatch(case, rhythm="timed", lead=world.civil, by=p.clerk, now=now)
            verbs.withdraw(case, reason="算了", by=p.supervisor if case.kind == "unsolved" else p.clerk, now=now)
        case "voided":
            verbs.void(case, reason="误登", by=p.head if case.kind == "order" else p.supervisor, now=now)
        case "dispatched" | "accepted" | "in_hand" | "following" | "decided" | "closed":
            _work(world, case, status, worker, checker, now)
        case "received":
            pass
        case _:
            return None
    assert case.status == status
    return case


def _work(world, case, status, worker, checker, now):
    if case.status == "received":
        rhythm = "ordinary" if case.kind == "unsolved" else "timed"
        by = world.people.supervisor if case.kind == "unsolved" else checker
        moves.dispatch(case, rhythm=rhythm, lead=world.civil, holder=worker, by=by, now=now)
    if status == "dispatched":
        return
    moves.sign_for(case, by=worker, now=now)
    if status == "in_hand" and case.kind != "order":
        moves.first_contact(case, how="phone", reached=True, by=worker, now=now)
    if status == "following":
        moves.keep_following(case, progress="等", measures="看", look_again_on=w.at("2026-11-20 00:00").date(), by=worker, now=now)
    if status in ("decided", "closed") or (status == "in_hand" and case.kind == "order"):
        moves.answer_demand(case, outcome="solved", words="已拆除", by=worker, now=now)
    if status == "in_hand" and case.kind == "order":
        moves.rework(case, reason="又堵了", by=checker, now=now)
    if status == "closed":
        moves.close_demand(case, told="checked" if case.kind == "order" else "phone", by=checker, now=now)


def mediation_at(world, status: str) -> ServiceRequest:
    p, now = world.people, w.MONDAY
    case = mediation.register_mediation(
        world.reception, world.civil, person=w.ZHANG, other={"name": "李四光"}, words="地界", channel="window", by=p.clerk, now=now
    ).case
    by = {"by": p.official, "now": now}
    match status:
        case "withdrawn":
            verbs.withdraw(case, reason="和好了", **by)
        case "voided":
            verbs.void(case, reason="误登", by=p.head, now=now)
        case "accepted" | "in_hand" | "decided" | "closed":
            mediation.note_consent(case, **by)
    if status in ("in_hand", "decided", "closed"):
        mediation.name_mediator(case, p.official, chosen_by_parties=True, **by)
    if status in ("decided", "closed"):
        mediation.reach_agreement(case, form="oral", binding_from=now.date(), words="各退一尺", **by)
    if status == "closed":
        mediation.note_performance(case, performed="full", words="已履行", **by)
    assert case.status == status
    return case


PLAYED = {
    "mediation": mediation_at,
    "application": application_at, "consultation": consultation_at, "demand": demand_at, "order": order_at, "unsolved": unsolved_at,
}  # fmt: skip
NEVER = {
    "mediation": {"awaiting_materials", "intake_refused", "not_ours", "deemed_withdrawn", "terminated", "dispatched", "following"},
    "application": {"dispatched", "following"},
    "consultation": {
        "awaiting_materials", "accepted", "decided", "intake_refused", "deemed_withdrawn", "terminated", "dispatched",
        "following",
    },
    "demand": {"awaiting_materials", "intake_refused", "deemed_withdrawn", "terminated"},
    "order": {"received", "awaiting_materials", "intake_refused", "not_ours", "withdrawn", "deemed_withdrawn", "terminated"},
    "unsolved": {"awaiting_materials", "intake_refused", "not_ours", "deemed_withdrawn", "terminated"},
}  # fmt: skip
for kind in NEVER.keys() - {"application"}:
    NEVER[kind] |= WAY  # only applications are brought from a village


@pytest.fixture
def world(db):
    return w.build()


def test_every_verb_of_the_table_is_expected_here_and_the_other_way_round():
    assert {kind: set(moves) for kind, moves in TRANSITIONS.items()} == {k: set(v) for k, v in EXPECTED.items()}


@pytest.mark.parametrize(("kind", "status"), list(itertools.product(EXPECTED, sorted(EVERY))))
def test_every_cell_is_allowed_or_refused_as_declared(world, kind, status):
    if status in NEVER[kind]:
        return
    case = PLAYED[kind](world, status)
    events = Event.objects.filter(service_request=case).count()
    before = ServiceRequest.objects.values().get(pk=case.pk)
    for verb, role in itertools.product(EXPECTED[kind], ROLES):
        statuses, roles = EXPECTED[kind][verb]
        roles = roles[status] if isinstance(roles, dict) else roles
        allowed = status in statuses and role in roles
        person = getattr(world.people, role)
        assert (refusal(verb, case, person) == "") is allowed, (kind, status, verb, role)
        if not allowed:
            with pytest.raises(Refused), change(verb, case, by=person, now=w.MONDAY):
                raise AssertionError("the body of a refused verb must not run")
    assert ServiceRequest.objects.values().get(pk=case.pk) == before
    assert Event.objects.filter(service_request=case).count() == events


def test_who_logged_it_cannot_void_it_even_as_head(world):
    order = Intake(intake_office=world.civil, channel="window", person=w.ZHANG, edition=world.low_income)
    case = receive(order, by=world.people.head, now=w.MONDAY).case
    with pytest.raises(Refused, match=r"[Ss]econd person|另一个人"):
        verbs.void(case, reason="误登", by=world.people.head, now=w.MONDAY)


def test_a_page_that_is_behind_gets_already_handled(world):
    case = w.new_case(world)
    shown = ServiceRequest.objects.get(pk=case.pk)
    verbs.withdraw(case, reason="不办了", by=world.people.clerk, now=w.MONDAY)
    with pytest.raises(AlreadyHandled):
        verbs.accept(shown, by=world.people.clerk, now=w.MONDAY)


def test_accepting_is_refused_while_something_is_missing(world):
    missing = {m.pk: Handed(MaterialReceipt.State.MISSING) for m in world.low_income.materials.all()}
    case = w.new_case(world, materials=missing)
    with pytest.raises(Refused, match="最低生活保障申请书"):
        verbs.accept(case, by=world.people.clerk, now=w.MONDAY)


def test_a_verb_that_fails_in_the_middle_leaves_nothing(world, monkeypatch):
    case = w.new_case(world)
    monkeypatch.setattr("requests.lifecycle.write_event", lambda *a, **k: 1 / 0)
    history = case.history.count()
    with pytest.raises(ZeroDivisionError):
        verbs.accept(case, by=world.people.clerk, now=w.MONDAY)
    fresh = ServiceRequest.objects.get(pk=case.pk)
    assert (fresh.status, fresh.accepted_at, fresh.history.count()) == ("received", None, history)
