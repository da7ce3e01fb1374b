"""Pages of this site where something is done that is no item, and the words people have for it: 预约, 下村, 公示, 堵路."""

from typing import NamedTuple


class SitePage(NamedTuple):
    """`name` is what the page is called in a list of results; `words` are everyday words, found like those of an item."""

    url: str
    name: str
    name_en: str
    words: tuple[str, ...]


PAGES = (
    SitePage("/appointments/", "预约办事", "Book an appointment", ("预约", "约号", "取号", "排号", "取消预约", "取消码")),
    SitePage(
        "/outings/", "驻村服务日和接待日", "Village and reception days",
        ("服务日", "接待日", "下村", "驻村", "领导接访", "接访", "包村干部", "哪天来", "村里哪天来", "哪天来村里", "什么时候来村里",
         "进村"),
    ),
    SitePage("/home-visit/", "上门服务", "Home visit", ("上门", "上门办", "走不动", "行动不便", "来不了")),
    SitePage("/public-notices/", "公示", "Public notices", ("公示名单", "公示栏", "公示异议")),
    SitePage(
        "/demand/", "求助、建议、投诉、纠纷", "Help, a suggestion, a complaint, a dispute",
        ("反映", "反映问题", "反映情况", "诉求", "求助", "投诉", "建议", "举报", "堵路", "路被堵", "噪音", "邻里纠纷", "纠纷", "调解",
         "上访", "信访", "占地", "占我家地", "邻居占我家地", "吵架"),
    ),
    SitePage("/unsolved/", "办不成事反映", "It should have been done and was not", ("办不成", "办不成事", "不给办", "没办成", "推诿")),
    SitePage("/track/", "查办件进度", "Where is my case", ("查进度", "办到哪了", "进度查询", "办件查询", "查询码")),
    SitePage("/verify/", "核验文书真伪", "Is this paper ours", ("核验", "验真", "文书真假", "真伪")),
    SitePage("/notices/", "通知公告", "Notices", ("通知", "公告", "放假", "几点上班", "上班时间")),
    SitePage(
        "/officials/", "谁来办：站所、干部和电话", "Offices, officials and phones",
        ("电话号码", "电话", "联系电话", "联系方式", "打电话", "地址", "在哪里", "找谁", "站所", "派出所电话"),
    ),
)  # fmt: skip
