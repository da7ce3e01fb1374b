"""授权委托 of a village agent (domain 7.1): given for one case, suspended (中止), resumed (续办), ended; and the result brought home.

What an agent sees follows from these rows alone (`permissions.acts_for`): it begins with the mandate and ends with the case.
"""

from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _

from officials.models import User
from officials.permissions import AGENT, holders
from requests import persons
from requests.documents import Paper, issue
from requests.documents.verbs import Proof, deliver_result, issue_once
from requests.intake import AGENT_RELATION
from requests.lifecycle import Change, Refused, change, end
from requests.materials import held_originals
from requests.models import Delivery, Document, Mandate, Party, ServiceRequest
from requests.village import papers
from requests.village.letters import Given, write_mandate

Scope, Why = Mandate.Scope, Mandate.Why


def agents_of(case: ServiceRequest) -> list[User]:
    """The agents of the village of the applicant."""
    return holders(AGENT, case.village) if case.village_id else []


def mandate_of(case: ServiceRequest) -> Mandate | None:
    """The mandate that stands (perhaps suspended), or None."""
    return Mandate.objects.standing().filter(service_request=case.pk).select_related("agent").first()


def entrust(case: ServiceRequest, agent: User, given: Given, *, by: User, now: datetime) -> None:
    """A resident who came alone entrusts the case to the agent of the village, or another agent takes over."""
    with change("entrust", case, by=by, now=now) as work:
        if agent not in agents_of(work.case):
            raise Refused(_("%(name)s is not an agent of the village of this person.") % {"name": agent})
        if mandate_of(work.case) is not None:
            raise Refused(_("The case is entrusted to an agent already. End that mandate first."))
        write_mandate(work.case, agent, given, by=by, now=now)
        person = persons.person_of(work.case)
        if not person.representative:
            came = {"name": agent.name, "relation": AGENT_RELATION, "basis": Party.Authority.IN.value}
            persons.replace(work.case, replace(person, representative=came), by=by, now=now)
        work.facts["agent"] = agent.pk


def suspend_mandate(case: ServiceRequest, *, reason: str, by: User, now: datetime) -> None:
    """中止: the agent sees nothing of it until it is resumed."""
    with change("suspend_mandate", case, by=by, now=now) as work:
        mandate = _standing(work)
        if mandate.is_suspended:
            raise Refused(_("The mandate is suspended already."))
        mandate.suspended_at, mandate.suspended_by = now, by
        mandate.save()
        _say(work, mandate, reason)
        _write(work, papers.stopped(work.case, mandate, reason=reason, now=now))


def resume_mandate(case: ServiceRequest, *, by: User, now: datetime) -> None:
    """续办."""
    with change("resume_mandate", case, by=by, now=now) as work:
        mandate = _standing(work)
        if not mandate.is_suspended:
            raise Refused(_("The mandate is not suspended."))
        mandate.suspended_at = mandate.suspended_by = None
        mandate.save()
        _say(work, mandate)
        _write(work, papers.resumed(work.case, mandate, now))


def end_mandate(case: ServiceRequest, why: str, *, by: User, now: datetime) -> None:
    """终止: before the case ends. With the case it ends by itself."""
    if why not in Why.values:
        raise Refused(_("Say why the mandate ends."))
    with change("end_mandate", case, by=by, now=now) as work:
        mandate = _standing(work)
        mandate.ended_at, mandate.ended_by, mandate.ended_why = now, by, why
        mandate.save()
        _write(work, papers.ended(work.case, mandate, now))
        person = persons.person_of(work.case)
        if person.representative.get("relation") == AGENT_RELATION:
            persons.replace(work.case, replace(person, representative={}), by=by, now=now)
        _say(work, mandate)


def bring_result(case: ServiceRequest, *, how: str = "", by: User, now: datetime) -> None:
    """送达 by the agent: the result is in the person's hands, signed for; with that the agent's access ends."""
    with change("bring_result", case, by=by, now=now) as work:
        mandate = _standing(work)
        if mandate.scope != Scope.WHOLE:
            raise Refused(_("The mandate covers handing in only: the person collects the result."))
        held = held_originals(work.case)
        if held:
            raise Refused(_("First give back the originals: %(what)s.") % {"what": _(", ").join(row.name for row in held)})
        deliver_result(work, Proof(Delivery.Manner.ENTRUSTED, now, receiver=persons.person_of(work.case).name, relation="本人"))
        _write(work, papers.done(work.case, mandate, handed=f"代办员送达本人。{how}", now=now))
        end(work)
        work.words["text"] = how
        work.facts["agent"] = by.pk


def issue_mandate_done(case: ServiceRequest, *, handed: str, by: User, now: datetime) -> Document:
    """代办办结单 where the person collected the result: the agent's part is done, and both sign for it."""
    with change("issue_mandate_done", case, by=by, now=now) as work:
        mandate = Mandate.objects.standing().filter(service_request=work.case.pk).select_related("agent__office").first()
        if mandate is None:
            raise Refused(_("No village agent holds a mandate for this case."))
        return issue_once(work, papers.done(work.case, mandate, handed=handed, now=now))


def _standing(work: Change) -> Mandate:
    mandate = Mandate.objects.standing().select_for_update().filter(service_request=work.case.pk).first()
    if mandate is None:
        raise Refused(_("No village agent holds a mandate for this case."))
    return mandate


def _write(work: Change, paper: Paper) -> None:
    work.facts["document"] = str(issue(work.case, paper, by=work.by, now=work.now))


def _say(work: Change, mandate: Mandate, reason: str = "") -> None:
    work.facts["agent"] = mandate.agent_id
    work.words["text"] = reason
