"""The program and its papers on the screen: order, doses, habits, versions, units, and what was issued opens again."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pypdfium2 as pdfium
import pytest
from streamlit.testing.v1 import AppTest

from kneeclinic import actions
from kneeclinic.record import Case, DeviceNote, Dose
from kneeclinic.record.forms import ObservationForm, PatientForm, ProgramForm
from kneeclinic.rules.suggest import suggest
from kneeclinic.store import documents_of, read_draft
from kneeclinic.ui import program_draft, program_items, support_forms, words
from kneeclinic.ui.running_view import distances_in
from kneeclinic.vocabulary import AffectedSide, DocumentKind, Paper, SuggestionKind, Units, VisitKind
from tests.pages.conftest import Desk, runner, said


def press(at: AppTest, label: str) -> None:
    next(one for one in at.button if one.label == label).click().run()
    assert not at.exception


def field(at: AppTest, kind: str, label: str):
    return next(one for one in getattr(at, kind) if one.label == label)


def opened(desk: Desk) -> tuple[str, AppTest, Case]:
    episode = runner(desk.clinic)
    at = desk.page("program", episode)
    press(at, "Build from suggestions")
    return episode, at, desk.clinic.case(episode)


def test_the_order_is_changed_by_buttons_and_kept_with_the_version(desk: Desk) -> None:
    episode, at, case = opened(desk)
    one, _, three = drafted(desk, episode)[:3]
    at.button(key=f"move_down_{program_items.row(one)}").click().run()
    at.button(key=f"move_up_{program_items.row(three)}").click().run()
    press(at, f"Save version {case.program.version + 1}")
    built = [one.exercise for one in desk.clinic.case(episode).program.items]
    press(desk.page("program", episode), "Build from suggestions")
    assert len(built) >= 3
    first, second, third, *rest = [one.exercise for one in drafted(desk, episode)]
    assert built == [second, third, first, *rest]


def edit_first(at: AppTest) -> None:
    next(one for one in at.button if str(one.key).startswith("edit_")).click().run()


def drafted(desk: Desk, episode: str) -> tuple:
    """What stands in the kept draft."""
    stored = read_draft(desk.clinic.database, program_draft.KIND, desk.actor.account_id, episode)
    return ProgramForm.model_validate(stored.payload["form"]).items


def test_a_dose_is_edited_and_saved_and_a_tempo_that_cannot_be_is_refused_in_one_sentence(desk: Desk) -> None:
    episode, at, case = opened(desk)
    edit_first(at)
    field(at, "text_input", "Tempo (s)").set_value("slow")
    press(at, "Keep")
    assert any("cannot be read" in one.value for one in at.error)
    field(at, "number_input", "Sets").set_value(4)
    field(at, "number_input", "Reps").set_value(9)
    field(at, "text_input", "Tempo (s)").set_value("3-0-1")
    press(at, "Keep")
    press(at, f"Save version {case.program.version + 1}")
    dose = desk.clinic.case(episode).program.items[0].dose
    assert (dose.sets, dose.reps, dose.tempo) == (4, 9, "3-0-1")


def test_what_a_therapist_calls_the_usual_dose_begins_the_next_program(desk: Desk) -> None:
    _, at, _ = opened(desk)
    edit_first(at)
    field(at, "number_input", "Sets").set_value(5)
    field(at, "checkbox", "From now on my usual dose of this exercise").check()
    press(at, "Keep")
    press(at, "Build from suggestions")
    assert "5 ×" in said(at)


def test_minutes_of_the_day_and_load_of_the_week_stand_above_the_cards(desk: Desk) -> None:
    _, at, _ = opened(desk)
    text = said(at)
    assert "A week: " in text and " sets" in text and " minutes" in text


def test_an_older_version_is_taken_up_again_as_the_next_one(desk: Desk) -> None:
    """Versions differ readably, and the way back makes a new version instead of changing an old one."""
    episode, at, case = opened(desk)
    first = case.program
    press(at, f"Save version {first.version + 1}")
    after = desk.clinic.case(episode)
    assert [one.exercise for one in after.program.items] != [one.exercise for one in first.items] or after.program.items != first.items
    form = ProgramForm(starts_on=desk.clinic.today, items=after.program.items)
    back = program_draft.take_up(SimpleNamespace(clinic=desk.clinic), first)(form, after)
    allowed = {one.item for one in suggest(after, desk.clinic.knowledge, desk.clinic.today).avoid}
    kept = back.model_copy(update={"items": tuple(one for one in back.items if one.exercise not in allowed)})
    saved = actions.revise_program(desk.clinic, desk.actor, episode, kept, after.program.version)
    assert saved.version == first.version + 2
    assert [one.exercise for one in saved.items] == [one.exercise for one in first.items if one.exercise not in allowed]
    assert [one.version for one in desk.clinic.case(episode).programs] == list(range(1, saved.version + 1)), "no version was changed or lost"


def test_what_is_ruled_out_cannot_be_added_by_a_clinician_and_the_reason_is_said(desk: Desk) -> None:
    for case in desk.clinic.cases():
        found = suggest(case, desk.clinic.knowledge, desk.clinic.today)
        against = [one.item for one in found.avoid if one.item in desk.clinic.knowledge.exercises]
        if case.program and not found.blocked and against:
            break
    else:
        pytest.skip("nobody in the demo has an exercise ruled out today")
    at = desk.page("program", case.episode.id)
    box = next(one for one in at.selectbox if one.label == "Add an exercise")
    name = desk.clinic.knowledge.item_label(against[0])
    box.set_value(next(one for one in box.options if one.startswith(name) and "ruled out" in one)).run()
    assert any("Only the lead clinician may put it in" in one.value for one in at.error)
    assert not any(one.exercise == against[0] for one in desk.clinic.case(case.episode.id).program.items if one not in case.program.items)


def test_the_reasons_of_a_running_plan_are_told_in_the_units_of_the_clinic() -> None:
    assert distances_in("27.0 km a week in the last two weeks: pain up to 5/10, so hold.", Units.IMPERIAL).startswith("16.8 mi a week")
    assert distances_in("Longest run 6.8 km: 90% of it is the ceiling.", Units.METRIC) == "Longest run 6.8 km: 90% of it is the ceiling."


def test_a_dose_says_each_way_and_speaks_pounds_where_the_clinic_does(desk: Desk) -> None:
    steps = desk.clinic.knowledge.exercise("lateral_band_walk")
    assert words.dose_words(Dose(3, 10, None, None, 3), steps) == "3 × 10 each way, 3 days a week"
    assert "22 lb" in words.dose_words(Dose(3, 10, None, None, 3, 10.0), None, Units.IMPERIAL)


def test_what_was_issued_is_kept_with_its_hash_and_opens_as_the_same_bytes(desk: Desk) -> None:
    episode = runner(desk.clinic)
    at = desk.page("documents", episode)
    press(at, "Issue and keep")
    made = [one for one in documents(desk, episode) if one.kind is DocumentKind.HANDOUT]
    assert len(made) == 1
    data = actions.open_document(desk.clinic, desk.actor, made[0].id)
    assert data.startswith(b"%PDF") and hashlib.sha256(data).hexdigest() == made[0].sha256
    assert actions.open_document(desk.clinic, desk.actor, made[0].id) == data
    assert words.safe(made[0].file_name) in said(at), "it stands in the history at once"


def documents(desk: Desk, episode: str) -> tuple:
    return documents_of(desk.clinic.database, desk.clinic.case(episode).patient.id)


def test_papers_for_everybody_are_issued_with_a_count_and_those_left_out_are_named(desk: Desk) -> None:
    at = desk.page("documents")
    field(at, "segmented_control", "For").set_value("Everybody").run()
    count = len(desk.clinic.cases())
    press(at, f"Issue for all {count}")
    issued = sum(len(documents(desk, one.episode.id)) for one in desk.clinic.cases())
    assert any(f"{issued} issued" in one.value for one in at.success)
    left = [one for one in desk.clinic.cases() if not documents(desk, one.episode.id)]
    assert all(one.patient.family_name in said(at) for one in left)


def test_a_rule_that_gives_exercises_and_advice_stands_on_one_card(desk: Desk) -> None:
    for case in desk.clinic.cases():
        found = suggest(case, desk.clinic.knowledge, desk.clinic.today)
        advice = {one.rule for one in found.suggestions if one.kind is SuggestionKind.ADVICE}
        both = advice & {one.rule for one in found.suggestions if one.kind not in (SuggestionKind.ADVICE, SuggestionKind.REFER)}
        if both and not found.blocked:
            break
    else:
        raise AssertionError("no runner of the demo has a rule with both")
    at = desk.page("program", case.episode.id)
    lines = [one.value for one in at.markdown if any(f"{rule}, " in str(one.value) for rule in both) and "grade" in str(one.value)]
    kinds = {(one.rule, one.kind, one.grade) for one in found.suggestions if one.rule in both and one.kind is not SuggestionKind.ADVICE}
    assert len(lines) == len(kinds), "one card for each kind of doing, none for the advice alone"
    item = next(item for one in found.suggestions if one.rule in both and one.kind is SuggestionKind.ADVICE for item in one.items)
    assert desk.clinic.knowledge.item_label(item) in "\n".join(str(one.value) for one in at.markdown).replace("\\", "")


def test_an_option_of_a_lower_grade_has_a_card_and_advice_of_its_own(desk: Desk) -> None:
    episode = runner(desk.clinic)
    side = desk.clinic.case(episode).episode.side.sides[0]
    visit = actions.start_visit(desk.clinic, desk.actor, episode, VisitKind.FOLLOW_UP, desk.clinic.today)
    actions.record_observations(desk.clinic, desk.actor, visit.id, [ObservationForm(measure="pain_resisted_extension", side=side, value=7)])
    cards = [one.value.replace("\\", "") for one in desk.page("program", episode).markdown]
    option = next(at for at, text in enumerate(cards) if "R12, grade F" in text)
    hold = next(at for at, text in enumerate(cards) if "R12, grade A" in text)
    assert "Blood-flow restriction is an option" in cards[option + 1] and "Blood-flow" not in cards[hold + 1]
    assert "Put the weight of the program on the hip" in cards[hold + 1]


def test_a_runner_without_a_running_plan_is_asked_for_it_before_saving_and_one_click_takes_the_computed_plan(desk: Desk) -> None:
    episode = runner(desk.clinic)
    assert desk.clinic.case(episode).program.load is not None
    at = desk.page("program", episode)
    assert "No running plan" not in said(at)
    at.session_state[f"part_{episode}"] = "Running"
    at.run()
    press(at, "No running plan")
    assert "No running plan: the handout will not speak of running" in said(at)
    at.button(key="running_take").click().run()
    assert not at.exception and "No running plan: the handout" not in said(at)


def large_pages(at: AppTest) -> int:
    return sum("in large" in str(one.proto) for one in at._tree.get("image"))


def test_the_live_sheet_is_read_in_large_by_one_click(desk: Desk) -> None:
    _, at, _ = opened(desk)
    assert large_pages(at) == 0
    press(at, "Enlarge")
    assert large_pages(at) == 2


def speaking(desk: Desk, case: Case, language: str) -> None:
    """The same patient with another language."""
    patient = case.patient
    fields = {name: getattr(patient, name) for name in PatientForm.model_fields}
    actions.revise_patient(desk.clinic, desk.actor, patient.id, PatientForm(**fields | {"language": language}), patient.version)


def test_the_live_sheet_follows_the_patient_and_not_the_program_alone(desk: Desk) -> None:
    episode, at, case = opened(desk)
    slot = f"_sheet_{episode}"
    before = at.session_state[slot][1]
    at.run()
    assert at.session_state[slot][1] is before, "nothing changed: the pages are not drawn again"
    speaking(desk, case, "es" if case.patient.language == "en" else "en")
    at.run()
    assert at.session_state[slot][1] != before


def test_the_picture_of_a_report_follows_what_was_told_since(desk: Desk) -> None:
    episode = runner(desk.clinic)
    at = desk.page("documents", episode)
    at.radio(key="document_kind").set_value(DocumentKind.PROGRESS_REPORT).run()
    before = at.session_state["_document_preview"][1]
    visit = actions.start_visit(desk.clinic, desk.actor, episode, VisitKind.WEEKLY, desk.clinic.today)
    told = ObservationForm(measure="pain_worst", side=desk.clinic.case(episode).episode.side.sides[0], value=9)
    actions.record_observations(desk.clinic, desk.actor, visit.id, [told])
    at.run()
    assert at.session_state["_document_preview"][1] != before
    press(at, "Enlarge")
    assert large_pages(at) >= len(before)


def test_an_exercise_once_for_each_leg_stands_on_the_page_and_each_row_opens_alone(desk: Desk) -> None:
    episode, at, case = opened(desk)
    first = next(one for one in drafted(desk, episode) if desk.clinic.knowledge.exercise(one.exercise).sided)
    legs = tuple(replace(first, side=side) for side in (AffectedSide.LEFT, AffectedSide.RIGHT))
    version = case.program.version
    saved = actions.revise_program(desk.clinic, desk.actor, episode, ProgramForm(starts_on=desk.clinic.today, items=legs), version)
    actions.discard_draft(desk.clinic, desk.actor, program_draft.KIND, episode)
    at = desk.page("program", episode)
    assert len(saved.items) == 2 and not at.exception
    at.button(key=f"edit_{program_items.row(legs[1])}").click().run()
    assert not at.exception
    assert len([one for one in at.button if one.label == "Keep"]) == 1


def test_a_device_of_the_program_is_changed_from_what_was_written(desk: Desk) -> None:
    episode, at, case = opened(desk)
    sleeve = DeviceNote("brace_sleeve", case.episode.side, "Owns one and trusts it", "only on long runs", desk.clinic.today,
                        desk.clinic.today + timedelta(days=5), "washed cold")
    items = drafted(desk, episode)[:1]
    actions.revise_program(desk.clinic, desk.actor, episode, ProgramForm(starts_on=desk.clinic.today, items=items, devices=(sleeve,)),
                           case.program.version)
    actions.discard_draft(desk.clinic, desk.actor, program_draft.KIND, episode)
    at = desk.page("program", episode)
    part = next(one for one in at.get("button_group") if "Brace, orthosis" in str(one.options))
    part.set_value(["Brace, orthosis"]).run() if isinstance(part.value, list) else part.set_value("Brace, orthosis").run()
    assert field(at, "text_input", "Reason (needed)").value == "Owns one and trusts it"
    assert field(at, "text_input", "When it is worn").value == "only on long runs"
    assert field(at, "text_input", "Note").value == "washed cold"
    assert field(at, "date_input", "Stops on").value == sleeve.stop_on


@pytest.mark.parametrize(("tries", "told"), [
    (((6, 2),), (6, 2)), (((5, 2), (4, 3)), (5, 3)), (((6, 2), (5, 2), (6, 3)), (6, 2)), (((3, 1), (2, 2), (2, 1)), (2, 1)), ((), (None, None)),
])
def test_a_half_of_the_mean_of_the_tries_counts_up_without_and_with_alike(tries: tuple, told: tuple) -> None:
    assert support_forms._means(tries) == told


def test_a_new_order_alone_is_told_as_a_change_that_can_be_saved(desk: Desk) -> None:
    episode, at, case = opened(desk)
    press(at, f"Save version {case.program.version + 1}")
    said_now = " ".join(one.value for one in at.markdown)
    assert "nothing changed yet" in said_now
    first = desk.clinic.case(episode).program.items[0]
    at.button(key=f"move_down_{program_items.row(first)}").click().run()
    said_now = " ".join(one.value for one in at.markdown)
    assert "nothing changed yet" not in said_now and "order" in said_now
    assert not next(one for one in at.button if one.label.startswith("Save version")).disabled


@pytest.mark.parametrize("kind", [DocumentKind.HANDOUT, DocumentKind.REVIEW_SHEET, DocumentKind.PROGRESS_REPORT, DocumentKind.VISIT_NOTE,
                                  DocumentKind.REFERRAL_LETTER, DocumentKind.DISCHARGE_SUMMARY, DocumentKind.ASSESSMENT_FORM])
def test_every_paper_leaves_on_the_paper_that_was_chosen_and_the_record_says_its_language(desk: Desk, kind: DocumentKind) -> None:
    episode = runner(desk.clinic)
    case = desk.clinic.case(episode)
    speaking(desk, case, "es")
    at = desk.page("documents", episode)
    at.radio(key="document_kind").set_value(kind).run()
    field(at, "segmented_control", "Paper").set_value(Paper.LETTER).run()
    press(at, "Issue and keep")
    made = documents_of(desk.clinic.database, case.patient.id)[0]
    page = pdfium.PdfDocument(actions.open_document(desk.clinic, desk.actor, made.id))[0]
    assert [round(one) for one in page.get_size()] == [612, 792]
    assert made.paper is Paper.LETTER and made.language == ("es" if kind is DocumentKind.HANDOUT else "en")


def test_the_note_of_the_last_visit_prints_what_was_taken_back_after_signing(desk: Desk) -> None:
    episode = runner(desk.clinic)
    visit = actions.start_visit(desk.clinic, desk.actor, episode, VisitKind.FOLLOW_UP, desk.clinic.today)
    side = desk.clinic.case(episode).episode.side.sides[0]
    kept = actions.record_observations(desk.clinic, desk.actor, visit.id, [ObservationForm(measure="pain_worst", side=side, value=9)])
    actions.sign_visit(desk.clinic, desk.actor, visit.id)
    actions.invalidate_observation(desk.clinic, desk.actor, kept[0].id, "Meant for the other knee")
    at = desk.page("documents", episode)
    at.radio(key="document_kind").set_value(DocumentKind.VISIT_NOTE).run()
    press(at, "Issue and keep")
    made = documents_of(desk.clinic.database, desk.clinic.case(episode).patient.id)[0]
    text = " ".join(" ".join(page.get_textpage().get_text_bounded() for page in pdfium.PdfDocument(
        actions.open_document(desk.clinic, desk.actor, made.id))).split())
    assert "Values taken back" in text and "Meant for the other knee" in text
