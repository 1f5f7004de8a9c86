"""The blank form and the screen are drawn from one catalogue."""

from __future__ import annotations

import pytest

from kneeclinic.documents.assessment_form import assessment_form_pdf
from kneeclinic.vocabulary import VisitKind
from tests.documents.paper_builders import CLINIC, knowledge, text_of


@pytest.mark.parametrize("kind", list(VisitKind))
def test_the_form_asks_for_every_measure_of_that_visit_and_for_no_other(kind: VisitKind) -> None:
    text = text_of(assessment_form_pdf(knowledge(), CLINIC, kind)).replace(" ", "")
    asked = [one for one in knowledge().measures.values() if kind.value in one.visit_kinds and not one.derived]
    assert asked
    assert [one.id for one in asked if one.label.replace(" ", "") not in text] == []
    labels = {one.label for one in asked}
    others = [one.label for one in knowledge().measures.values() if one.label not in labels and not any(one.label in label for label in labels)]
    assert [label for label in others if len(label) > 20 and label.replace(" ", "") in text] == []
