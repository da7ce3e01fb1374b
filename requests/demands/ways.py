"""What is no demand of the centre: where it goes instead, with the phone. Shown before the form and chosen at dispatch.

诉讼、仲裁、复议、信访、纪检监察、市场监管、紧急事项、信息公开 (domain 8.2, 9.1, 9.2, 9.4). Nothing a person says of these is kept here.
"""

import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from officials.models import Township


@dataclass(frozen=True)
class Way:
    """`phone` is a number of the whole country, or "" where the centre's own pages name the place."""

    key: str
    what: Any
    where: Any
    phone: str = ""
    is_urgent: bool = False


CONDUCT, PETITION, DISCIPLINE = "conduct", "petition", "discipline"
WAYS = (
    Way("police", _("Danger, crime"), _("Police"), "110", True),
    Way("fire", _("Fire, rescue"), _("Fire brigade"), "119", True),
    Way("ambulance", _("Illness, injury"), _("Ambulance"), "120", True),
    Way("accident", _("Traffic accident"), _("Traffic police"), "122", True),
    Way("court", _("A lawsuit, a judgment, its enforcement"), _("People's court"), "12368"),
    Way("arbitration", _("Labour and personnel disputes under arbitration"), _("Labour dispute arbitration commission"), "12333"),
    Way("review", _("Objecting to a decision of an authority"), _("Administrative reconsideration body named in the decision")),
    Way(PETITION, _("A petition"), _("Petition office; it goes into the national petition system")),
    Way(DISCIPLINE, _("Breach of discipline, corruption"), _("Discipline inspection and supervision"), "12388"),
    Way(CONDUCT, _("How an official behaved"), _("The complaint phone of the township, never the office concerned")),
    Way("market", _("Goods, prices, dealers"), _("Market supervision"), "12315"),
    Way("disclosure", _("Asking for government information"), _("The information disclosure office, by a written request")),
)
# Words by which a text reads like a report on officials (domain 9.2): they lead to one question, and decide nothing.
_LIKE_CONDUCT = re.compile(
    "贪污|受贿|行贿|索贿|索要|吃拿卡要|回扣|挪用|侵吞|冒领|套取|截留|私分|以权谋私|优亲厚友|徇私|舞弊|渎职|失职|违纪|违法乱纪|腐败|"
    "作风|态度(?:很|太|非常|极其|十分|特别)?(?:恶劣|不好|差|粗暴|蛮横|生硬)|辱骂|骂人|刁难|推诿|不作为|乱作为|收.{0,4}(?:红包|好处费|礼金)"
)
BY_KEY = {way.key: way for way in WAYS}


def phone_of(way: Way, township: Township) -> str:
    """The number to call: that of the whole country, that for complaints, or the centre's, which tells the rest."""
    if way.phone:
        return way.phone
    return township.complaint_phone if way.key == CONDUCT else township.phone


def is_like_conduct(words: str) -> bool:
    """检举控告、作风投诉不在这里收集: does this text read like one? Then whoever writes it is asked before anything is kept."""
    return _LIKE_CONDUCT.search(words) is not None
