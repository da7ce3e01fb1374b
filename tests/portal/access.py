"""The access matrix: every address × every kind of reader × looking and sending. An address that is missing fails the build.

Readers stand in different relations to one case: it was taken in at the reception window by `clerk` and belongs to the
office of `official`. Outcomes:

ok        let in: the page, the way on after a post, or a form that came back with its sentences (422, 409)
sign-in   the page for signing in
403       may know that it exists, but not do this
404       may not know that it exists: the answer is that of a really missing one, byte for byte
405       the address has no such method
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.support.stage import ADDRESS, ID_NUMBER, NAME, NOTE, PHONE

OK, SIGN_IN, FORBIDDEN, MISSING, NO_METHOD = "ok", "sign-in", "403", "404", "405"
ACTORS = (
    "anonymous",
    "clerk",  # took the case in
    "clerk_elsewhere",  # takes in at another office
    "first_asked",  # took a case in once, has no right any more; the item is sensitive: state and date only
    "official",  # holds the case
    "deputy",
    "agent",  # logged a case for a resident of the village, on a mandate that is live
    "official_elsewhere",
    "head",
    "supervisor",
    "supervisor_elsewhere",
    "inspector",
    "editor",
    "reviewer",
    "administrator",  # opens the administration, has no right on any case
    "disabled",  # signed in when the account was closed
)
OUTSIDE = frozenset({"anonymous", "disabled"})
STAFF = frozenset(ACTORS) - OUTSIDE
WINDOW = frozenset({"clerk", "clerk_elsewhere", "official", "deputy", "official_elsewhere", "head"})
RECEPTION = frozenset({"clerk"})
AGENT = frozenset({"agent"})
KNOWS = frozenset({"clerk", "agent", "first_asked", "official", "deputy", "head", "supervisor", "inspector"})
WHOLE = KNOWS - {"first_asked"}
IN_FULL = frozenset({"clerk", "agent", "official", "deputy", "head", "inspector"})
DESK = frozenset({"clerk", "official", "deputy", "head"})
OFFICE = frozenset({"official", "deputy", "head"})
HEAD = frozenset({"head"})
LEAD = frozenset({"head", "supervisor"})
NOBODY: frozenset[str] = frozenset()  # no office has an open task in the case of the table
DISPATCH = frozenset({"clerk", "supervisor"})
CALLERS = WINDOW | {"supervisor", "supervisor_elsewhere"}
LISTS = frozenset({"official", "deputy", "official_elsewhere", "head", "supervisor", "supervisor_elsewhere", "inspector"})
CALENDAR = frozenset({"supervisor"})
INSPECTOR = frozenset({"inspector"})
EDITOR, REVIEWER = frozenset({"editor"}), frozenset({"reviewer"})
ROOM = EDITOR | REVIEWER
ADMINISTRATOR = frozenset({"administrator"})

OF_CIVIL = OFFICE | {"supervisor", "inspector"}
Cells = Mapping[str, str]
PERSON = frozenset({NAME, ID_NUMBER, PHONE, ADDRESS})


def public() -> Cells:
    return dict.fromkeys(ACTORS, OK)


def only(let_in: frozenset[str], others: str = FORBIDDEN) -> Cells:
    """Signed-in people of this group; other members of staff get `others`."""
    return {actor: SIGN_IN if actor in OUTSIDE else OK if actor in let_in else others for actor in ACTORS}


def of_case(let_in: frozenset[str]) -> Cells:
    """Who knows of the case but is not let in gets a 403, who does not know of it a 404."""
    return only(let_in, MISSING) | dict.fromkeys(KNOWS - let_in, FORBIDDEN)


@dataclass(frozen=True)
class Address:
    """One row: the pattern as the resolver prints it, an example of it, who gets what.

    `post` is what is sent; `shows` are the personal words this address may show to those it lets in, after a look or, with
    `shows_on_post`, after sending.
    """

    pattern: str
    example: str
    get: Cells | None
    post: Cells | None = None
    data: Mapping[str, str] = field(default_factory=dict)
    shows: frozenset[str] = frozenset()
    shows_on_post: frozenset[str] = frozenset()

    def cells(self, method: str) -> Cells:
        """The outcome for every reader. Whoever is not signed in meets the door before the view."""
        stated = self.get if method == "GET" else self.post
        if stated is not None:
            return stated
        other = self.post if method == "GET" else self.get
        is_public = other is not None and other["anonymous"] != SIGN_IN
        return dict.fromkeys(ACTORS, NO_METHOD) if is_public else only(frozenset(), NO_METHOD)


CODE = r"(?P<code>[A-Za-z0-9][A-Za-z0-9_.-]{0,39})"
CASE = r"^desk/(?P<number>[0-9]{6,12}-[0-9]{4}-[0-9]{6,9})/"
PAPER = r"^desk/(?P<number>[0-9]{6,12}-[0-9]{4}-[A-Z]{0,4}[0-9]{1,9})/"
SLIP = r"^desk/slips/(?P<number>[0-9]{6,12}-[0-9]{4}-Z[0-9]{1,9})/"
ROW = r"(?P<pk>[0-9]{1,15})"
NOTES = frozenset({NOTE})

FRONT = (
    Address("", "/", public()),
    Address("search/", "/search/?q=db", public()),
    Address("notices/", "/notices/", public()),
    Address("healthz", "/healthz", public()),
    Address("favicon.ico", "/favicon.ico", public()),
    Address("preferences/", "/preferences/?lang=en&next=/", public()),
    Address("services/", "/services/", public()),
    Address("services/<str:code>/", "/services/{item}/", public()),
    Address(
        rf"^services/{CODE}/forms/(?P<key>[0-9a-f]{{16}})\.pdf$", "/services/{item}/forms/0123456789abcdef.pdf",
        dict.fromkeys(ACTORS, MISSING),
    ),
    Address("officials/", "/officials/", public()),
    Address("officials/<slug:code>/", "/officials/{official}/", public()),
    Address("offices/<str:code>/", "/offices/{office}/", public()),
    Address("^track/$", "/track/", public(), public(), {"number": "{number}", "secret": "1111 2222 3333 4444"}),
    Address("^ask/$", "/ask/", public(), public()),
    Address("^demand/$", "/demand/", public(), public()),
    Address("^unsolved/$", "/unsolved/", public(), public()),
    Address("^apply/(?P<code>[^/]{1,40})/$", "/apply/{item}/", public(), public()),
    Address("verify/", "/verify/", public()),
)
ACCOUNTS = (
    Address("accounts/login/", "/accounts/login/", public(), public()),
    Address("accounts/logout/", "/accounts/logout/", dict.fromkeys(ACTORS, NO_METHOD), dict.fromkeys(ACTORS, SIGN_IN)),
    Address("accounts/password/", "/accounts/password/", only(STAFF), only(STAFF)),
    Address("accounts/pin/", "/accounts/pin/", only(STAFF), only(STAFF)),
    Address("accounts/switch/", "/accounts/switch/", only(STAFF), only(STAFF)),
    # Only who is half signed in sees these two; everybody else is sent to the door or to the own first room.
    Address("accounts/code/", "/accounts/code/", only(STAFF), only(STAFF)),
    Address("accounts/code/setup/", "/accounts/code/setup/", only(STAFF), only(STAFF)),
)
NOT_WHOLE = {"first_asked": FORBIDDEN}
# The paper of the table is one of the case of the window.
PAPER_OF_CASE = of_case(IN_FULL) | {"agent": MISSING}
CASES = (
    Address(CASE + "$", "/desk/{number}/", of_case(KNOWS), shows=NOTES),
    Address(CASE + "reveal/$", "/desk/{number}/reveal/", of_case(IN_FULL), of_case(IN_FULL), {"reason": "call"}, shows_on_post=PERSON),
    Address(CASE + "copy-out/$", "/desk/{number}/copy-out/", of_case(WHOLE), of_case(IN_FULL), {"reason": "upper"}, shows_on_post=PERSON),
    Address(CASE + "text/$", "/desk/{number}/text/", of_case(WHOLE)),
    Address(CASE + "forms/$", "/desk/{number}/forms/", of_case(IN_FULL)),
    Address(
        CASE + r"forms/(?P<which>general|[1-9][0-9]?)\.pdf$", "/desk/{number}/forms/general.pdf", of_case(IN_FULL), of_case(IN_FULL)
    ),
    # The case of the table has no picture.
    Address(CASE + "photos/(?P<name>[0-9a-f]{32})/$", "/desk/{number}/photos/" + "0" * 32 + "/", only(NOBODY, MISSING) | NOT_WHOLE),
    Address(CASE + "new-code/$", "/desk/{number}/new-code/", of_case(KNOWS)),
    Address(PAPER + "receipt/$", "/desk/{number}/receipt/", of_case(IN_FULL)),
    Address(PAPER + r"receipt\.pdf$", "/desk/{number}/receipt.pdf", of_case(IN_FULL), of_case(IN_FULL)),
    Address(CASE + rf"documents/{ROW}\.pdf$", "/desk/{number}/documents/{paper}.pdf", PAPER_OF_CASE, PAPER_OF_CASE),
    Address(PAPER + "correct/$", "/desk/{number}/correct/", of_case(DESK), of_case(DESK)),
    Address(PAPER + "change-item/$", "/desk/{number}/change-item/", of_case(DESK), of_case(DESK)),
)
# Word of the address → to whom the verb belongs. The pattern of the resolver lists the words, so a new one is missed here.
ACTS = {
    "accept": DESK, "take-owed": DESK,
    "ask-materials": DESK, "take-materials": DESK, "refuse-intake": OFFICE, "not-ours": DESK, "start": OFFICE,
    "decide": OFFICE, "close": DESK, "withdraw": DESK, "void": HEAD, "assign": LEAD, "urge": LEAD,
    "hand-over": OFFICE, "give-back": OFFICE,
    "add-note": DESK | {"supervisor"},
    "return-original": DESK, "note-upper-number": DESK, "renew-secret": DESK, "answer": DESK, "promise-call": DESK, "anonymise": HEAD,
    "note-village-notice": DESK, "waive-public-notice": OFFICE,
    "begin-public-notice": OFFICE, "note-posted": OFFICE, "log-objection": DESK, "settle-objection": OFFICE, "end-public-notice": OFFICE,
    "issue-decision": OFFICE, "issue-closing": DESK, "issue-on-the-spot": DESK, "issue-delivery": DESK, "note-delivery": DESK,
    "void-document": HEAD, "use-seal": DESK,
    "correct-notice": DESK, "acknowledge-notice": DESK, "ask-again": OFFICE, "approve-second-notice": HEAD, "refuse-second-notice": HEAD,
    "reply-to-fault": DESK, "review-fault": HEAD, "verify-promise": OFFICE,
    "begin-task": OFFICE, "finish-task": NOBODY, "skip-task": OFFICE, "give-task": NOBODY,
    "plan-visit": OFFICE, "record-visit": OFFICE,
    "note-step": OFFICE, "note-particulars": DESK,
    "forward": OFFICE, "note-county-receipt": OFFICE, "note-county-result": OFFICE, "county-returns": OFFICE,
    "urge-county": OFFICE, "note-urge-answer": OFFICE, "hand-to-window": DESK, "take-over": OFFICE,
    "add-party": DESK, "note-household": DESK, "change-party": DESK, "remove-party": DESK, "note-authorisation": DESK,
    "send-original": DESK, "original-back": DESK,
    "note-in-person": DESK, "note-relatives": DESK, "print-authorisation": DESK,
    "terminate": HEAD, "begin-procedure": OFFICE, "end-procedure": OFFICE, "ask-extension": OFFICE, "extend": HEAD,
    "refuse-extension": HEAD, "remove-extension": HEAD, "make-promised": DESK, "confirm-start": DESK,
}  # fmt: skip
ACTS |= {
    "arrive": DESK, "entrust": DESK, "suspend-mandate": DESK, "resume-mandate": DESK, "end-mandate": DESK, "bring-result": AGENT,
    "issue-mandate-done": DESK,
}  # fmt: skip
ACTS |= {
    "assemble-volume": DESK, "list-volume": DESK, "close-volume": DESK, "check-volume": HEAD, "supplement-volume": DESK,
    "box-volume": DESK, "lend-volume": DESK, "return-volume": DESK, "recall-volume": HEAD,
}  # fmt: skip
OF_QUESTIONS = ("answer", "promise-call")
OF_DEMANDS = {
    "show-the-way": DISPATCH, "solve-on-the-spot": DISPATCH,
    "dispatch": DISPATCH, "designate": frozenset({"supervisor"}), "sign-for": OFFICE, "return-demand": OFFICE,
    "first-contact": OFFICE, "co-answer": frozenset(), "extend-demand": HEAD, "keep-following": OFFICE, "answer-demand": OFFICE,
    "close-demand": DESK, "rework": DISPATCH, "call-back": DISPATCH, "issue-answer": DESK,
    "to-mediation": DESK,
}  # fmt: skip
OF_MEDIATION = (
    "note-consent", "name-mediator", "tell-police", "refuse-mediation", "reach-agreement", "fail-mediation", "note-performance",
    "issue-agreement", "issue-mediation-end",
)  # fmt: skip
ACTS |= OF_DEMANDS | dict.fromkeys(OF_MEDIATION, OFFICE)
# 办不成事 lies with the head of the centre and is none of the cases that stand here: of these the address is a missing one.
OF_UNSOLVED = ("tie-case",)
ACTS |= dict.fromkeys(OF_UNSOLVED, NOBODY)
ACT_PATTERN = CASE + f"(?P<word>{'|'.join(sorted(ACTS))})/$"


def of_other_case(word: str, who: frozenset[str]) -> Address:
    """Of the question and the demand `first_asked` knows nothing: they were taken in when that person had left."""
    case = "question" if word in OF_QUESTIONS else "mediation" if word in OF_MEDIATION else "demand"
    example = f"/desk/{{{case}}}/{word}/"
    cells = dict(of_case(who)) | {"first_asked": MISSING, "agent": MISSING}
    # Who passes a dispute on reads what goes along.
    return Address(ACT_PATTERN, example, cells, cells, shows=NOTES if word == "to-mediation" else frozenset())


CASE_ACTS = tuple(
    Address(ACT_PATTERN, f"/desk/{{demand}}/{word}/", only(NOBODY, MISSING), only(NOBODY, MISSING))
    if word in OF_UNSOLVED
    else of_other_case(word, who)
    if word in (*OF_QUESTIONS, *OF_DEMANDS, *OF_MEDIATION)
    else Address(ACT_PATTERN, f"/desk/{{number}}/{word}/", of_case(who), of_case(who))
    for word, who in ACTS.items()
)
DESK_PAGES = (
    Address("desk/", "/desk/", only(STAFF)),
    Address(r"^desk/accounts/(?P<pk>[0-9]{1,15})/close/$", "/desk/accounts/{user}/close/", only(ADMINISTRATOR), only(ADMINISTRATOR)),
    Address("desk/drawer/", "/desk/drawer/", only(LISTS | WINDOW)),
    Address("desk/collection/", "/desk/collection/", only(LISTS | WINDOW)),
    Address("desk/mine/", "/desk/mine/?who=all&status=all", only(STAFF), only(STAFF), {"q": "nobody's number"}),
    Address("desk/whereabouts/", "/desk/whereabouts/", only(STAFF), only(STAFF)),
    Address("desk/whereabouts/take-back/", "/desk/whereabouts/take-back/", None, only(STAFF)),
    Address("desk/whereabouts/hand-over/", "/desk/whereabouts/hand-over/", None, only(STAFF)),
    Address("desk/whereabouts/third/", "/desk/whereabouts/third/", only(HEAD), only(HEAD)),
    Address("desk/whereabouts/third/end/", "/desk/whereabouts/third/end/", None, only(HEAD)),
    Address("desk/at-county/", "/desk/at-county/", only(STAFF)),
    Address("desk/without-upper-number/", "/desk/without-upper-number/", only(STAFF)),
    Address("desk/seals/", "/desk/seals/", only(LISTS)),
    Address("desk/hold/", "/desk/hold/", None, only(STAFF)),
    Address("desk/held/", "/desk/held/", only(STAFF)),
    Address("desk/held/drop/", "/desk/held/drop/", None, only(STAFF)),
)
DEMANDS = (
    Address("desk/demand/", "/desk/demand/", only(WINDOW), only(WINDOW)),
    Address("desk/demands/", "/desk/demands/", only(WINDOW | LISTS)),
    Address("desk/orders/", "/desk/orders/", only(WINDOW | LISTS)),
    Address("desk/orders/new/", "/desk/orders/new/", only(CALENDAR), only(CALENDAR)),
    Address("desk/mediation/", "/desk/mediation/", only(WINDOW | AGENT), only(WINDOW | AGENT)),
    Address("desk/demand-limits/", "/desk/demand-limits/", only(CALENDAR), only(CALENDAR)),
    Address(CASE + "unsolved/$", "/desk/{number}/unsolved/", of_case(DESK), of_case(DESK)),
)
COUNTER = (
    Address("^desk/new/$", "/desk/new/?q=db", only(WINDOW | AGENT)),
    Address("^desk/new/(?P<code>[^/]{1,40})/$", "/desk/new/{item}/", only(WINDOW | AGENT), only(WINDOW | AGENT)),
    Address(rf"^desk/visit/{ROW}/$", "/desk/visit/{visit}/", only(RECEPTION, MISSING)),
    Address(rf"^desk/visit/{ROW}/sheet\.pdf$", "/desk/visit/{visit}/sheet.pdf", only(RECEPTION, MISSING)),
    Address("desk/turned-away/", "/desk/turned-away/", only(WINDOW | LISTS), only(WINDOW)),
    Address("desk/supplement/", "/desk/supplement/", only(LISTS)),
    Address("desk/consult/", "/desk/consult/", only(WINDOW), only(WINDOW), shows=NOTES),
    Address("desk/calls/", "/desk/calls/", only(CALLERS), shows=NOTES),
    Address(rf"^desk/calls/{ROW}/called/$", "/desk/calls/1/called/", None, only(CALLERS)),
    Address("desk/phone/", "/desk/phone/", only(WINDOW), only(WINDOW)),
    # Whoever did not ask is sent back to the question.
    Address(rf"^desk/phone/{ROW}/$", "/desk/phone/{asked}/", only(WINDOW)),
    Address("desk/slips/", "/desk/slips/", only(WINDOW), only(WINDOW)),
    Address(SLIP + r"batch\.pdf$", "/desk/slips/{slip}/batch.pdf", only(RECEPTION, MISSING)),
    Address(SLIP + "spoil/$", "/desk/slips/{slip}/spoil/", only(RECEPTION, MISSING), only(RECEPTION, MISSING)),
    Address("desk/day-end/", "/desk/day-end/", only(WINDOW), only(WINDOW)),
    Address("desk/day-end/list/", "/desk/day-end/list/?which=logged", only(WINDOW)),
    Address(rf"^desk/day-end/{ROW}/$", "/desk/day-end/{day_end}/", only(RECEPTION, MISSING)),
    Address(rf"^desk/day-end/{ROW}/sheet\.pdf$", "/desk/day-end/{day_end}/sheet.pdf", only(RECEPTION, MISSING)),
    Address("desk/old-ledger/", "/desk/old-ledger/", only(HEAD), only(HEAD)),
    Address("desk/old-ledger/template.xlsx", "/desk/old-ledger/template.xlsx", only(HEAD)),
    Address("desk/old-ledger/check/", "/desk/old-ledger/check/", only(HEAD)),
    Address("desk/old-ledger/import/", "/desk/old-ledger/import/", None, only(HEAD)),
    Address("desk/old-ledger/put-aside/", "/desk/old-ledger/put-aside/", None, only(HEAD)),
)
SUPERVISION = (
    Address("overdue/", "/overdue/", only(LISTS)),
    Address("ledger/", "/ledger/", only(LISTS)),
    Address("desk/calendar/", "/desk/calendar/", only(CALENDAR)),
    Address("desk/calendar/day/", "/desk/calendar/day/", only(CALENDAR), only(CALENDAR)),
    Address("desk/calendar/year/", "/desk/calendar/year/", only(CALENDAR), only(CALENDAR)),
    Address("audit/", "/audit/?q=000001", only(INSPECTOR)),
    Address("audit/case/<str:number>/", "/audit/case/{number}/", only(INSPECTOR), shows=NOTES),
    Address("audit/person/<str:staff_no>/", "/audit/person/{staff_no}/", only(INSPECTOR)),
    Address("audit/item/<str:code>/", "/audit/item/{item}/", only(INSPECTOR)),
)
ITEM = rf"^editing/{CODE}/"
NO_FORM = only(NOBODY) | dict.fromkeys(ROOM, MISSING)
EDITING = (
    Address("editing/", "/editing/", only(ROOM)),
    Address("editing/batch/", "/editing/batch/", only(ROOM), only(ROOM)),
    Address("editing/channel-rules/", "/editing/channel-rules/", only(EDITOR), only(EDITOR)),
    Address("editing/new/", "/editing/new/", only(EDITOR), only(EDITOR)),
    Address("editing/import/", "/editing/import/", only(EDITOR), only(EDITOR)),
    Address("editing/import/apply/", "/editing/import/apply/", None, only(EDITOR)),
    Address("editing/export.xlsx", "/editing/export.xlsx", only(ROOM)),
    Address("editing/blank.xlsx", "/editing/blank.xlsx", only(ROOM)),
    Address(ITEM + "$", "/editing/{item}/", only(ROOM)),
    Address(ITEM + "start/$", "/editing/{item}/start/", None, only(EDITOR)),
    Address(ITEM + "draft/$", "/editing/{item}/draft/", only(EDITOR), only(EDITOR)),
    Address(ITEM + "preview/$", "/editing/{item}/preview/", only(ROOM)),
    Address(ITEM + "compare/$", "/editing/{item}/compare/", only(ROOM)),
    Address(ITEM + "submit/$", "/editing/{item}/submit/", None, only(EDITOR)),
    Address(ITEM + "return/$", "/editing/{waiting_item}/return/", None, only(REVIEWER)),
    Address(ITEM + "publish/$", "/editing/{waiting_item}/publish/", None, only(REVIEWER)),
    Address(ITEM + "discard/$", "/editing/{item}/discard/", None, only(EDITOR)),
    Address(ITEM + "retire/$", "/editing/{item}/retire/", None, only(REVIEWER)),
    Address(ITEM + "forms/$", "/editing/{item}/forms/", only(ROOM), only(EDITOR)),
    # No text of the table has a form: whoever comes into the room finds none.
    *(
        Address(ITEM + f"forms/{ROW}/{pattern}", f"/editing/{{item}}/forms/1/{example}", get, post)
        for pattern, example, get, post in (
            ("$", "", NO_FORM, NO_FORM),
            (r"(?P<page>[1-9][0-9]?)\.png$", "1.png", NO_FORM, None),
            (r"preview\.pdf$", "preview.pdf", NO_FORM, None),
            ("file/$", "file/", None, NO_FORM),
            ("remove/$", "remove/", None, NO_FORM),
        )
    ),
)
SHEET = r"(?P<number>[0-9]{6,12}-[0-9]{4}-GS[0-9]{1,9})/"
# Who may read the sheet of the office without working there may not post it.
ON_SHEET = only(OFFICE, MISSING) | dict.fromkeys(OF_CIVIL - OFFICE, FORBIDDEN)
NOTICES = (
    Address("public-notices/", "/public-notices/", public()),
    Address(rf"^public-notices/{SHEET}$", "/public-notices/{notice}/", public()),
    Address("desk/public-notices/", "/desk/public-notices/", only(LISTS)),
    Address(rf"^desk/public-notices/{SHEET}sheet\.pdf$", "/desk/public-notices/{notice}/sheet.pdf", only(OF_CIVIL, MISSING)),
    Address(rf"^desk/public-notices/{SHEET}posted/$", "/desk/public-notices/{notice}/posted/", None, ON_SHEET),
    Address(rf"^desk/public-notices/{SHEET}down/$", "/desk/public-notices/{notice}/down/", None, ON_SHEET),
)
KEEPERS = frozenset({"head", "supervisor", "supervisor_elsewhere"})  # arrange hours and days of their offices
# The booking is one of the civil office; the reception window keeps the bookings of all.
OF_BOOKING = only(frozenset({"clerk", "official", "deputy", "head", "supervisor"}), MISSING)
APPOINTMENTS = (
    Address("appointments/", "/appointments/", public()),
    Address("appointments/cancel/", "/appointments/cancel/", public(), public()),
    Address("^appointments/(?P<code>[^/]{1,20})/$", "/appointments/{office}/", public(), public()),
    Address("desk/appointments/", "/desk/appointments/", only(CALLERS)),
    Address("desk/appointments/new/", "/desk/appointments/new/", only(CALLERS), only(CALLERS)),
    Address("desk/appointments/rules/", "/desk/appointments/rules/", only(KEEPERS), only(KEEPERS)),
    Address(rf"^desk/appointments/rules/{ROW}/end/$", "/desk/appointments/rules/{rule}/end/", None, only(LEAD, MISSING)),
    Address(
        rf"^desk/appointments/{ROW}/$", "/desk/appointments/{booking}/", OF_BOOKING, OF_BOOKING, shows_on_post=frozenset({NAME, PHONE})
    ),
    Address(rf"^desk/appointments/{ROW}/(?P<word>came|not-come|cancel)/$", "/desk/appointments/{booking}/came/", None, OF_BOOKING),
)
ROLL_ACTS = {
    "terms": OFFICE, "review": OFFICE, "clear-check": OFFICE, "confirm-stop": HEAD, "refuse-stop": HEAD, "resume": OFFICE, "forget": HEAD,
}  # fmt: skip
ROLL_WORD = rf"^desk/roll/{ROW}/(?P<word>{'|'.join(ROLL_ACTS)})/$"
HANDLERS = frozenset({"official", "deputy", "official_elsewhere", "head"})


def of_row(let_in: frozenset[str]) -> Cells:
    """Who sees the row but may not do this gets a 403; for everybody else it is not there."""
    return only(let_in, MISSING) | dict.fromkeys(OF_CIVIL - let_in, FORBIDDEN)


ROLL = (
    Address("desk/roll/", "/desk/roll/?which=running", only(LISTS)),
    Address("desk/roll/death/", "/desk/roll/death/", only(HANDLERS), only(HANDLERS)),
    Address(rf"^desk/roll/{ROW}/$", "/desk/roll/{row}/", of_row(OF_CIVIL)),
    Address(
        rf"^desk/roll/{ROW}/reveal/$", "/desk/roll/{row}/reveal/", of_row(OFFICE | INSPECTOR), of_row(OFFICE | INSPECTOR),
        {"reason": "call"}, shows_on_post=PERSON,
    ),
    *(Address(ROLL_WORD, f"/desk/roll/{{row}}/{word}/", of_row(who), of_row(who)) for word, who in ROLL_ACTS.items()),
)  # fmt: skip
STEPS = {"notice": OFFICE, "freeze": OFFICE, "unlock": HEAD, "transfer": OFFICE, "result": OFFICE, "forget": HEAD}
BATCH = r"^desk/seasons/(?P<pk>[0-9]{1,15})/"
OF_VILLAGE = BATCH + r"(?P<code>[A-Z0-9][A-Z0-9_-]{0,19})/"
SEASONS = (
    Address("desk/seasons/", "/desk/seasons/", only(LISTS)),
    Address("desk/seasons/new/", "/desk/seasons/new/", only(HANDLERS), only(HANDLERS)),
    Address(BATCH + "$", "/desk/seasons/{batch}/", of_row(OF_CIVIL)),
    *(
        Address(BATCH + rf"(?P<word>{'|'.join(STEPS)})/$", f"/desk/seasons/{{batch}}/{word}/", of_row(who), of_row(who))
        for word, who in STEPS.items()
    ),
    Address(OF_VILLAGE + "$", "/desk/seasons/{batch}/V01/", of_row(OF_CIVIL), of_row(OFFICE)),
    Address(OF_VILLAGE + r"list\.xlsx$", "/desk/seasons/{batch}/V01/list.xlsx", None, of_row(OFFICE)),
    Address(OF_VILLAGE + "check/$", "/desk/seasons/{batch}/V01/check/", of_row(OFFICE)),
    Address(OF_VILLAGE + "import/$", "/desk/seasons/{batch}/V01/import/", None, of_row(OFFICE)),
)
BUNDLE = r"^desk/bundles/(?P<number>[0-9]{6,12}-[0-9]{4}-CP[0-9]{1,9})/"
BUNDLED = RECEPTION | AGENT
VILLAGE = (
    Address("desk/village/", "/desk/village/", only(AGENT)),
    Address("desk/bundles/", "/desk/bundles/", only(WINDOW | AGENT)),
    Address("^desk/bundles/new/(?P<code>[^/]{1,40})/$", "/desk/bundles/new/V01/", only(BUNDLED, MISSING), only(BUNDLED, MISSING)),
    # Who brings a bundle does not count it over.
    Address(BUNDLE + "$", "/desk/bundles/{bundle}/", only(BUNDLED, MISSING), only(RECEPTION, MISSING) | {"agent": FORBIDDEN}),
    Address(BUNDLE + "send/$", "/desk/bundles/{bundle}/send/", None, only(BUNDLED, MISSING)),
    Address(BUNDLE + "take-out/$", "/desk/bundles/{bundle}/take-out/", only(BUNDLED, MISSING), only(BUNDLED, MISSING)),
    Address(BUNDLE + r"list\.pdf$", "/desk/bundles/{bundle}/list.pdf", only(BUNDLED, MISSING)),
)
# The wish lies at the reception window; the head of the civil office has no part in it.
OF_WISH = only(frozenset({"clerk", "supervisor"}), MISSING)
AT_HOME = r"^desk/home-visits/(?P<pk>[0-9]{1,15})/"
HOME_VISITS = (
    Address("home-visit/", "/home-visit/", public(), public()),
    Address("desk/home-visits/", "/desk/home-visits/", only(CALLERS)),
    Address("desk/home-visits/new/", "/desk/home-visits/new/", only(WINDOW), only(WINDOW)),
    Address(AT_HOME + "$", "/desk/home-visits/{wish}/", OF_WISH, OF_WISH),
    Address(AT_HOME + r"sheet\.pdf$", "/desk/home-visits/{wish}/sheet.pdf", None, OF_WISH),
    Address(AT_HOME + "full/$", "/desk/home-visits/{wish}/full/", None, OF_WISH, shows_on_post=PERSON | NOTES),
    Address(AT_HOME + "(?P<word>told|done|not-met|not-needed)/$", "/desk/home-visits/{wish}/told/", None, OF_WISH),
)
BOX = r"^desk/archive/boxes/(?P<number>[0-9]{6,12}-[0-9]{4}-DH[0-9]{1,9})/"
# The volume of the table is one of a case that `first_asked` did not take in, its box one of the civil office.
OF_VOLUME = only(WHOLE - AGENT, MISSING)
OF_BOX = only(OF_CIVIL, MISSING)
ARCHIVE = (
    Address("desk/archive/", "/desk/archive/", only(WINDOW | LISTS)),
    Address("desk/archive/boxes/", "/desk/archive/boxes/", only(WINDOW | LISTS), only(WINDOW)),
    Address(BOX + "$", "/desk/archive/boxes/{box}/", OF_BOX, only(OFFICE, MISSING) | dict.fromkeys(OF_CIVIL - OFFICE, FORBIDDEN)),
    Address(BOX + r"label\.pdf$", "/desk/archive/boxes/{box}/label.pdf", OF_BOX),
    Address("desk/archive/loans/", "/desk/archive/loans/", only(WINDOW | LISTS), only(KEEPERS)),
    Address("desk/archive/rules/", "/desk/archive/rules/", only(CALENDAR), only(CALENDAR)),
    Address(r"^desk/(?P<number>[0-9]{6,12}-[0-9]{4}-[0-9]{6,9})/volume/$", "/desk/{filed}/volume/", OF_VOLUME),
    Address(r"^desk/(?P<number>[0-9]{6,12}-[0-9]{4}-[0-9]{6,9})/volume\.pdf$", "/desk/{filed}/volume.pdf", OF_VOLUME),
)
MASTER_DATA = ("issuingbody", "user", "official", "post", "office", "window", "township")
# Its figures are no secret to whoever works with cases in the township; the centre's supervisor planned it.
OF_DAY = only(WINDOW | LISTS, MISSING)
# Written down by who takes in and is sent: the clerk is; the others of the township see the day and are refused.
TAKES_IN = only(frozenset({"clerk"}), MISSING) | dict.fromkeys((WINDOW | LISTS) - {"clerk"}, FORBIDDEN)
PLANNED = only(CALENDAR, MISSING) | dict.fromkeys((WINDOW | LISTS) - CALENDAR, FORBIDDEN)
DAY = rf"^desk/outings/{ROW}/"
OUTINGS = (
    Address("outings/", "/outings/", public()),
    Address("desk/outings/", "/desk/outings/", only(WINDOW | LISTS)),
    Address("desk/outings/new/", "/desk/outings/new/", only(KEEPERS), only(KEEPERS)),
    Address("desk/outings/rules/", "/desk/outings/rules/", only(KEEPERS), only(KEEPERS)),
    Address(rf"^desk/outings/rules/{ROW}/end/$", "/desk/outings/rules/{village_rule}/end/", None, only(CALENDAR, MISSING)),
    Address("desk/village-links/", "/desk/village-links/", only(KEEPERS), only(KEEPERS)),
    Address(rf"^desk/village-links/{ROW}/end/$", "/desk/village-links/{link}/end/", None, only(KEEPERS)),
    Address(DAY + "$", "/desk/outings/{outing}/", OF_DAY),
    Address(DAY + "edit/$", "/desk/outings/{outing}/edit/", PLANNED, PLANNED),
    Address(DAY + "cancel/$", "/desk/outings/{outing}/cancel/", None, PLANNED),
    Address(DAY + "people/$", "/desk/outings/{outing}/people/", OF_DAY, PLANNED),
    Address(DAY + "people/recall/$", "/desk/outings/{outing}/people/recall/", None, PLANNED),
    Address(DAY + "visit/$", "/desk/outings/{outing}/visit/", None, OF_DAY),
    Address(DAY + "demand/$", "/desk/outings/{outing}/demand/", TAKES_IN, TAKES_IN),
    Address(DAY + "list/$", "/desk/outings/{outing}/list/?which=open", OF_DAY),
)
MASTER_DATA = ("user", "official", "post", "office", "window", "township", "issuingbody")
# Tables of packages, registered by them: nobody here holds Django's rights on them, the administrator neither.
OF_PACKAGES = ("auth/group", "otp_totp/totpdevice", "axes/accessattempt", "axes/accesslog", "axes/accessfailurelog")
ADMINISTRATION = (
    Address("admin/", "/admin/", only(ADMINISTRATOR), only(ADMINISTRATOR)),
    Address("admin/login/", "/admin/login/", only(ADMINISTRATOR), only(ADMINISTRATOR)),
    Address("admin/logout/", "/admin/logout/", dict.fromkeys(ACTORS, NO_METHOD), dict.fromkeys(ACTORS, SIGN_IN)),
    Address("admin/password_change/", "/admin/password_change/", only(STAFF), only(STAFF)),
    Address("admin/officials/user/<int:pk>/rights/", "/admin/officials/user/{user}/rights/", only(ADMINISTRATOR), only(ADMINISTRATOR)),
    *(Address(f"admin/officials/{name}/", f"/admin/officials/{name}/", only(ADMINISTRATOR), only(ADMINISTRATOR)) for name in MASTER_DATA),
    Address("admin/requests/demandcategory/", "/admin/requests/demandcategory/", only(ADMINISTRATOR), only(ADMINISTRATOR)),
    *(Address(f"admin/{name}/", f"/admin/{name}/", only(frozenset()), only(frozenset())) for name in OF_PACKAGES),
)

# One line a room.
ROOMS: dict[str, tuple[Address, ...]] = {
    "front": (*FRONT, *ACCOUNTS),
    "cases": CASES,
    "verbs": CASE_ACTS,
    "desk": DESK_PAGES,
    "demands": DEMANDS,
    "counter": COUNTER,
    "supervision": SUPERVISION,
    "villages": VILLAGE,
    "notices": NOTICES,
    "appointments": APPOINTMENTS,
    "outings": OUTINGS,
    "home visits": HOME_VISITS,
    "roll": ROLL,
    "seasons": SEASONS,
    "archive": ARCHIVE,
    "editing": EDITING,
    "administration": ADMINISTRATION,
}
TABLE: tuple[Address, ...] = tuple(address for room in ROOMS.values() for address in room)
