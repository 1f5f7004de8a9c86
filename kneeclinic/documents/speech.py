"""What a document says to a patient: every sentence from the wording file, numbers in the patient's units, dates in the patient's language."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from kneeclinic.knowledge import Knowledge
from kneeclinic.knowledge.schema import Exercise, ExerciseWords
from kneeclinic.progress.amounts import KM_PER_MILE, LB_PER_KG, run_text
from kneeclinic.record import Dose, ProgramItem
from kneeclinic.vocabulary import AffectedSide, Units

EVERYWHERE = ("floor", "chair", "wall", "route")
"""What every home has."""


@dataclass(frozen=True)
class Speech:
    """One language and one system of units."""

    knowledge: Knowledge
    language: str
    units: Units

    def say(self, key: str, **fields: object) -> str:
        return self.knowledge.text(key, self.language, **fields)

    def words(self, exercise: str) -> ExerciseWords:
        return self.knowledge.words(exercise, self.language)

    def message(self, education: str) -> str:
        return self.knowledge.wording[self.language].education[education]

    def distance(self, key: str, km: float) -> str:
        """The sentence `key` in kilometres or miles, one decimal at most."""
        if self.units is Units.IMPERIAL:
            return self.say(f"{key}_miles", miles=_plain(km / KM_PER_MILE))
        return self.say(f"{key}_km", km=_plain(km))

    def one_run(self, km: float) -> str:
        """One run of the week with its sign, which all our languages share."""
        return run_text(km, self.units)

    def mass(self, kg: float) -> str:
        if self.units is Units.IMPERIAL:
            return self.say("with_load_lb", lb=_plain(kg * LB_PER_KG))
        return self.say("with_load_kg", kg=_plain(kg))

    def day(self, on: date) -> str:
        return self.say("date_long", day=on.day, month=self.say(f"month_{on.month}"), year=on.year)

    def leg(self, side: AffectedSide, sided: bool) -> str:
        if not sided:
            return ""
        return self.say(f"{side.value}_legs" if side is AffectedSide.BOTH else f"{side.value}_leg")

    def knee(self, side: AffectedSide) -> str:
        return self.say(f"{side.value}_knees" if side is AffectedSide.BOTH else f"{side.value}_knee")

    def days(self, item: ProgramItem) -> str:
        if item.days:
            return ", ".join(self.say(f"day_short_{one}") for one in sorted(item.days))
        count = item.dose.days_per_week
        if count >= 14:
            return self.say("twice_a_day")
        if count >= 7:
            return self.say("every_day")
        return self.say("days_a_week", days=count) if count != 1 else self.say("days_a_week_one")

    def dose(self, dose: Dose) -> str:
        """The big line: 3 x 12, 3 x 30 s, 20 min."""
        if dose.reps:
            return self.say("sets_reps", sets=dose.sets or 1, reps=dose.reps)
        if dose.hold_s:
            return self.say("sets_hold", sets=dose.sets or 1, seconds=_plain(dose.hold_s))
        if dose.minutes:
            return self.say("minutes", minutes=_plain(dose.minutes))
        return self.say("sets_reps", sets=dose.sets or 1, reps=1)

    def rounds(self, exercise: Exercise) -> str:
        """How often the repetitions of one set are done, where it is more than once."""
        if exercise.rounds == 1:
            return ""
        if exercise.rounds > 2:
            return self.say("rounds_directions", rounds=exercise.rounds)
        return self.say("rounds_side" if exercise.category == "core" else "rounds_way")

    def needs(self, exercises: Iterable[Exercise], have: Collection[str]) -> str:
        """What to lay out for the program beside floor, chair and wall; of several ways the one that is at home."""
        things: list[str] = []
        for exercise in exercises:
            things += [self.say(f"equipment_{one}") for one in exercise.equipment if one not in EVERYWHERE]
            if exercise.any_equipment:
                at_home = next((one for one in exercise.any_equipment if one in have), None)
                several = (self.say(f"equipment_{one}") for one in exercise.any_equipment)
                things.append(self.say(f"equipment_{at_home}") if at_home else f" {self.say('or_words', first='', last='').strip()} ".join(several))
        return self.say("you_need", things=", ".join(dict.fromkeys(things))) if things else ""

    def dose_details(self, item: ProgramItem) -> tuple[str, ...]:
        dose = item.dose
        found = [one for one in (self.rounds(self.knowledge.exercise(item.exercise)),) if one]
        if dose.reps and dose.hold_s:
            found.append(self.say("hold", seconds=_plain(dose.hold_s)))
        if dose.load_kg:
            found.append(self.mass(dose.load_kg))
        if dose.tempo:
            found.append(self.say("tempo", tempo=dose.tempo))
        if dose.minutes and (dose.reps or dose.hold_s):
            found.append(self.say("minutes", minutes=_plain(dose.minutes)))
        found.append(self.days(item))
        return tuple(found)


def _plain(value: float) -> str:
    """At most one decimal, none when it is whole."""
    rounded = round(value, 1)
    return f"{rounded:.0f}" if rounded == int(rounded) else f"{rounded:.1f}"
