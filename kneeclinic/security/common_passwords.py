"""Passwords that anybody tries first: well-known words with the usual decorations, keyboard rows, repeats and counting."""

from __future__ import annotations

import re

# Words and names that head every published list of leaked passwords, and words of this trade. With the decorations that
# `is_common` takes off (case, digits and marks at the ends, letters written as digits) each stands for hundreds of passwords.
WORDS = frozenset("""
password passwort passwd contrasena motdepasse senha pass admin administrator root user guest login welcome letmein changeme
default secret master test testing demo temp qwerty azerty qwertz dragon monkey shadow sunshine princess football baseball basketball
soccer hockey superman batman spiderman ironman pokemon starwars trustno iloveyou loveme lovely love flower butterfly chocolate cheese
cookie coffee computer internet samsung google facebook apple android windows microsoft hello hellohello goodbye freedom whatever
nothing michael jennifer jessica ashley charlie thomas daniel andrew jordan joshua matthew anthony robert william george richard
hunter tigger buster ranger killer maggie ginger pepper summer winter spring autumn january february march april june july august
september october november december monday tuesday wednesday thursday friday saturday sunday maverick mustang corvette ferrari porsche
mercedes yamaha harley silver golden purple orange yellow banana cherry peanut diamond crystal phoenix falcon eagle cowboy
cowboys yankees lakers steelers liverpool arsenal chelsea barcelona america london canada mexico australia jesus christ jesuschrist
heaven angel angels blessed family mother father sister brother friend friends forever lifetime nicole michelle amanda samantha
elizabeth victoria alexander benjamin patrick anderson jackson madison taylor morgan merlin matrix gandalf dolphin panther tiger
lion rabbit kitten puppy snoopy garfield mickey minnie donald pumpkin rainbow unicorn fuckyou fuckoff asshole bullshit
access abcdef abcabc money business company office work hospital clinic kneeclinic knee physio physiotherapy physical therapy
therapist physicaltherapy physicaltherapist doctor nurse patient patients health medical medicine running runner runnersknee
rehab rehabilitation exercise backup server database system security private public letmeinnow iamthebest mypassword newpassword
myname asdfasdf qweasd zxcvbn qazwsx qazwsxedc passpass adminadmin rootroot testtest useruser
""".split())  # noqa: SIM905  (one word a cell reads worse)

_LEET = str.maketrans({"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "9": "g", "@": "a", "$": "s", "!": "i", "€": "e"})
_LEET_I = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"})
_ROWS = (
    "`1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./", "qwertzuiopü", "azertyuiop", "abcdefghijklmnopqrstuvwxyz",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p", "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0", "01234567890123456789", "!@#$%^&*()_+",
)
_WALKS = tuple(row for one in _ROWS for row in (one, one[::-1]))


def is_common(password: str) -> bool:
    """Would it be among the first some hundred thousand guesses that need no knowledge of the person?"""
    bare = password.strip().casefold()
    if len(set(bare)) <= 2 or _is_repeat(bare) or _is_walks(bare):
        return True
    if re.fullmatch(r"[\d\W_]{1,10}", bare):
        return True
    spellings = {bare, bare.translate(_LEET), bare.translate(_LEET_I)}
    for one in spellings | {re.sub(r"^[\d\W_]+|[\d\W_]+$", "", bare).translate(table) for table in (_LEET, _LEET_I)}:
        core = re.sub(r"^[\d\W_]+|[\d\W_]+$", "", one)
        if core in WORDS or (_is_repeat(core) and _unit(core) in WORDS) or _two_words(core) or (len(core) >= 5 and _is_walks(core)):
            return True
    return False


def _unit(text: str) -> str:
    for length in range(1, len(text) // 2 + 1):
        if len(text) % length == 0 and text[:length] * (len(text) // length) == text:
            return text[:length]
    return text


def _is_repeat(text: str) -> bool:
    """abcabcabc, 12121212: one short block again and again."""
    unit = _unit(text)
    return len(text) >= 6 and unit != text and (len(unit) <= 4 or unit in WORDS)


def _is_walks(text: str) -> bool:
    """Is the text made of at most three stretches along the keyboard or the alphabet, of three keys or more each?"""
    left, stretches = text, 0
    while left and stretches < 3:
        size = next((n for n in range(len(left), 2, -1) if any(left[:n] in walk for walk in _WALKS)), 0)
        if not size:
            return False
        left, stretches = left[size:], stretches + 1
    return not left and stretches > 0


def _two_words(text: str) -> bool:
    """Two short well-known words side by side, as in passwordadmin; long pairs are left to the person."""
    return len(text) <= 13 and any(text[:n].rstrip("-_. ") in WORDS and text[n:] in WORDS for n in range(3, len(text) - 2))
