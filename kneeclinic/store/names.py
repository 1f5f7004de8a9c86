"""Finds a patient by a few letters of the name or number, typing mistakes forgiven."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from heapq import nsmallest
from itertools import takewhile

from rapidfuzz import process
from rapidfuzz.distance import OSA

from kneeclinic.record.people import Patient
from kneeclinic.store.database import Database
from kneeclinic.store.patients import LIST, read_patients
from kneeclinic.store.reading import Reader
from kneeclinic.store.sealing import open_text

EXACT, BEGINS, HOLDS, ALMOST = 100.0, 92.0, 70.0, 80.0
"""How much a word of the question counts when it is a word of the name, begins one, stands inside one, or nearly is one."""
SHORTEST_GUESS = 3
"""Fewer letters are not corrected: two wrong letters of two fit everybody."""
BETWEEN = "\n"
Sealed = tuple[bytes | None, ...]


@dataclass(frozen=True)
class KnownName:
    """What the list of patients shows: opened names and number."""

    patient_id: str
    number: str
    given_name: str
    family_name: str

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


@dataclass(frozen=True)
class _Entry:
    """One patient as sealed in the file, and what it says: opened once, as long as the sealed bytes are the same."""

    sealed: Sealed
    name: KnownName
    of_number: frozenset[str]
    words: frozenset[str]
    order: tuple[str, str, str]


@dataclass(frozen=True)
class _Book:
    """Everybody by place in the alphabet of names, and every word with the places of those who bear it."""

    entries: dict[str, _Entry]
    names: tuple[KnownName, ...]
    holders: dict[str, list[int]]
    words: list[str]
    text: str
    guessable: list[str]
    beginnings: dict[int, dict[str, list[str]]] = field(default_factory=dict)

    def starting_with(self, word: str) -> Iterator[str]:
        return takewhile(lambda one: one.startswith(word), self.words[bisect_left(self.words, word):])

    def holding(self, word: str) -> Iterator[str]:
        """Words with these letters inside, found in one long text of all words."""
        at = self.text.find(word)
        while at >= 0:
            begin, end = self.text.rfind(BETWEEN, 0, at) + 1, self.text.find(BETWEEN, at)
            yield self.text[begin:end]
            at = self.text.find(word, end)

    def beginning(self, length: int) -> dict[str, list[str]]:
        """The first letters of the longer words to guess at, and the words that begin so."""
        known = self.beginnings.get(length)
        if known is None:
            known = defaultdict(list)
            for one in self.guessable:
                if len(one) > length:
                    known[one[:length]].append(one)
            self.beginnings[length] = known
        return known


def known_names(db: Reader) -> dict[str, KnownName]:
    """Patient id to name and number, of everybody; kept in memory until a patient changes."""
    return {one.patient_id: one for one in _book(db).names}


def find_patients(db: Reader, text: str, limit: int = 20) -> tuple[Patient, ...]:
    """Patients whose name or number fits every word of `text`, the best first; () for an empty text."""
    asked = _words(text)
    if not asked:
        return ()
    book = _book(db)
    total: dict[int, float] | None = None
    for word in asked:
        best: dict[int, float] = {}
        for known, score in _scores(word, book).items():
            for holder in book.holders[known]:
                if score > best.get(holder, 0.0) and (total is None or holder in total):
                    best[holder] = score
        total = best if total is None else {one: total[one] + score for one, score in best.items()}
    found = total or {}
    ranked = nsmallest(limit, found, key=lambda one: (-found[one], one))
    return read_patients(db, [book.names[one].patient_id for one in ranked])


def _scores(word: str, book: _Book) -> dict[str, float]:
    """Known word to how well it fits."""
    found = dict.fromkeys(book.holding(word), HOLDS) if len(word) >= 2 else {}
    found.update(dict.fromkeys(book.starting_with(word), BEGINS))
    if word in book.holders:
        found[word] = EXACT
    if len(word) < SHORTEST_GUESS or word.isdigit():
        return found
    allowed = 1 if len(word) <= 5 else 2
    beginning = book.beginning(len(word))
    for known, distance in _near(word, book.guessable, allowed):
        found[known] = max(found.get(known, 0.0), ALMOST - 10 * distance)
    for first_letters, distance in _near(word, list(beginning), allowed):
        for known in beginning[first_letters]:
            found[known] = max(found.get(known, 0.0), ALMOST - 10 * distance - 5)
    return found


def _near(word: str, among: Sequence[str], allowed: int) -> Iterator[tuple[str, int]]:
    """Those that differ in at most so many letters, and in how many."""
    for near, distance, _ in process.extract(word, among, scorer=OSA.distance, score_cutoff=allowed, limit=None):
        yield near, distance


def _words(text: str) -> list[str]:
    plain = "".join(one for one in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(one))
    return "".join(one if one.isalnum() else " " for one in plain.replace("'", "").replace("’", "")).split()


def _book(db: Reader) -> _Book:
    if not isinstance(db, Database):
        return _read_book(db, {})
    before: _Book | None = db.kept_lists.stale(LIST)
    return db.kept_lists.or_read(LIST, (LIST,), lambda: _read_book(db, before.entries if before else {}))


def _read_book(db: Reader, before: dict[str, _Entry]) -> _Book:
    entries: dict[str, _Entry] = {}
    for id_, *sealed in db.rows("select id, sealed_number, sealed_given_name, sealed_family_name from patient"):
        known = before.get(id_)
        entries[id_] = known if known is not None and known.sealed == tuple(sealed) else _entry(db, id_, tuple(sealed))
    ordered = sorted(entries.values(), key=lambda one: one.order)
    holders: dict[str, list[int]] = defaultdict(list)
    numbers: set[str] = set()
    for place, entry in enumerate(ordered):
        numbers |= entry.of_number
        for word in entry.words:
            holders[word].append(place)
    words = sorted(holders)
    return _Book(entries, tuple(one.name for one in ordered), dict(holders), words, BETWEEN.join(["", *words, ""]),
                 [one for one in words if one not in numbers])


def _entry(db: Reader, id_: str, sealed: Sealed) -> _Entry:
    number, given, family = (
        open_text(db.keys, "patient", column, id_, one)
        for column, one in zip(("sealed_number", "sealed_given_name", "sealed_family_name"), sealed, strict=True)
    )
    name = KnownName(id_, number, given, family)
    of_number = _words(number)
    words = {*_words(name.full_name), *of_number, "".join(_words(given)), "".join(_words(family)), "".join(of_number)}
    return _Entry(sealed, name, frozenset(of_number), frozenset(words - {""}), (family.casefold(), given.casefold(), id_))
