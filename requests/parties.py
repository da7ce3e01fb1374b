"""Who is in a case besides the applicant, and what follows from it (domain 7.1, 16.2; channel rule CR-01).

Verbs to take people down, put them right and take them out again; what a household has to sign before the case is accepted; what
nobody can do in another's place before it is decided. People are opened and sealed in `requests.persons`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from officials.models import User
from officials.privacy.lookup import id_digest, normal_name
from officials.privacy.masking import mask_name
from requests import persons
from requests.coming_for_another import refusal_of_authority, rules_of
from requests.documents import Paper, Part, issue
from requests.intake import AUTHORITY_LINE
from requests.item_needs import asks_relatives, needs_member_authorisation
from requests.lifecycle import AlreadyHandled, Change, Refused, change
from requests.models import Document, Event, MaterialReceipt, Party, PartyKey, ServiceRequest
from requests.permissions import sees_whole, visible
from requests.persons import PartyPerson
from services.models import ChannelRule

State = MaterialReceipt.State
Role, Authority = Party.Role, Party.Authority
SCOPE = "□ 代为递交、补充材料  □ 代为签收文书  □ 代为领取办理结果  □ 其他:____________________"
TERM = "自____年____月____日起,至____年____月____日止(不填的,至本事项办结止)"
_LETTER = {Authority.IN: State.IN, Authority.MISSING: State.MISSING}


# -- the verbs --------------------------------------------------------------------------------------------------


def add_party(case: ServiceRequest, person: PartyPerson, *, by: User, now: datetime) -> None:
    """One more person in the case. Whoever acts in the applicant's place brings the line for the authorisation letter along."""
    with change("add_party", case, by=by, now=now) as work:
        work.redate = False
        party = _write(work, person)
        work.facts.update(party=party.pk, role=party.role)


def note_household(case: ServiceRequest, members: Sequence[tuple[PartyPerson, date | None]], *, by: User, now: datetime) -> None:
    """家庭成员, all at once, each with the day on which an adult signed the 核对授权. An empty list says: lives alone."""
    with change("note_household", case, by=by, now=now) as work:
        work.redate = False
        if not work.case.edition.is_household:
            raise Refused(_("This item is not applied for by the household."))
        for person, signed_on in members:
            party = _write(work, person)
            if signed_on is not None:
                _sign(party, signed_on, now)
        work.facts["members"] = len(members)


def change_party(case: ServiceRequest, party_id: int, person: PartyPerson, *, by: User, now: datetime) -> None:
    """A wrong name or number put right; old and new stay in history, sealed."""
    with change("change_party", case, by=by, now=now) as work:
        work.redate = False
        party = _party(work.case, party_id)
        if person.role != party.role:
            raise Refused(_("A person keeps the role in the case. Take the person out and add the person anew."))
        _refuse_unfit(work.case, person)
        if party.role in Party.IN_PLACE and person.authority != party.authority:
            _write_letter(work, person.authority)
        if person.is_minor:
            party.authorised_on = None
        persons.write_party(work.case, person, party)
        work.facts.update(party=party.pk, role=party.role)


def remove_party(case: ServiceRequest, party_id: int, *, reason: str, by: User, now: datetime) -> None:
    """Does not belong to the case, or came only once by mistake. The row stays with the time; the look-up ends."""
    if not reason.strip():
        raise Refused(_("A reason is needed."))
    with change("remove_party", case, by=by, now=now) as work:
        work.redate = False
        party = _party(work.case, party_id)
        persons.take_out(party, by=by, now=now)
        if party.role in Party.IN_PLACE:
            _write_letter(work, "")
            _mark_in_place(work.case, False)
        work.facts.update(party=party.pk, role=party.role)
        work.words["text"] = reason


def note_authorisation(case: ServiceRequest, party_ids: Iterable[int], *, on: date, by: User, now: datetime) -> None:
    """核对授权: these adults of the household signed on that day, with their own hand."""
    with change("note_authorisation", case, by=by, now=now) as work:
        work.redate = False
        chosen = [_party(work.case, party_id) for party_id in party_ids]
        if not chosen:
            raise Refused(_("Choose who signed."))
        for party in chosen:
            if not party.is_adult_member:
                raise Refused(_("Only adults of the household sign the authorisation."))
            _sign(party, on, now)
        work.facts.update(parties=[party.pk for party in chosen], on=on.isoformat())


def note_in_person(case: ServiceRequest, rule_id: int, *, on: date, by: User, now: datetime) -> None:
    """What the law wants in person was done in person, on that day, before the eyes of the office."""
    with change("note_in_person", case, by=by, now=now) as work:
        work.redate = False
        if on > timezone.localdate(now):
            raise Refused(_("This day is still to come."))
        if rule_id not in {rule.pk for rule in rules_of(work.case.township_id, work.case.edition).in_person}:
            raise Refused(_("This item has no such part."))
        work.facts.update(rule=rule_id, on=on.isoformat())


def note_relatives(case: ServiceRequest, has_relatives: bool, *, words: str = "", by: User, now: datetime) -> None:
    """近亲属备案: whether somebody of the household is a near relative of the staff or of the village committee, and who."""
    if has_relatives and not words.strip():
        raise Refused(_("Write down who, and whose relative."))
    with change("note_relatives", case, by=by, now=now) as work:
        work.redate = False
        if not asks_relatives(work.case.edition):
            raise Refused(_("This item does not ask for relatives."))
        work.facts["relatives"] = bool(has_relatives)
        # Under a key of its own: the timeline shows "text" to everybody who sees the case, this is for the head.
        work.words["relatives"] = words if has_relatives else ""


def print_authorisation(case: ServiceRequest, *, by: User, now: datetime) -> Document:
    """授权委托书, filled in with what is known. What is chosen, promised or signed stays blank (domain 16.1)."""
    with change("print_authorisation", case, by=by, now=now) as work:
        work.redate = False
        came = persons.person_of(work.case).representative
        if not came:
            raise Refused(_("Nobody acts for the applicant here. First add the representative."))
        document = issue(work.case, _letter(work.case, came), by=by, now=now)
        work.facts["document"] = document.number
    return document


def _letter(case: ServiceRequest, came: dict[str, str]) -> Paper:
    number = f",居民身份证号码{came['id_number']}" if came.get("id_number") else ",居民身份证号码______________________"
    relation = f",与委托人的关系:{came['relation']}" if came.get("relation") else ""
    parts = [
        Part("item", "委托事项", text=case.title),
        Part("representative", "受托人", text=f"{came['name']}{relation}{number}"),
        Part("scope", "委托权限(由委托人勾选)", text=SCOPE),
        Part("term", "委托期限", text=TERM),
    ]
    barred = [rule.text for rule in rules_of(case.township_id, case.edition).in_person]
    if barred:
        parts.append(Part("in_person", "须本人办理、不在委托之内的", text=";".join(barred)))
    return Paper(
        kind=Document.Kind.AUTHORISATION,
        parts=tuple(parts),
        signatures=("委托人(签名或按指印)", "受托人(签名或按指印)", "见证人(委托人不能签名的)", "日期"),
        copies="一式两份,一份交窗口,一份由受托人保存",
    )


def _write(work: Change, person: PartyPerson) -> Party:
    _refuse_unfit(work.case, person)
    if twin_of(work.case, person) is not None:
        raise AlreadyHandled(_("%(name)s is in this case already.") % {"name": mask_name(person.name)})
    if person.role in Party.IN_PLACE:
        if persons.person_of(work.case).representative:
            raise Refused(_("Somebody acts for the applicant already. Take that person out first, or put the entry right."))
        _write_letter(work, person.authority)
        _mark_in_place(work.case, True)
    return persons.write_party(work.case, person)


def _refuse_unfit(case: ServiceRequest, person: PartyPerson) -> None:
    if not person.name.strip():
        raise Refused(_("Enter the name."))
    if person.role in Party.IN_PLACE:
        sentence = refusal_of_authority(case.township_id, case.edition, person.authority)
        if sentence:
            raise Refused(sentence)


def _party(case: ServiceRequest, party_id: int) -> Party:
    found = Party.objects.filter(service_request=case, pk=party_id, removed_at__isnull=True).first()
    if found is None:
        raise AlreadyHandled(_("This person is not in the case any more."))
    return found


def _sign(party: Party, on: date, now: datetime) -> None:
    if on > timezone.localdate(now):
        raise Refused(_("This day is still to come."))
    party.authorised_on = on
    party.save()


def _write_letter(work: Change, authority: str) -> None:
    """The line of the checklist follows: in the file, still to be brought, or not needed."""
    state = _LETTER.get(authority, State.NOT_NEEDED)
    newest = MaterialReceipt.objects.filter(service_request=work.case, line=AUTHORITY_LINE).order_by("-id").first()
    if (newest.state if newest else State.NOT_NEEDED) != state:
        MaterialReceipt.objects.create(service_request=work.case, line=AUTHORITY_LINE, state=state, at=work.now, by=work.by)


def follow_the_letter(case: ServiceRequest, state: str) -> None:
    """The letter came in, or is not in order after all: who stands in with it is shown so from now on."""
    party = persons.standing_in(case)
    authority = {State.IN: Authority.IN, State.MISSING: Authority.MISSING, State.FAULTY: Authority.MISSING}.get(state)
    if party is not None and authority is not None and party.authority in _LETTER and party.authority != authority:
        party.authority = authority
        party.save()


def _mark_in_place(case: ServiceRequest, is_there: bool) -> None:
    applicant = case.applicant
    if applicant.has_representative != is_there:
        applicant.has_representative = is_there
        applicant.save()


def twin_of(case: ServiceRequest, person: PartyPerson) -> Party | None:
    """The same person in the same role, who is in the case already: by the number, or without one by the name."""
    live = Party.objects.filter(service_request=case, role=person.role, removed_at__isnull=True)
    if person.id_number:
        return live.filter(key__id_hmac=id_digest(person.id_number)).first()
    known = ((party, persons.opened(case, party)) for party in live)
    same = (party for party, one in known if normal_name(one.name) == normal_name(person.name) and one.relation == person.relation)
    return next(same, None)


# -- what follows from it ---------------------------------------------------------------------------------------


def means_something(name: str, case: ServiceRequest, people: Sequence[Party]) -> bool:
    """Is there anybody, or anything in the item, that this verb could be about? The page leaves out what there is not."""
    edition = case.edition if case.edition_id else None
    match name:
        case "note_household":
            return edition is not None and edition.is_household
        case "note_authorisation":
            asked = edition is not None and needs_member_authorisation(edition)
            return asked and any(party.is_adult_member and party.authorised_on is None for party in people)
        case "note_in_person":
            return bool(rules_of(case.township_id, edition).in_person) and case.applicant.has_representative
        case "note_relatives":
            return asks_relatives(edition)
        case "print_authorisation":
            return case.applicant.has_representative
        case _:
            return bool(people)


def not_yet_acceptable(case: ServiceRequest) -> list[str]:
    """The sentences of what a household has to say and sign before acceptance; [] where nothing is lacking."""
    return [sentence for _verb, sentence in lacking_for_acceptance(case)]


def is_household_told(case: ServiceRequest) -> bool:
    """Were the members written down, or was it said that the applicant lives alone?"""
    if any(party.role == Role.MEMBER for party in persons.parties_of(case)):
        return True
    return Event.objects.filter(service_request=case, verb="note_household").exists()


def lacking_for_acceptance(case: ServiceRequest) -> list[tuple[str, str]]:
    """The verb that mends it, and the sentence; [] where the item asks for nothing of it, or all is there."""
    if case.edition_id is None or case.origin == ServiceRequest.Origin.OLD_LEDGER:
        return []
    lacking = []
    if case.edition.is_household and needs_member_authorisation(case.edition):
        members = [party for party in persons.parties_of(case) if party.role == Role.MEMBER]
        if not is_household_told(case):
            lacking.append(("note_household", _("The members of the household are not taken down yet (or: lives alone).")))
        unsigned = [party for party in members if party.is_adult_member and party.authorised_on is None]
        if unsigned:
            names = _(", ").join(mask_name(persons.opened(case, party).name) for party in unsigned)
            sentence = _("The authorisation to compare incomes is not signed yet by: %(names)s.") % {"names": names}
            lacking.append(("note_authorisation", sentence))
    if asks_relatives(case.edition) and not Event.objects.filter(service_request=case, verb="note_relatives").exists():
        lacking.append(("note_relatives", _("It was not asked yet whether relatives work at the office or in the village committee.")))
    return lacking


def not_yet_decidable(case: ServiceRequest) -> list[str]:
    """What has to be done in person before somebody else's application is granted; [] when the applicant came, or it was done."""
    if case.edition_id is None or not case.applicant.has_representative:
        return []
    came = persons.person_of(case).representative
    stopped = rules_of(case.township_id, case.edition).stops(ChannelRule.Stage.FINISH, came.get("basis", "")) if came else []
    if not stopped:
        return []
    done = {event.facts.get("rule") for event in Event.objects.filter(service_request=case, verb="note_in_person")}
    return [rule.text for rule in stopped if rule.pk not in done]


# -- an open case of the same household -------------------------------------------------------------------------


@dataclass(frozen=True)
class OpenElsewhere:
    """An open case of the same item in the same household, as far as the reader may know of it."""

    office: str
    number: str = ""
    status: str = ""

    @property
    def url(self) -> str:
        return f"/desk/{self.number}/" if self.number else ""


def open_in_household(case: ServiceRequest, user: User) -> list[OpenElsewhere]:
    """Found by the digests of the applicant's and the members' numbers. Number and state only for who may see that case."""
    if case.edition_id is None or not case.edition.is_household:
        return []
    mine = Q(service_request=case, party__role=Role.MEMBER)
    digests = set(PartyKey.objects.filter(mine).values_list("id_hmac", flat=True)) | {case.key.id_hmac}
    digests.discard("")
    if not digests:
        return []
    theirs = PartyKey.objects.filter(id_hmac__in=digests, party__role=Role.MEMBER).values("service_request")
    found = (
        ServiceRequest.objects.open()
        .filter(Q(key__id_hmac__in=digests) | Q(pk__in=theirs), township_id=case.township_id, item_id=case.item_id)
        .exclude(pk=case.pk)
        .select_related("office", "edition")
        .order_by("id")
    )
    cases = list(found[:10])
    known = set(visible(user).filter(pk__in=[one.pk for one in cases]).values_list("pk", flat=True)) if cases else set()
    return [
        OpenElsewhere(one.office.name, one.number, str(one.get_status_display()))
        if one.pk in known and sees_whole(user, one)
        else OpenElsewhere(one.office.name)
        for one in cases
    ]
