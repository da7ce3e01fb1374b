"""From what was typed to what is meant, in a fixed order of certainty; equal questions always give equal answers.

Exact word, beginning, part; then first letters, pinyin, characters and letters mixed; only when all that finds nothing:
words inside what was typed, equal sound, dialect spelling, and last, slips of the finger (rapidfuzz).
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from enum import IntEnum

from rapidfuzz import fuzz, process

from officials.privacy.text import search_key

from .index import Index, Kind, Role, Target, Word, index
from .pinyin import blurred, syllables

MAX_QUERY = 60  # characters that are looked at
_LATIN = re.compile(r"[a-z0-9]+")
_MIXED = re.compile(r"(?=.*[a-z])(?=.*[^a-z0-9]).+|[a-z]{2,24}")
_SPACE = re.compile(r"\s+")
# What people put around the thing they mean: "我要申请……怎么办理".
_POLITE = re.compile(
    "请问一下|请问|我想要|我想|我要|想要|我家|我们|需要|什么|哪些|怎么样|怎么|怎样|如何|哪里|哪儿|在哪|多久|多少|几天|可以|能不能|"
    "材料|手续|流程|条件|电话|申请|申领|领取|办理|咨询|查询|一下|去办|要办|想办|办个|谢谢|吗|呢|啊|的|了"
)


class Rank(IntEnum):
    """How a word was recognised; the smaller, the surer."""

    EXACT = 0
    PREFIX = 1
    PART = 2
    INITIALS_EXACT = 3
    INITIALS = 4
    PINYIN_EXACT = 5
    PINYIN = 6
    MIXED = 7
    PIECES = 8  # both halves of what was typed, in different places
    INSIDE = 9  # the word is part of what was typed
    SOUND = 10  # other characters of the same sound
    BLURRED = 11
    SUMMARY = 12
    SIMILAR = 13


@dataclass(frozen=True, slots=True)
class Hit:
    target: Target
    word: Word
    rank: Rank
    key: tuple


Matches = Iterator[tuple[int, Rank, int]]  # number of the word, how, how far from the best of this rank


def find(query: str, *, kinds: Collection[Kind] | None = None, limit: int = 200) -> list[Hit]:
    """What `query` means, best first. Several words: what fits all of them, otherwise what fits any."""
    text = query[:MAX_QUERY]
    found = _look(index(), search_key(text), kinds)
    parts = [search_key(part) for part in _SPACE.split(text.strip())]
    if len(parts) > 1 and (not found or min(hit.rank for hit in found.values()) >= Rank.SUMMARY):
        found = _several([_look(index(), part, kinds) for part in parts if part]) or found
    return sorted(found.values(), key=lambda hit: hit.key)[:limit]


def _several(answers: list[dict[int, Hit]]) -> dict[int, Hit]:
    answers = [answer for answer in answers if answer]
    if not answers:
        return {}
    shared = set(answers[0]).intersection(*answers[1:])
    merged: dict[int, Hit] = {}
    for answer in answers:
        for target, hit in answer.items():
            if (not shared or target in shared) and (target not in merged or hit.key < merged[target].key):
                merged[target] = hit
    return merged


def _look(words: Index, key: str, kinds: Collection[Kind] | None) -> dict[int, Hit]:
    """The best hit for each target; a doubtful way is gone only when the surer ones lead nowhere."""
    core = _POLITE.sub("", key)
    attempts = [(key, _SURE), (key, _DOUBTFUL)]
    if core != key and len(core) > 1:
        attempts += [(core, _SURE), (core, _DOUBTFUL)]
    for text, ways in [*attempts, (core or key, _LAST)]:
        found: dict[int, Hit] = {}
        for way in ways if text else ():
            for number, rank, distance in way(words, text):
                _keep(found, words.words[number], rank, distance, kinds)
        if found:
            return found
    return {}


_KINDS = list(Kind)


def _keep(found: dict[int, Hit], word: Word, rank: Rank, distance: int, kinds: Collection[Kind] | None) -> None:
    target = word.target
    if kinds is not None and target.kind not in kinds:
        return
    key = (rank, distance, len(word.key), _KINDS.index(target.kind), target.order, word.role)
    best = found.get(id(target))
    if best is None or key < best.key:
        found[id(target)] = Hit(target, word, rank, key)


def _by_text(words: Index, key: str) -> Matches:
    for number, place in words.keys.find(key):
        word = words.words[number]
        whole = len(word.key) == len(key)
        if word.role <= Role.ALIAS:
            yield number, Rank.EXACT if whole else Rank.PREFIX if place == 0 else Rank.PART, place
        # "mz" is meant as first letters, "mz0" as the beginning of a code.
        elif word.role == Role.CODE and (whole or (place == 0 and any(letter.isdigit() for letter in key))):
            yield number, Rank.EXACT if whole else Rank.PREFIX, 0


def _by_summary(words: Index, key: str) -> Matches:
    if len(key) > 1 and not _LATIN.fullmatch(key):
        for number, place in words.keys.find(key):
            if words.words[number].role == Role.SUMMARY:
                yield number, Rank.SUMMARY, place


def _by_pieces(words: Index, key: str) -> Matches:
    """ "医保报销" finds what is called 医保 in one place and 报销 in another; the pieces have at least two characters."""
    if len(key) < 4 or _LATIN.fullmatch(key):
        return
    for cut in range(2, len(key) - 1):
        halves: list[dict[int, int]] = []
        for piece in (key[:cut], key[cut:]):
            lines = [number for number, _ in words.keys.find(piece) if words.words[number].role != Role.ENGLISH]
            # From the back, so that of several words of a target the first one stays.
            halves.append({id(words.words[number].target): number for number in reversed(lines)})
        for target in halves[0].keys() & halves[1].keys():
            yield min(halves[0][target], halves[1][target]), Rank.PIECES, 0


def _by_english(words: Index, key: str) -> Matches:
    if len(key) < 3 or not _LATIN.fullmatch(key):
        return
    for number, place in words.english.find(" " + key):
        yield number, Rank.PREFIX if place == 0 else Rank.PART, place


def _by_initials(words: Index, key: str) -> Matches:
    if not _LATIN.fullmatch(key):
        return
    for number, place in words.initials.find(key):
        whole = len(words.initials.texts[number]) == len(key)
        if whole or place == 0 or len(key) > 1:
            yield number, Rank.INITIALS_EXACT if whole else Rank.INITIALS, place


def _by_pinyin(words: Index, key: str) -> Matches:
    if len(key) < 2 or not _LATIN.fullmatch(key):
        return
    for number, place in words.spelled.find(key):
        if place in words.boundaries[number]:
            whole = len(words.spelled.texts[number]) == len(key)
            yield number, Rank.PINYIN_EXACT if whole else Rank.PINYIN, place


def _by_mixture(words: Index, key: str) -> Matches:
    """ "di保", "低b", "nongcdb": each letter goes on with its syllable or begins the next character."""
    if not _MIXED.fullmatch(key):
        return
    pattern = ""
    for before, letter in zip(" " + key, key, strict=False):
        if letter.isascii():
            skip = r"[a-z0-9]* [^a-z\n ]" if pattern else r"[^a-z\n ]"
            pattern += f"(?:{skip}){'?' if before.isascii() and pattern else ''}{letter}"
        else:
            pattern += (r"[a-z0-9]* " if pattern else "") + re.escape(letter)
    for match in re.finditer(pattern, words.mixed.whole):
        number, place = words.mixed.line_at(match.start())
        yield number, Rank.MIXED, place


def _by_words_inside(words: Index, key: str) -> Matches:
    """ "我想办低保" holds the everyday word 低保; the longest word held counts most."""
    if len(key) < 3:
        return
    for number, word in enumerate(words.words):
        if word.role <= Role.ALIAS and 2 <= len(word.key) < len(key) and word.key in key:
            yield number, Rank.INSIDE, -len(word.key)


def _by_sound(words: Index, key: str) -> Matches:
    if len(key) < 2 or _LATIN.fullmatch(key):
        return
    for number, place in words.spelled.find("".join(syllables(key))):
        if place in words.boundaries[number]:
            yield number, Rank.SOUND, place


def _by_dialect(words: Index, key: str) -> Matches:
    spelling = blurred(key if _LATIN.fullmatch(key) else "".join(syllables(key)))
    if len(spelling) < 4:
        return
    for number, place in words.blurred.find(spelling):
        yield number, Rank.BLURRED, place


def _by_similarity(words: Index, key: str) -> Matches:
    """Slips: at least three characters, compared as characters and as pinyin."""
    if len(key) < 3:
        return
    latin = _LATIN.fullmatch(key)
    spelling = key if latin else "".join(syllables(key))
    ways: list[tuple[str, list[str], Callable, float]] = [(spelling, words.spelled.texts, fuzz.ratio, 78.0)]
    if not latin:
        ways.append((key, words.keys.texts[: len(words.spelled.texts)], fuzz.ratio, 60.0))
    if len(spelling) >= 6:
        ways.append((spelling, words.spelled.texts, fuzz.partial_ratio, 86.0))
    for wanted, texts, scorer, cutoff in ways:
        alike = process.extract(wanted, texts, scorer=scorer, score_cutoff=cutoff, limit=30)
        # A short word is similar to a part of anything long.
        alike = [(score, number) for text, score, number in alike if scorer is fuzz.ratio or len(text) >= len(wanted)]
        for score, number in alike:
            yield number, Rank.SIMILAR, -round(score)
        if alike:
            return


_SURE = (_by_text, _by_english, _by_initials, _by_pinyin)
_DOUBTFUL = (_by_mixture, _by_pieces, _by_words_inside, _by_sound, _by_dialect, _by_summary)
_LAST = (_by_similarity,)
