"""Everything that can be found, in memory, once per process and version of the catalogue.

A word is one text under which a target is known (its name, an everyday word, its code). For each way of looking there is
one long string with a line per word: looking through 8,000 lines is one call of `str.find`, some tens of microseconds.
Only published items, open offices and officials shown to the public are in it.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from urllib.parse import urlencode

from officials import versions
from officials.models import Office, Official
from officials.privacy.text import search_key
from services.listing import Entry, Listing, Shelf, listing
from services.models import Edition, Material, SearchTerm

from .pages import PAGES
from .pinyin import blurred, initials, name_reading, reading_of


class Kind(StrEnum):
    """What can be found, in the order in which it is shown."""

    ITEM = "item"
    PAGE = "page"  # a page of this site where something is done that is no item
    THEME = "theme"  # a category or a life event
    OFFICE = "office"
    OFFICIAL = "official"
    MATERIAL = "material"


class Role(IntEnum):
    """What a word is to its target."""

    NAME = 0
    ALIAS = 1  # everyday word, title
    CODE = 2
    ENGLISH = 3
    SUMMARY = 4


@dataclass(frozen=True, slots=True)
class Target:
    """Something that can be found, and what a list of results says about it."""

    kind: Kind
    code: str
    name: str
    name_en: str
    url: str
    order: int
    note: str = ""
    entry: Entry | None = None  # of an item
    count: int = 0  # items behind a theme or a material


@dataclass(frozen=True, slots=True)
class Word:
    target: Target
    text: str
    key: str
    role: Role


class Lines:
    """One string with a line per word, and where each line begins."""

    def __init__(self, texts: Iterable[str]):
        self.texts = list(texts)
        self.whole = "\n".join(self.texts) + "\n"
        self.starts = []
        start = 0
        for text in self.texts:
            self.starts.append(start)
            start += len(text) + 1

    def find(self, part: str) -> Iterator[tuple[int, int]]:
        """(number of the line, place in it) of every occurrence, several in one line too."""
        at = self.whole.find(part)
        while at >= 0:
            line = bisect_right(self.starts, at) - 1
            yield line, at - self.starts[line]
            at = self.whole.find(part, at + 1)

    def line_at(self, at: int) -> tuple[int, int]:
        line = bisect_right(self.starts, at) - 1
        return line, at - self.starts[line]


class Index:
    """The words and their spellings. `read` has the words that are looked up by sound (names and everyday words)."""

    def __init__(self, words: list[Word], readings: list[tuple[str, ...]]):
        order = sorted(range(len(words)), key=lambda n: (words[n].role > Role.ALIAS, n))
        self.words = [words[n] for n in order]
        syllables = [readings[n] for n in order if words[n].role <= Role.ALIAS]
        self.keys = Lines(word.key for word in self.words)
        self.english = Lines(
            " " + " ".join(word.text.casefold().replace("-", " ").split()) if word.role == Role.ENGLISH else "" for word in self.words
        )
        # The spelled lines are shorter: words that are not read come last and are left out.
        self.spelled = Lines("".join(read) for read in syllables)
        self.initials = Lines(initials(read) for read in syllables)
        self.blurred = Lines(blurred(text) for text in self.spelled.texts)
        self.boundaries = [_boundaries(read) for read in syllables]
        # "低di 保bao ": what a mix of characters and letters is matched with.
        self.mixed = Lines(
            "".join(f"{letter}{syllable} " for letter, syllable in zip(word.key, read, strict=True))
            for word, read in zip(self.words, syllables, strict=False)
        )


def _boundaries(read: Iterable[str]) -> frozenset[int]:
    places, at = set(), 0
    for syllable in read:
        places.add(at)
        at += len(syllable)
    return frozenset(places)


class _Collector:
    """Gathers words with their readings; a text under which a target is known already is not added twice."""

    def __init__(self) -> None:
        self.words: list[Word] = []
        self.readings: list[tuple[str, ...]] = []
        self._seen: set[tuple[int, str]] = set()

    def add(self, target: Target, text: str, role: Role, reading: str = "", is_person: bool = False) -> None:
        key = search_key(text)
        if not key or (id(target), key) in self._seen:
            return
        self._seen.add((id(target), key))
        self.words.append(Word(target, text, key, role))
        if role > Role.ALIAS:
            self.readings.append(())
        else:
            self.readings.append(name_reading(key) if is_person else reading_of(key, reading))


def _build() -> Index:
    shelves = listing()
    found = _Collector()
    _items(found, shelves)
    _pages(found)
    _themes(found, shelves)
    _places_and_people(found)
    _materials(found, shelves)
    return Index(found.words, found.readings)


def _items(found: _Collector, shelves: Listing) -> None:
    targets = {}
    for order, entry in enumerate(sorted(shelves.entries, key=lambda entry: entry.code)):
        target = Target(Kind.ITEM, entry.code, entry.name, entry.name_en, entry.url, order, entry.summary, entry)
        targets[entry.edition] = target
        found.add(target, entry.name, Role.NAME)
        found.add(target, entry.code, Role.CODE)
        found.add(target, entry.name_en, Role.ENGLISH)
        found.add(target, entry.summary, Role.SUMMARY)
    terms = SearchTerm.objects.filter(edition_id__in=_published()).order_by("edition_id", "position")
    for edition, text, reading in terms.values_list("edition_id", "text", "reading"):
        if edition in targets:
            found.add(targets[edition], text, Role.ALIAS, reading)


def _published():
    """The editions as a sub-query, so that 864 of them are not 864 parameters."""
    return Edition.objects.published().order_by().values("pk")


def _pages(found: _Collector) -> None:
    for order, page in enumerate(PAGES):
        target = Target(Kind.PAGE, page.url, page.name, page.name_en, page.url, order)
        found.add(target, page.name, Role.NAME)
        found.add(target, page.name_en, Role.ENGLISH)
        for word in page.words:
            found.add(target, word, Role.ALIAS)


def _themes(found: _Collector, shelves: Listing) -> None:
    for name, group in (("event", shelves.events), ("category", shelves.categories)):
        for order, shelf in enumerate(group.values()):
            _theme(found, name, shelf, order)


def _theme(found: _Collector, parameter: str, shelf: Shelf, order: int) -> None:
    url = "/services/?" + urlencode({parameter: shelf.code})
    target = Target(Kind.THEME, shelf.code, shelf.name, shelf.name_en, url, order, count=shelf.count)
    found.add(target, shelf.name, Role.NAME)
    found.add(target, shelf.name_en, Role.ENGLISH)


def _places_and_people(found: _Collector) -> None:
    offices = Office.objects.public().values_list("code", "name", "name_en", "phone", "duties")
    for order, (code, name, name_en, phone, duties) in enumerate(offices):
        target = Target(Kind.OFFICE, code, name, name_en, f"/offices/{code}/", order, phone)
        found.add(target, name, Role.NAME)
        found.add(target, name_en, Role.ENGLISH)
        found.add(target, duties, Role.SUMMARY)
    people = Official.objects.filter(is_public=True, user__is_active=True)
    for order, (code, name, title, office) in enumerate(people.values_list("code", "user__name", "title", "user__office__name")):
        target = Target(Kind.OFFICIAL, code, name, "", f"/officials/{code}/", order, " · ".join(filter(None, (title, office))))
        found.add(target, name, Role.NAME, is_person=True)
        found.add(target, title, Role.ALIAS)


def _materials(found: _Collector, shelves: Listing) -> None:
    """One target for each name of a material, whichever items need it; what we look up ourselves is not looked for."""
    rows = Material.objects.filter(edition_id__in=_published()).exclude(form=Material.Form.SHARED).order_by()
    needed: dict[str, set[int]] = {}
    for name, edition in rows.values_list("name", "edition_id"):
        needed.setdefault(name, set()).add(edition)
    ranked = sorted(needed.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    for order, (name, editions) in enumerate(ranked):
        url = "/services/?" + urlencode({"material": name})
        target = Target(Kind.MATERIAL, name, name, "", url, order, count=len(editions))
        found.add(target, name, Role.NAME)


index = versions.Kept(versions.CATALOGUE, _build)
