"""Finds a patient by a few letters of the name or number, typing mistakes forgiven."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from dataclasses import dataclass

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
class _Book:
    names: tuple[KnownName, ...]
    holders: dict[str, list[int]]
    words: list[str]
    numbers: frozenset[str]


def known_names(db: Reader) -> dict[str, KnownName]:
    """Patient id to name and number, of everybody; kept in memory until a patient changes."""
    return {one.patient_id: one for one in _book(db).names}


def find_patients(db: Reader, text: str, limit: int = 20) -> tuple[Patient, ...]:
    """Patients whose name or number fits every word of `text`, the best first; () for an empty text."""
    asked = _words(text)
    if not asked:
        return ()
    book = _book(db)
    total: dict[int, float] = defaultdict(float)
    for place, word in enumerate(asked):
        best: dict[int, float] = defaultdict(float)
        for known, score in _scores(word, book).items():
            for holder in book.holders[known]:
                best[holder] = max(best[holder], score)
        total = defaultdict(float, {one: total[one] + score for one, score in best.items() if place == 0 or one in total})
    ranked = sorted(total, key=lambda one: (-total[one], book.names[one].family_name.casefold(), book.names[one].given_name.casefold(), one))
    return read_patients(db, [book.names[one].patient_id for one in ranked[:limit]])


def _scores(word: str, book: _Book) -> dict[str, float]:
    """Known word to how well it fits."""
    found: dict[str, float] = {}
    for known in book.words:
        if known == word:
            found[known] = EXACT
        elif known.startswith(word):
            found[known] = BEGINS
        elif len(word) >= 2 and word in known:
            found[known] = HOLDS
    if len(word) < SHORTEST_GUESS or word.isdigit():
        return found
    allowed = 1 if len(word) <= 5 else 2
    for cut in (None, len(word)):
        known_words = book.words if cut is None else [one[:cut] for one in book.words]
        for _, distance, place in process.extract(word, known_words, scorer=OSA.distance, score_cutoff=allowed, limit=None):
            known = book.words[place]
            if known not in book.numbers:
                guess = ALMOST - 10 * distance - (0 if cut is None else 5)
                found[known] = max(found.get(known, 0.0), guess)
    return found


def _words(text: str) -> list[str]:
    plain = "".join(one for one in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(one))
    return "".join(one if one.isalnum() else " " for one in plain.replace("'", "").replace("’", "")).split()


def _book(db: Reader) -> _Book:
    if not isinstance(db, Database):
        return _read_book(db)
    kept = db.kept_lists.get(LIST)
    if kept is None:
        read_at = db.changes.clock
        kept = _read_book(db)
        db.kept_lists.put(LIST, read_at, (LIST,), kept)
    book: _Book = kept
    return book


def _read_book(db: Reader) -> _Book:
    names: list[KnownName] = []
    holders: dict[str, list[int]] = defaultdict(list)
    numbers: set[str] = set()
    for id_, number, given, family in db.rows("select id, sealed_number, sealed_given_name, sealed_family_name from patient"):
        one = KnownName(
            id_,
            open_text(db.keys, "patient", "sealed_number", id_, number),
            open_text(db.keys, "patient", "sealed_given_name", id_, given),
            open_text(db.keys, "patient", "sealed_family_name", id_, family),
        )
        of_number = _words(one.number)
        numbers.update(of_number)
        words = {*_words(one.full_name), *of_number, "".join(_words(one.given_name)), "".join(_words(one.family_name)), "".join(of_number)}
        for word in words - {""}:
            holders[word].append(len(names))
        names.append(one)
    return _Book(tuple(names), dict(holders), list(holders), frozenset(numbers))
