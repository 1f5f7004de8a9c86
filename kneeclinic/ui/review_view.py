"""The weekly review on the screen: one patient after another, this week against last, what the rules suggest, and the decision."""

from __future__ import annotations

from datetime import date

import streamlit as st

from kneeclinic import actions
from kneeclinic.progress.caseload import caseload
from kneeclinic.progress.review import Tile, WeeklyReview, weekly_review
from kneeclinic.record import Case
from kneeclinic.record.forms import ReviewForm
from kneeclinic.ui import cards, check_in_view, errors, findings_view, links, session, words
from kneeclinic.vocabulary import Decision

PLACE, FROM_ELSEWHERE = "_review_place", "_review_from_elsewhere"


def week(at: session.Desk) -> date:
    """The week under review: the one that today falls in."""
    return check_in_view.week_of(at.clinic.today, at.clinic.profile.week_start)


def queue(at: session.Desk) -> list[str]:
    """Open episodes, the most urgent first; kept for the length of the round, so that nobody jumps while decisions fall."""
    key = f"_review_queue_{week(at)}"
    cases = at.clinic.cases()
    alive = {one.episode.id for one in cases}
    kept = [one for one in st.session_state.get(key, []) if one in alive]
    if not kept or alive - set(kept):
        ranked = [row.episode_id for row in caseload(cases, at.clinic.knowledge, at.clinic.today)]
        kept = [*kept, *(one for one in ranked if one not in kept)]
        st.session_state[key] = kept
    return kept


def decided(case: Case, on: date) -> bool:
    return any(one.week_start == on and one.undone_at is None for one in case.reviews)


def place(waiting: list[str]) -> int:
    """Which patient of the queue is on the desk."""
    asked = session.open_episode_id()
    known = st.session_state.get(PLACE)
    if known is None or st.session_state.pop(FROM_ELSEWHERE, False):
        st.session_state[PLACE] = waiting.index(asked) if asked in waiting else 0
    return max(0, min(int(st.session_state[PLACE]), len(waiting)))


def go(step: int) -> None:
    st.session_state[PLACE] = max(0, int(st.session_state.get(PLACE) or 0) + step)


def jump(number: int) -> None:
    st.session_state[PLACE] = number


def head(at: session.Desk, waiting: list[str], here: int, done: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        cards.title("Weekly review", f"Week of {words.day(week(at), year=True)}")
        st.space("stretch")
        st.button("Previous", icon=":material/arrow_back:", on_click=go, args=(-1,), disabled=here == 0, shortcut="Left")
        st.button("Next", icon=":material/arrow_forward:", icon_position="right", on_click=go, args=(1,), disabled=here >= len(waiting),
                  shortcut="Right")
    shown = f"Patient {here + 1} of {len(waiting)}" if here < len(waiting) else "Summary"
    st.progress(done / len(waiting) if waiting else 0.0, text=f"{shown} · {done} decided")


def tiles(at: session.Desk, found: WeeklyReview) -> None:
    """This week against last in one row."""
    lowest = found.facts.lowest_lsi
    with st.grid(7, min_column_width=118, gap="small"):
        for one in found.tiles:
            tile(at, one)
        st.metric("Lowest symmetry", f"{lowest:.0f} %" if lowest is not None else "not tested", border=True, height="stretch")


def tile(at: session.Desk, one: Tile) -> None:
    """One number with what it was; the word says whether it fell or rose, colour only repeats it."""
    good_is_less = one.unit == "/10"
    if isinstance(one.now, str) or isinstance(one.last, str) or one.now is None:
        value = str(one.now) if one.now is not None else "not told" if one.label != "Fluid" else "not tested"
        st.metric(one.label, value, f"was {one.last}" if one.last is not None else None, delta_color="off", delta_arrow="off", border=True,
                  height="stretch")
        return
    value = words.distance(one.now, at.units) if one.unit == "km" else f"{one.now:.0f}{one.unit if good_is_less else f' {one.unit}'}"
    if one.last is None or one.last == one.now:
        st.metric(one.label, value, "same as last week" if one.last is not None else None, delta_color="off", delta_arrow="off", border=True,
                  height="stretch")
        return
    was = words.distance(one.last, at.units) if one.unit == "km" else f"{one.last:.0f}"
    colour = "off" if one.unit == "km" else "inverse" if good_is_less else "normal"
    st.metric(one.label, value, f"{one.now - one.last:+.0f}, was {was}", delta_color=colour, border=True, height="stretch")  # type: ignore[arg-type]


def patient(at: session.Desk, case: Case) -> None:
    """One patient on one screen."""
    found = weekly_review(case, at.clinic.knowledge, at.clinic.today, first_day=at.clinic.profile.week_start)
    from kneeclinic.ui import frame

    st.markdown("#### " + frame.headline(at, case))
    tiles(at, found)
    left, right = st.columns((10, 11), gap="medium")
    with left:
        with cards.card("Verdicts", icon="balance", key="verdicts"):
            told = [one for one in found.verdicts if one.n > 0]
            if not told:
                cards.empty("No series yet", "Two values of one measure are needed for a verdict.", icon="balance")
            for one in told:
                name = at.clinic.knowledge.measure(one.measure).label
                st.markdown(f"**{words.safe(name)}** {words.verdict_badge(one.verdict)}  \n:small[{words.safe(one.clinician_words)}]")
        with cards.card("Alerts", icon="flag", key="alerts"):
            findings_view.flag_list(at, case, found.flags)
            for line in cards.support_lines(at, case.program) if case.program else []:
                st.markdown(line)
        last = case.check_ins[-1] if case.check_ins else None
        if last and last.note:
            with cards.card("In the patient's words", icon="chat", key="words"):
                st.markdown(f"{words.safe(last.note)}  \n:gray[week of {words.day(last.week_start)}]")
    with right:
        deciding(at, case, found)


def deciding(at: session.Desk, case: Case, found: WeeklyReview) -> None:
    """What the rules suggest and why, what would change, and the decision."""
    suggested = found.decision
    word, icon = words.DECISION_WORD[suggested.decision]
    with cards.card(f"Suggested: {word.lower()}", icon=icon.strip(":").removeprefix("material/"), key="suggested"):
        st.markdown(f"**{words.safe(suggested.title)}** :gray[{suggested.rule}]  \n{words.safe(words.listed(suggested.because))}.  \n"
                    f"{words.safe(suggested.then)}")
        for extra in suggested.added:
            st.markdown(f":orange-badge[and {words.DECISION_WORD[extra.decision][0].lower()}] {words.safe(extra.title)}: "
                        f"{words.safe(words.listed(extra.because))}. {words.safe(extra.then)} :gray[{extra.rule}]")
        if found.difference:
            st.markdown("**What would change**")
            st.markdown("  \n".join(f":material/change_circle: {words.safe(one if isinstance(one, str) else one.text)}" for one in found.difference))
        else:
            st.caption("The program stays as it is.")
    stands = next((one for one in case.reviews if one.week_start == week(at) and one.undone_at is None), None)
    if stands is not None:
        with st.container(border=True, horizontal=True, vertical_alignment="center", key="card_decided"):
            why = f": {words.safe(stands.reason)}" if stands.reason else ""
            st.markdown(f":green-badge[:material/task_alt: decided] **{words.DECISION_WORD[stands.decision][0]}**{why}")
            st.space("stretch")
            if at.may("undo_review"):
                st.button("Undo", icon=":material/undo:", on_click=undo, args=(stands.id,), type="tertiary")
        return
    if not at.may("decide_review"):
        st.caption("A clinician decides.")
        return
    with st.container(border=True, key="card_decide"):
        st.button(f"Accept: {word.lower()}", type="primary", icon=":material/check:", shortcut="A", on_click=decide,
                  args=(case.episode.id, suggested.decision, "", case.program.version if case.program else None), width="stretch")
        with st.form(f"other_{case.episode.id}", border=False):
            others = [one for one in Decision if one is not suggested.decision]
            other = st.pills("Decide otherwise", others, format_func=lambda one: words.DECISION_WORD[one][0])
            why = st.text_input("Reason (needed when it differs)", max_chars=500)
            if st.form_submit_button("Decide this", icon=":material/gavel:"):
                if other is None:
                    st.error("Choose what is decided.", icon=":material/error:")
                else:
                    with errors.calmly():
                        settle(case.episode.id, other, why, case.program.version if case.program else None)
                        st.rerun()


@errors.on_click
def decide(episode_id: str, decision: Decision, reason: str, version: int | None) -> None:
    settle(episode_id, decision, reason, version)


def settle(episode_id: str, decision: Decision, reason: str, version: int | None) -> None:
    at = session.desk()
    case = at.clinic.case(episode_id)
    actions.decide_review(at.clinic, at.actor, episode_id, ReviewForm(week_start=week(at), decision=decision, reason=reason), version)
    errors.say(f"{case.patient.full_name}: {words.DECISION_WORD[decision][0].lower()}.")
    go(1)


@errors.on_click
def undo(review_id: str) -> None:
    at = session.desk()
    actions.undo_review(at.clinic, at.actor, review_id)
    errors.say("The decision is undone.")


def summary(at: session.Desk, cases: dict[str, Case]) -> None:
    """After the last patient: what was decided, who still waits, and the pack to print."""
    on = week(at)
    st.markdown("#### Summary of the week")
    by_decision: dict[Decision, list[str]] = {}
    for case in cases.values():
        for one in case.reviews:
            if one.week_start == on and one.undone_at is None:
                by_decision.setdefault(one.decision, []).append(case.patient.full_name)
    waiting = [case.patient.full_name for case in cases.values() if not decided(case, on)]
    with st.grid(3, min_column_width=220, gap="small") as wall:
        for decision, names in by_decision.items():
            word, icon = words.DECISION_WORD[decision]
            with wall.cell(), st.container(border=True, gap="xsmall"):
                st.markdown(f"{icon} **{word}** {len(names)}  \n" + "  \n".join(words.safe(one) for one in names))
        if waiting:
            with wall.cell(), st.container(border=True, gap="xsmall"):
                st.markdown(f":material/hourglass_empty: **Not decided yet** {len(waiting)}  \n"
                            + "  \n".join(words.safe(one) for one in waiting[:12]))
    with st.container(horizontal=True):
        links.download("Print the review pack", "review/all", icon=":material/print:", primary=True)
        st.button("From the beginning", icon=":material/restart_alt:", on_click=jump, args=(0,))


def keys() -> None:
    st.caption("Keys: ← previous · → next · A accept the suggestion")


