"""Random walks over HTTP: many people do whatever their pages offer, in any order, and nothing that must hold is broken.

A sequence is one example of Hypothesis, taken back afterwards. `YIBENTONG_WALKS` says how many (25 in the suite, more in the
long proof); the steps of a sequence are 50. `YIBENTONG_WALKS_TALLY` names a folder where each part writes how often every verb
succeeded.
"""

import html
import json
import os
import random
import re
from collections import Counter
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import time_machine
from django.db import transaction
from django.db.models import Count
from django.test import Client
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from officials import calendar, versions
from officials.models import User
from portal import jobs
from requests import case_file, permissions
from requests.forms.acts import ACTS
from requests.lifecycle import TRANSITIONS
from requests.models import Event, ServiceRequest
from tests.machine import filling, invariants, township
from tests.support import world as w
from tests.support.intake_pages import ZHANG, send

pytestmark = pytest.mark.django_db
WALKS = int(os.environ.get("YIBENTONG_WALKS", "25"))
STEPS = 50
TALLY = os.environ.get("YIBENTONG_WALKS_TALLY", "")
PARTS = 5  # so that several workers can share them
STAFF = (
    "clerk", "clerk2", "official", "deputy", "head", "supervisor", "inspector", "editor", "outsider", "agent", "lead", "lead_head", "farm",
    "land",
)  # fmt: skip
# Pages of verbs that have a page of their own, and what is asked of them.
OWN_PAGES = {"correct": "", "change-item": "?to=MZ-001"}
ENDINGS = {name.replace("_", "-") for name in case_file.DANGER} | {"not-ours", "make-promised"}
ONWARDS = {name.replace("_", "-") for names in case_file.NEXT.values() for name in names} | {"begin-task", "finish-task", "end-procedure"}
BACKEND = "portal.staff_session.StaffBackend"
FINE = {200, 302, 403, 404, 409, 422}
SECRETS = st.integers(min_value=0, max_value=2**32)


class Township(RuleBasedStateMachine):
    """One township, its people, a clock, and what they do to its cases."""

    world: SimpleNamespace
    tally: Counter[str]  # "kind verb" → how often it was done
    sequences: int

    def __init__(self) -> None:
        super().__init__()
        self.point = transaction.savepoint()
        self.now = w.at("2026-11-02 09:00")
        self.clock = time_machine.travel(self.now, tick=False)
        self.travelling = self.clock.start()
        self.clients: dict[str, Client] = {}
        self.touched: set[int] = set()
        self.steps = 0
        self.asked: Counter[str] = Counter()  # how often each act was tried

    def teardown(self) -> None:
        faults = invariants.of_all()
        for row in Event.objects.order_by().values("service_request__kind", "verb").annotate(n=Count("pk")):
            self.tally[f"{row['service_request__kind']} {row['verb']}"] += row["n"]
        type(self).sequences += 1
        self.clock.stop()
        transaction.savepoint_rollback(self.point)
        versions.forget()
        calendar.forget()
        assert not faults, faults

    def as_(self, name: str) -> Client:
        if name not in self.clients:
            self.clients[name] = Client(raise_request_exception=True)
            self.clients[name].force_login(getattr(self.world.people, name), backend=BACKEND)
        return self.clients[name]

    @rule(seed=SECRETS)
    def something_happens(self, seed: int) -> None:
        """Mostly somebody does what a page offers; now and then a stranger tries, a customer comes, time passes."""
        self.steps += 1
        self.now += timedelta(minutes=1)
        self.travelling.move_to(self.now)
        if self.steps % 20 == 0:
            self.clients.clear()  # half an hour without a click ends a session
        dice = random.Random(f"{seed} {self.steps}")  # Hypothesis likes to say the same number twice
        known = list(ServiceRequest.objects.order_by("pk"))
        if dice.random() < 0.85:
            known = [case for case in known if case.status not in ServiceRequest.ENDED] or known
        what = dice.random()
        if not known or what < 0.08:
            self.somebody_comes_to_the_window(dice)
        elif what < 0.16:
            self.somebody_asks_something(known, dice)
        elif what < 0.23:
            self.time_passes(dice.choice((1, 5, 24, 70, 200)))
        elif what < 0.28:
            self.somebody_looks(dice.choice(known), dice)
        else:
            self.somebody_acts(dice.choice(known), dice)

    def somebody_comes_to_the_window(self, dice: random.Random) -> None:
        clerk = self.as_(dice.choice(("clerk", "clerk2")))
        code, then = dice.choice(township.CODES), dice.choice(("receive", "accept"))
        if dice.random() < 0.2:
            self.send_what_the_page_asks(clerk, f"/desk/new/{code}/", dice, {"then": then})
        elif dice.random() < 0.2:
            known = {"village": str(self.world.village.pk), "scope": "whole", "letter": "kept", "then": "receive", **ZHANG}
            self.send_what_the_page_asks(self.as_("agent"), f"/desk/new/{code}/", dice, known | {"everything": "on"})
        else:
            materials = dice.choice(({"everything": "on"}, {}))
            answer = send(clerk, f"/desk/new/{code}/", then, **ZHANG | materials)
            assert answer.status_code in FINE, f"{code}: {answer.status_code}"
            self.touched |= set(ServiceRequest.objects.order_by("-pk").values_list("pk", flat=True)[:1])

    def somebody_asks_something(self, known: list[ServiceRequest], dice: random.Random) -> None:
        """No application: a question, a demand, an order of the leaders, a dispute, a case that does not get done."""
        person = {"name": "李翠花", "phone": filling.PHONE, "then": dice.choice(("answer", "promise"))}
        cases = [case for case in known if case.kind == ServiceRequest.Kind.APPLICATION]
        roads = [
            ("clerk", "/desk/consult/", person | {"item": "", "question": dice.choice(filling.WORDS), "answer": "按规定办理"}),
            ("clerk", "/desk/demand/", person | {"village": "", "about": ""}),
            ("clerk", "/desk/demand/", person | {"village": "", "about": ""}),
            ("supervisor", "/desk/orders/new/", self.an_order()),
            ("clerk", "/desk/mediation/", {"office": str(self.person("official").office_id), "other_phone": filling.PHONE} | person),
        ]
        if cases:
            roads.append(("clerk", f"/desk/{dice.choice(cases).number}/unsolved/", {"channel": "window"}))
        who, address, said = dice.choice(roads)
        self.send_what_the_page_asks(self.as_(who), address, dice, said)
        self.touched |= set(ServiceRequest.objects.order_by("-pk").values_list("pk", flat=True)[:3])

    def an_order(self) -> dict[str, str]:
        """One line of the page; the others stay empty."""
        lead, by = f"{self.person('official').office_id}-{self.person('deputy').pk}", (self.now + timedelta(days=20)).date()
        lines = {f"{name}_{number}": "" for name in ("what", "lead", "by") for number in range(1, 9)}
        return lines | {"ordered_on": self.now.date().isoformat(), "what_1": "清理河道", "lead_1": lead, "by_1": by.isoformat()}

    def somebody_acts(self, case: ServiceRequest, dice: random.Random) -> None:
        """Mostly what a page offers this person; now and then an address nobody offered."""
        who, word = dice.choice(STAFF), dice.choice(sorted(word for word, form in ACTS.items() if form.verb in TRANSITIONS[case.kind]))
        address = f"/desk/{case.number}/{word}/"
        if dice.random() < 0.9:
            who, word, address = self.offered_to_somebody(case, dice) or (who, word, address)
        self.asked[word] += 1
        may, before = self.knows(who, case), case.status
        answer = self.send_what_the_page_asks(self.as_(who), address, dice, filling.known(word, self.now))
        case.refresh_from_db()
        assert may or answer.status_code == 404 and case.status == before, f"{who} did {word} to {case} unseen"

    def offered_to_somebody(self, case: ServiceRequest, dice: random.Random) -> tuple[str, str, str] | None:
        """Somebody whose page of this case offers something to do: who, the word of the act, and its address."""
        link = re.compile(rf'/desk/{case.number}/([a-z-]+)/(?:\?[^"]*)?(?=")')
        for who in dice.sample(STAFF, len(STAFF)):
            page = self.as_(who).get(f"/desk/{case.number}/")
            offered = [found for found in link.finditer(page.content.decode()) if found[1] in ACTS or found[1] in OWN_PAGES]
            if dice.random() < 0.9:  # what ends a case seldom, or no case would get far
                offered = [found for found in offered if found[1] not in ENDINGS]
            if dice.random() < 0.4:
                offered = [found for found in offered if found[1] in ONWARDS] or offered
            if offered:
                # Towards what was tried least in this sequence, so that every road is walked in the end.
                chosen = min(offered, key=lambda found: (self.asked[found[1]], dice.random()))
                return who, chosen[1], html.unescape(chosen[0]) + OWN_PAGES.get(chosen[1], "")
        return None

    def somebody_looks(self, case: ServiceRequest, dice: random.Random) -> None:
        who = dice.choice(STAFF)
        expected = 200 if self.knows(who, case) else 404
        assert self.as_(who).get(f"/desk/{case.number}/").status_code == expected, f"{who} looks at {case}"

    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        self.travelling.move_to(self.now)
        self.clients.clear()  # sessions end
        for job in jobs.JOBS:
            if job.name not in ("deliver_messages", "verify_audit"):
                job.run(self.now)
        self.touched |= set(ServiceRequest.objects.values_list("pk", flat=True))

    def person(self, name: str):
        return getattr(self.world.people, name)

    def knows(self, who: str, case: ServiceRequest) -> bool:
        return permissions.visible(User.objects.get(pk=self.person(who).pk)).filter(pk=case.pk).exists()

    def send_what_the_page_asks(self, client: Client, address: str, dice: random.Random, known: dict | None = None):
        """Look, fill in the form of the page (`known`: what this person really knows), send it; sometimes twice, as double clicks do."""
        page = client.get(address)
        assert page.status_code in FINE, f"{address}: {page.status_code}"
        if page.status_code != 200:
            return page
        forms = [fields for action, fields in filling.forms_of(page.content.decode()) if action in ("", address, address.partition("?")[0])]
        if not forms:
            return page
        asked_for = (*forms[0], "then")
        if known is not None and dice.random() < 0.1:
            known = None  # this one does not know any better
        sent = filling.filled(forms[0], dice, self.now) | {name: value for name, value in (known or {}).items() if name in asked_for}
        for _ in range(2 if dice.random() < 0.1 else 1):
            page = client.post(address, sent)
            assert page.status_code in FINE, f"{address}: {page.status_code} for {sent}"
        self.touched |= set(ServiceRequest.objects.order_by("-pk").values_list("pk", flat=True)[:1])
        self.touched |= set(ServiceRequest.objects.filter(number=address.split("/")[2]).values_list("pk", flat=True))
        return page

    @invariant()
    def every_touched_case_is_sound(self) -> None:
        touched, self.touched = self.touched, set()
        faults = [fault for case in ServiceRequest.objects.filter(pk__in=touched) for fault in invariants.of_case(case)]
        assert not faults, faults


@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_breaks_whatever_people_do(db, part):
    Township.world, Township.tally, Township.sequences = township.build(), Counter(), 0
    walks = settings(max_examples=WALKS // PARTS, stateful_step_count=STEPS, deadline=None, suppress_health_check=list(HealthCheck),
                     database=None, print_blob=False, phases=(Phase.generate,))  # fmt: skip
    run_state_machine_as_test(seed(part)(Township), settings=walks)
    if TALLY:
        found = {"sequences": Township.sequences, "verbs": Township.tally}
        (Path(TALLY) / f"part-{part}.json").write_text(json.dumps(found), encoding="utf-8")
