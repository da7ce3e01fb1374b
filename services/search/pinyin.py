"""How Chinese texts are read: syllables and their initials, for people who type 拼音 or its first letters."""

import os
import re
from collections.abc import Sequence
from functools import lru_cache

# The phrase table of pypinyin takes 45 MB in every process and differs, for texts of a catalogue, in a handful of words.
# Those words are below; a single everyday word is corrected in its own row (`SearchTerm.reading`).
os.environ["PYPINYIN_NO_PHRASES"] = "true"

import pypinyin

# Words whose usual reading is not the first one of their characters.
WORDS = {
    "银行": "yin hang", "行业": "hang ye", "同行": "tong hang", "行列": "hang lie", "农商行": "nong shang hang",
    "调解": "tiao jie", "调整": "tiao zheng", "调节": "tiao jie", "协调": "xie tiao", "空调": "kong tiao", "调休": "tiao xiu",
    "调剂": "tiao ji", "调理": "tiao li",
    "长期": "chang qi", "长寿": "chang shou", "长途": "chang tu", "特长": "te chang", "时长": "shi chang", "长年": "chang nian",
    "延长": "yan chang", "长效": "chang xiao", "长度": "chang du",
    "着火": "zhao huo", "重建": "chong jian", "重新": "chong xin", "重复": "chong fu", "重修": "chong xiu", "重办": "chong ban",
    "会计": "kuai ji", "供养": "gong yang", "供应": "gong ying", "种植": "zhong zhi", "种地": "zhong di", "种田": "zhong tian",
    "种树": "zhong shu", "还款": "huan kuan", "还钱": "huan qian", "偿还": "chang huan", "退还": "tui huan", "归还": "gui huan",
    "还建": "huan jian", "还迁": "huan qian", "转业": "zhuan ye", "朝鲜": "chao xian", "音乐": "yin yue", "出差": "chu chai",
    "薄弱": "bo ruo", "率先": "shuai xian", "传记": "zhuan ji", "便宜": "pian yi", "大夫": "dai fu", "处理": "chu li",
    "降解": "jiang jie", "投降": "tou xiang", "角色": "jue se", "宝藏": "bao zang", "测量": "ce liang", "丈量": "zhang liang",
    "教书": "jiao shu", "给付": "ji fu", "给予": "ji yu", "供给": "gong ji", "补给": "bu ji", "都市": "du shi", "首都": "shou du",
    "得病": "de bing", "拆除": "chai chu", "厦门": "xia men", "数量": "shu liang", "数据": "shu ju", "兴办": "xing ban",
    "兴建": "xing jian", "相片": "xiang pian", "照相": "zhao xiang", "应用": "ying yong", "适应": "shi ying", "占地": "zhan di",
    "占用": "zhan yong", "折旧": "zhe jiu", "骨折": "gu zhe", "中奖": "zhong jiang", "中毒": "zhong du", "中风": "zhong feng",
    "担保": "dan bao", "承担": "cheng dan", "尽快": "jin kuai", "发型": "fa xing", "理发": "li fa", "假期": "jia qi",
}  # fmt: skip

# Characters read otherwise as surnames.
SURNAMES = {
    "单": "shan", "解": "xie", "仇": "qiu", "区": "ou", "查": "zha", "曾": "zeng", "盖": "ge", "翟": "zhai", "乐": "yue",
    "朴": "piao", "覃": "qin", "缪": "miao", "宓": "mi", "晟": "cheng", "员": "yun", "尹": "yin", "黑": "he", "祭": "zhai",
    "折": "she", "种": "chong", "秘": "bi", "逄": "pang", "臧": "zang", "任": "ren", "万": "wan", "葛": "ge", "纪": "ji",
}  # fmt: skip

pypinyin.load_phrases_dict({word: [[syllable] for syllable in reading.split()] for word, reading in WORDS.items()})

_LETTERS = re.compile(r"[a-z]+")


@lru_cache(maxsize=50_000)
def syllables(text: str) -> tuple[str, ...]:
    """One syllable for each character of a search key; letters and digits stand for themselves ("a4纸" → a, 4, zhi)."""
    found: list[str] = []
    for syllable in pypinyin.lazy_pinyin(text, errors=list, v_to_u=False):
        found.extend(syllable if isinstance(syllable, list) else [syllable])
    return tuple(found) if len(found) == len(text) else tuple(text)


def reading_of(text: str, correction: str = "") -> tuple[str, ...]:
    """The syllables of a search key, or the correction an editor wrote ("di bao") where it has one for each character."""
    wanted = tuple(_LETTERS.findall(correction.casefold()))
    return wanted if len(wanted) == len(text) else syllables(text)


def name_reading(name: str) -> tuple[str, ...]:
    """The syllables of a person's name, with the surname as surnames are read."""
    read = syllables(name)
    return (SURNAMES.get(name[:1], read[0]), *read[1:]) if read else read


def blurred(spelling: str) -> str:
    """Spellings that many dialects do not keep apart become one: zh/z, ch/c, sh/s, -ng/-n."""
    return spelling.replace("zh", "z").replace("ch", "c").replace("sh", "s").replace("ng", "n")


def initials(read: Sequence[str]) -> str:
    return "".join(syllable[:1] for syllable in read)
