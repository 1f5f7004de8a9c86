"""Cross-checks of the words and pictures: every exercise and message has them in every language, and nothing is left over."""

from __future__ import annotations

from collections.abc import Iterator
from string import Formatter
from typing import Any

from kneeclinic.knowledge.contents import POSES, WORDING, Contents
from kneeclinic.knowledge.faults import Fault


def word_faults(contents: Contents) -> Iterator[Fault]:
    """Missing and superfluous words of exercises, messages and sentences; missing and superfluous poses."""
    for language, raw in contents.wording_raw.items():
        file = f"{WORDING}/{language}.toml"
        yield from _named(contents, file, "exercises", "exercise", raw)
        yield from _named(contents, file, "education", "education", raw)
    yield from _sentences(contents)
    if contents.pose_ids is not None and "exercise" not in contents.unread:
        for id in sorted(contents.ids["exercise"] - contents.pose_ids):
            yield Fault(POSES, id, "", "has no pose; add it to a file of this folder")
        for id in sorted(contents.pose_ids - contents.ids["exercise"]):
            yield Fault(POSES, id, "", "is a pose of no exercise; remove it")


def _named(contents: Contents, file: str, place: str, table: str, raw: dict[str, Any]) -> Iterator[Fault]:
    words = raw.get(place, {})
    if table in contents.unread or not isinstance(words, dict):
        return
    for id in sorted(contents.ids[table] - words.keys()):
        yield Fault(file, f"{place}.{id}", "", "has no words in this language")
    for id in sorted(words.keys() - contents.ids[table]):
        yield Fault(file, f"{place}.{id}", "", f"are words of no {table}; remove them")
    for id, sentence in words.items():
        if isinstance(sentence, str) and not sentence.strip():
            yield Fault(file, f"{place}.{id}", "", "is empty")


def _sentences(contents: Contents) -> Iterator[Fault]:
    """Every language has the same sentences with the same {fields}."""
    languages = {language: raw.get("text") for language, raw in contents.wording_raw.items()}
    texts = {language: text for language, text in languages.items() if isinstance(text, dict)}
    keys = sorted({key for text in texts.values() for key in text})
    for key in keys:
        fields: dict[str, set[str]] = {}
        for language, text in texts.items():
            place = Fault(f"{WORDING}/{language}.toml", f"text.{key}", "", "")
            sentence = text.get(key)
            if sentence is None:
                yield Fault(place.file, place.entry, "", f"is missing; {', '.join(sorted(texts.keys() - {language}))} has it")
            elif isinstance(sentence, str):
                found = _fields(sentence)
                if found is None:
                    yield Fault(place.file, place.entry, "", f"{sentence!r} has braces that do not hold a plain name")
                else:
                    fields[language] = found
        wanted = set().union(*fields.values())
        for language, found in fields.items():
            if found != wanted:
                missing = ", ".join(f"{{{name}}}" for name in sorted(wanted - found))
                yield Fault(f"{WORDING}/{language}.toml", f"text.{key}", "", f"lacks {missing}, which another language has")


def _fields(sentence: str) -> set[str] | None:
    """Names in braces; None when a brace is open or holds more than a name."""
    try:
        names = [name for _, name, _, _ in Formatter().parse(sentence) if name is not None]
    except ValueError:
        return None
    return set(names) if all(name.isidentifier() for name in names) else None
