"""One case from the first word at the window to the end, and everybody who has to do with it.

People are keyed by their sign-in of the demo township. On every day they sign in anew; whoever works on the case finds it by its
number among the own cases and goes on by the words of the page.
"""

import re
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO
from typing import Self

import time_machine
from django.utils import timezone
from pypdf import PdfReader

from officials.models import User
from portal import jobs
from requests import assigning, particulars
from services.models import Edition
from tests.support import world as w
from tests.support.stage import signed_in
from tests.turns.screen import AtTheScreen

PAPER = re.compile(r"(\S+书 \S+号)还没有打印")
NUMBER = re.compile(r"\d{9}-\d{4}-\d{6}")
CODE = re.compile(r"(?<!\d)\d{4} \d{4} \d{4} \d{4}(?!\d)")
ALL = "必交材料全部收到"
SMS = "愿意收短信提醒"
WANG = {"姓名": "王小明", "身份证号码": "990199195501010012", "联系电话": "12345678901", "村（社区）": "稻香村"}
CARD = {"怎么确认领取人身份": "已看身份证件", "谁领取": "申请人"}
BACK = "随件转出的原件已经取回"
RESTS_ON_STEPS = ("作出决定", "转报县里")
AT_HOME = {"位置": "稻香村3组", "到场的当事人": "王小明", "现场情况": "与申报一致"}
FETCHED = {"怎样送达的": "本人到窗口领取，已签收"}



def kept(paper: str) -> str:
    """The tick that says that the original of this paper stays in the drawer until it goes back."""
    return f"{paper} / 原件暂存"


Said = dict[str, object] | None


@dataclass
class Turn:
    """`code`: the item. `clock`: the clock on the wall, which only a test moves."""

    code: str
    clock: time_machine.Traveller
    number: str = ""
    secret: str = ""
    at_work: str = ""  # whose page is as the case is
    seats: dict[str, AtTheScreen] = field(default_factory=dict)

    @cached_property
    def edition(self) -> Edition:
        return Edition.objects.published().select_related("item", "office").get(item__code=self.code)

    def on(self, moment: str) -> Self:
        """Another hour or another day: everybody begins at the first page again."""
        self.clock.move_to(w.at(moment))
        self.seats.clear()
        return self

    # -- who sits where ------------------------------------------------------------------------------------------

    def seat(self, name: str) -> AtTheScreen:
        """A person of the staff on the opening page."""
        if name not in self.seats:
            self.seats[name] = AtTheScreen(signed_in(User.objects.get(username=name))).opens("/desk/")
        return self.seats[name]

    def case(self, name: str) -> AtTheScreen:
        """The page of the case: found by its number on the first page of the day, or loaded anew when somebody else was at work."""
        at, page = self.seat(name), f"/desk/{self.number}/"
        if at.page.address != page:
            if at.page.address != "/desk/":
                at.opens("/desk/")
            at.fills("查找", {"找办件": self.number})
            assert at.page.address == page, f"{self.number} was not found: {at.page.heading}"
        elif self.at_work != name:
            at.opens(page)
        self.at_work = name
        return at

    def tracks(self) -> AtTheScreen:
        """The resident at home, with number and code from the receipt."""
        return AtTheScreen.nobody().opens("/").follows("查办件").fills("查询", {"办件编号": self.number, "查询码": self.secret})

    # -- what they do --------------------------------------------------------------------------------------------

    def takes_in(self, name: str, *ticks: str, said: Said = None, button: str = "收件") -> AtTheScreen:
        """At the window: the item found by its code, papers ticked, the person written down. The code is read off the page."""
        at = self.seat(name).follows("收件").fills("查找", {"事项": self.code}).follows(self.edition.name)
        person = {words: value for words, value in (self.own(at) | WANG | (said or {})).items() if value is not None}
        return self.reads_off(at.fills(button, person, *ticks))

    def own(self, at: AtTheScreen) -> dict[str, str]:
        """Something plausible for each line this item alone asks for, as far as the page has it. Filled in once more it stays the same."""
        plain = {"text": "按申请表", "long": "按申请表", "number": "12", "date": f"{timezone.localdate():%Y-%m-%d}"}
        rows = [row for row in particulars.of(self.edition) if at.page.has_field(row.label)]
        return {row.label: row.options[0] if row.kind == "choice" else plain[row.kind] for row in rows}

    def reads_off(self, at: AtTheScreen) -> AtTheScreen:
        """Number and code of the case just logged."""
        self.number = NUMBER.search(at.page.words)[0]
        self.secret = CODE.search(at.page.words)[0]
        return at

    def applies_online(self, *consents: str, said: Said = None) -> AtTheScreen:
        """From home, one question a page; the papers come later. The code stands on the last page."""
        at = AtTheScreen.nobody().opens("/").follows("全部事项").follows(self.edition.name).follows("网上申请").presses("开始填写")
        at.fills("下一步", {}, "为自己办").fills("下一步", {"您叫什么名字": WANG["姓名"]})
        if at.page.has_field("身份证号码"):
            at.fills("下一步", {"身份证号码": WANG["身份证号码"]}, "能，填在下面")
        at.fills("下一步", {"打哪个电话能找到您": WANG["联系电话"]}).fills("下一步", {"您住在哪个村": WANG["村（社区）"]})
        if own := self.own(at):
            at.fills("下一步", own)
        at.presses("下一步")
        at.sees("核对并提交")
        return self.reads_off(at.fills("提交申请", said or {}, "我已阅读个人信息怎么用", *consents))

    def is_noticed(self, name: str, said: Said, *, posted: str, last: str, ended: str) -> AtTheScreen:
        """公示: onto a sheet, hung the same day, its end written down when the last day is over."""
        self.on(f"{posted} 09:30").walks(name).is_led_to(name, "列入公示")
        self.does(name, "列入公示", said).sees("公示编号", "还没有张贴")
        self.does(name, "记录已张贴").sees_not("还没有张贴")
        self.on(f"{last} 16:00").cannot(name, "记录公示期满", "含当天")
        AtTheScreen.nobody().opens("/").follows("公示").sees(self.edition.name)
        self.on(f"{ended} 09:00").is_led_to(name, "记录公示期满")
        AtTheScreen.nobody().opens("/").follows("公示").sees_not(self.edition.name)
        return self.does(name, "记录公示期满", {"公示期间有没有人提出异议": "没有人提出异议（电话、窗口、村里都没有）"}).sees("无异议")

    def does(self, name: str, step: str, said: Said = None, *ticks: str) -> AtTheScreen:
        """A step of the case: its link where it has fields, the fields, the button of the same name; then the page says it is done."""
        if step in RESTS_ON_STEPS:
            self.walks(name)
        at = self.case(name)
        if not at.page.has_button(step):
            at.follows(step)
        if step == "作出决定" and not (said or {}).get("办理结果", "不").startswith("不") and at.page.has_field("发放标准或金额"):
            said = {"发放标准或金额": "500元"} | said
        return at.fills(step, self.own(at) | (said or {}), *ticks).sees(f"已完成：{step}")

    def walks(self, name: str) -> Self:
        """The ordinary steps of the item, one after the other, as long as the page leads to one: each gets its result."""
        while (step := self.case(name).page.next_step.partition("："))[0] in ("登记环节结果", "登记踏勘记录"):
            if step[0] == "登记踏勘记录":
                two = [person.name for person in assigning.people_of(User.objects.get(username=name).office)][:2]
                self.does(name, step[0], {"时间": f"{timezone.localtime():%Y-%m-%dT%H:%M}"} | AT_HOME, *two)
            else:
                self.does(name, step[0], {"环节结果": f"{step[2]}：情况属实", "参加人": "相关站所"}).sees(step[2], "情况属实")
        return self

    def is_led_to(self, name: str, step: str) -> AtTheScreen:
        """The button the page puts first for this person; of a step of the item, whichever it is. What is decided rests on the steps."""
        if step in RESTS_ON_STEPS:
            self.walks(name)
        at = self.case(name)
        assert at.page.next_step.partition("：")[0] == step, f"the page leads to “{at.page.next_step}”, not to “{step}”"
        return at

    def cannot(self, name: str, step: str, why: str) -> None:
        """The step is not offered, and the page says why."""
        at = self.case(name)
        assert not at.page.has_link(step) and not at.page.has_button(step), f"“{step}” is offered"
        at.sees(step, why)

    def carries(self, name: str, sent: str, signed: str, decided: str, *, outcome: str, number: str = "", said: Said = None) -> AtTheScreen:
        """转报县里 and back: sent, signed for there, the county's decision entered. Each on its day, at ten."""
        self.on(f"{sent} 10:00").walks(name).is_led_to(name, "转报县里")
        asks = self.case(name).follows("转报县里").page.has_field("拟同意（公示已期满）")
        self.case(name).opens(f"/desk/{self.number}/")
        self.does(name, "转报县里", {"方式": "公文交换"} | ({"镇初审意见": "拟同意（公示已期满）"} if asks else {})).sees("在县里")
        self.tracks().sees(self.edition.implementing_body)
        self.on(f"{signed} 10:00").is_led_to(name, "登记县里签收")
        self.does(name, "登记县里签收", {"签收人": "县里收件员"})
        self.on(f"{decided} 10:00").is_led_to(name, "登记县里结果")
        form = self.case(name).follows("登记县里结果").page
        paid = {"发放标准或金额": "每月420元"} if form.has_field("发放标准或金额") else {}
        ticks = [words for words in ("县里的文书没有文号",) if not number and form.has_field(words)]
        ticks += [words for words in (BACK,) if form.has_field(words)]
        self.case(name).opens(f"/desk/{self.number}/")
        return self.does(name, "登记县里结果", {"办理结果": outcome, "文号": number} | paid | (said or {}), *ticks)

    def seals(self, name: str) -> Self:
        """The decision is printed, sealed, and the use of the seal written down: before that it goes to nobody."""
        at = self.case(name)
        if (missing := PAPER.search(at.page.words)) is not None:
            self.prints(name, missing[1])
        if "还没有登记用印" in at.page.words:
            self.is_led_to(name, "登记用印")
            self.does(name, "登记用印").sees("已登记用印")
        return self

    def hands_over(self, name: str, *, originals: tuple[str, ...] = ()) -> AtTheScreen:
        """Originals back against the card, the result into the hand: the case is closed."""
        self.seals(name)
        if originals:
            self.is_led_to(name, "退还原件")
            self.does(name, "退还原件", CARD, *originals).sees(*(f"{one} · 原件已退" for one in originals))
        return self.does(name, "送达结果", FETCHED).sees("已送达办结")

    def at_night(self, moment: str, job: str) -> Self:
        """A job of the night runs; then it is the given moment."""
        self.on(moment)
        next(one for one in jobs.JOBS if one.name == job).run(timezone.now())
        return self

    def prints(self, name: str, paper: str) -> str:
        """The words of a paper of the case, as they come out of the printer, without white space."""
        at = self.case(name)
        answer = at.sends(f"打印 {paper}")
        return re.sub(r"\s+", "", "".join(sheet.extract_text() for sheet in PdfReader(BytesIO(answer.content)).pages))
