"""Ten thousand generated inputs at the validators of the forms: no exception but a refusal, and nothing that violates a limit gets through."""

from __future__ import annotations

import math
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from kneeclinic.knowledge import load_knowledge
from kneeclinic.record import forms
from kneeclinic.record.form_words import fault_sentences
from kneeclinic.record.forms import Form, ObservationForm
from kneeclinic.rules.validation import check_value
from kneeclinic.vocabulary import MeasureKind, MeasureSides, Refused, Side

KNOWLEDGE = load_knowledge()
MEASURES = [one for one in KNOWLEDGE.measures.values() if not one.derived]
ANYTHING = st.one_of(
    st.none(), st.booleans(), st.integers(-10**6, 10**6), st.integers(), st.floats(), st.text(max_size=12), st.dates(), st.sampled_from(
        ["1+", "trace", "yes", "0", "10", "-0", "1e3", "٣", "NaN", "inf", " 5 ", "5,5", "", "\x00", "’ or 1=1", "left"]),
    st.lists(st.one_of(st.none(), st.floats(), st.integers(-5, 20)), max_size=15), st.dictionaries(st.text(max_size=3), st.integers(), max_size=2))
SIDES = st.one_of(st.sampled_from(list(Side)), st.none(), st.text(max_size=6))
ITEMS = st.one_of(st.none(), st.lists(st.one_of(st.none(), st.integers(-3, 12), st.floats(), st.text(max_size=3)), max_size=14))


@settings(max_examples=10_000, deadline=None)
@given(st.sampled_from(MEASURES), SIDES, ANYTHING, ITEMS)
def test_ten_thousand_values_are_within_their_limits_or_refused(measure, side, value, items) -> None:
    try:
        found = check_value(measure, side, value, items)
    except Refused as no:
        assert str(no).startswith(measure.id) and "\n" not in str(no).strip()
        return
    assert side in ((Side.LEFT, Side.RIGHT) if measure.sides is MeasureSides.EACH else (Side.NONE, None, ""))
    if isinstance(found.value, str):
        assert measure.kind in (MeasureKind.CHOICE, MeasureKind.TEXT) and (measure.kind is MeasureKind.TEXT or found.value in measure.choices)
        return
    assert math.isfinite(found.value)
    if measure.kind is MeasureKind.FLAG:
        assert found.value in (0, 1)
    elif measure.hard is not None:
        assert measure.hard[0] <= found.value <= measure.hard[1]
    if measure.kind is MeasureKind.INTEGER:
        assert found.value == int(found.value)
    if found.items is not None:
        fewest = measure.min_answered if measure.scoring == "mean" else None  # the patient names the activities: there may be fewer
        assert (fewest or len(measure.items)) <= len(found.items) <= len(measure.items)
        assert all(one is None or one in item.allowed for one, item in zip(found.items, measure.items, strict=False))


FORMS = [one for one in vars(forms).values() if isinstance(one, type) and issubclass(one, Form) and one is not Form]
PLAUSIBLE = st.one_of(ANYTHING, st.sampled_from(["female", "left", "right", "none", "told", "hold", "weekly", date(2026, 3, 2), "en", "metric"]))
FILLED = {form: st.tuples(st.just(form), st.fixed_dictionaries({}, optional=dict.fromkeys(form.model_fields, PLAUSIBLE))) for form in FORMS}


@settings(max_examples=10_000, deadline=None)
@given(st.sampled_from(FORMS).flatmap(FILLED.__getitem__))
def test_ten_thousand_forms_are_within_their_limits_or_refused_in_sentences(case) -> None:
    form, values = case
    try:
        made = form.model_validate(values)
    except ValidationError as error:
        assert all(one.endswith(".") and "should" not in one for one in fault_sentences(error))
        return
    for name, field in form.model_fields.items():
        found = getattr(made, name)
        for limit in field.metadata:
            if isinstance(found, str):
                assert len(found) <= getattr(limit, "max_length", 10**9) and len(found) >= getattr(limit, "min_length", 0)
            elif isinstance(found, int | float) and not isinstance(found, bool):
                assert getattr(limit, "ge", -math.inf) <= found <= getattr(limit, "le", math.inf), (name, found)


@settings(max_examples=500, deadline=None)
@given(ANYTHING, ITEMS)
def test_a_form_of_one_value_takes_nothing_that_is_not_a_number_a_word_or_answers(value, items) -> None:
    try:
        made = ObservationForm(measure="pain_worst", side=Side.LEFT, value=value, items=items)
    except (ValidationError, TypeError):
        return
    try:
        found = check_value(KNOWLEDGE.measure("pain_worst"), made.side, made.value, made.items).value
    except Refused:
        return
    assert found in range(11)
