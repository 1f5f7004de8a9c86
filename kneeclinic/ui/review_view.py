"""The weekly review on the screen: one patient after another, this week against last, what holds, what the rules suggest, and the decision."""

from __future__ import annotations

import streamlit as st

from kneeclinic.progress.amounts import distances_in
from kneeclinic.progress.caseload import caseload_row
from kneeclinic.progress.change import ChangeVerdict
from kneeclinic.progress.review import Tile, WeeklyReview
from kneeclinic.record import Case, Program
from kneeclinic.ui import cards, caseload_view, findings_view, kept, links, review_round, session, words
from kneeclinic.ui.review_deciding import deciding, others
from kneeclinic.vocabulary import Decision, Units

SHORT = {"Rest or next morning": "Rest, a.m."}
"""Of labels that seven tiles in a row would cut at 1024 pixels."""
READ = {"pair": "change", "steady": "change by the trend", "present": "mean of the latest against the first"}
"""What was judged: not always the last value less the first."""
OWN_PLACE = ("red_flag", "on_course")
"""Reasons that are told elsewhere on the screen."""


def head(at: session.Desk, waiting: list[str], here: int, done: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        cards.title("Weekly review", f"Week of {words.day(review_round.week(at), year=True)}")
        st.space("stretch")
        st.button("Previous", icon=":material/arrow_back:", on_click=review_round.go, args=(-1,), disabled=here == 0, shortcut="Left")
        st.button("Next", icon=":material/arrow_forward:", icon_position="right", on_click=review_round.go, args=(1,), disabled=here >= len(waiting),
                  shortcut="Right")
    shown = f"Patient {here + 1} of {len(waiting)}" if here < len(waiting) else "Summary"
    st.progress(done / len(waiting) if waiting else 0.0, text=f"{shown} · {done} decided")


def tiles(at: session.Desk, found: WeeklyReview) -> None:
    """This week against last in one row."""
    lowest = found.facts.lowest_lsi
    with st.grid(7, min_column_width=92, gap="xsmall"):
        for one in found.tiles:
            tile(at, one)
        st.metric("Symmetry", f"{lowest:.0f} %" if lowest is not None else "not tested", border=True, height="stretch")


def tile(at: session.Desk, one: Tile) -> None:
    """One number with what it was; the word says whether it fell or rose, colour only repeats it."""
    good_is_less, label = one.unit == "/10", SHORT.get(one.label, one.label)
    if isinstance(one.now, str) or isinstance(one.last, str) or one.now is None:
        value = str(one.now) if one.now is not None else "not told" if one.label != "Fluid" else "not tested"
        last = words.distance(one.last, at.units) if one.unit == "km" and isinstance(one.last, int | float) else one.last
        st.metric(label, value, f"was {last}" if one.last is not None else None, delta_color="off", delta_arrow="off", border=True,
                  height="stretch")
        return
    value = words.distance(one.now, at.units) if one.unit == "km" else f"{one.now:.0f}{one.unit if good_is_less else f' {one.unit}'}"
    if one.last is None or one.last == one.now:
        st.metric(label, value, "as before" if one.last is not None else None, delta_color="off", delta_arrow="off", border=True,
                  height="stretch")
        return
    was = words.distance(one.last, at.units) if one.unit == "km" else f"{one.last:.0f}"
    by = f"{distance_shown(one.now - one.last, at.units):+.1f}".removesuffix(".0") if one.unit == "km" else f"{one.now - one.last:+.0f}"
    if by in ("+0", "-0"):
        st.metric(label, value, f"was {was}", delta_color="off", delta_arrow="off", border=True, height="stretch")
        return
    colour = "off" if one.unit == "km" else "inverse" if good_is_less else "normal"
    st.metric(label, value, f"{by}, was {was}", delta_color=colour, border=True, height="stretch")  # type: ignore[arg-type]


def distance_shown(km: float, units: Units) -> float:
    """The number beside the clinic's sign for a distance."""
    return km / words.KM_PER_MILE if units is Units.IMPERIAL else km


def patient(at: session.Desk, case: Case) -> None:
    """One patient on one screen."""
    found = kept.review(at, case)
    tiles(at, found)
    left, right = st.columns((10, 11), gap="small")
    with left:
        alerts(at, case, found)
        verdicts(at, found)
        last = case.check_ins[-1] if case.check_ins else None
        if last and last.note:
            with cards.card("In the patient's words", icon="chat", key="words"):
                st.markdown(f"{words.safe(last.note)}  \n:small[:gray[week of {words.day(last.week_start)}]]")
    with right:
        deciding(at, case, found)
        if case.program is not None:
            program(at, case, case.program)


def verdicts(at: session.Desk, found: WeeklyReview) -> None:
    """What was measured more than once, each with its name before the verdict; what was measured once in one line."""
    judged = [one for one in found.verdicts if one.n > 1]
    once = [one for one in found.verdicts if one.n == 1]
    with cards.card("Verdicts since the start", icon="balance", key="verdicts"):
        if not judged:
            cards.empty("No series yet", "Two values of one measure are needed for a verdict.", icon="balance")
        for one in judged:
            name = at.clinic.knowledge.measure(one.measure).label
            st.markdown(f"**{words.safe(name)}** {words.verdict_badge(one.verdict)}  \n:small[{words.safe(verdict_words(one))}]")
        if once:
            told = [f"{words.safe(_short(at, one))} {one.last:g}" for one in once if one.last is not None]
            st.caption(f"One value so far: {words.listed(told)}.")


def _short(at: session.Desk, one: ChangeVerdict) -> str:
    measure = at.clinic.knowledge.measure(one.measure)
    return measure.short or measure.label


def verdict_words(one: ChangeVerdict) -> str:
    """The numbers behind a verdict, in one line; the verdict itself stands on the badge, the reasons on the progress page."""
    text = f"{one.first:g} to {one.last:g}, {one.n} values"
    if one.reading is not None and one.low is not None and one.high is not None:
        text += f"; {READ[one.reading.kind]} {one.reading.change:+.1f}, 95 % interval {one.low:.1f} to {one.high:.1f}"
    return text


def alerts(at: session.Desk, case: Case, found: WeeklyReview) -> None:
    """Red flags, and every other reason for a minute, each with the way to the data behind it."""
    clinic = at.clinic
    row = kept.of_case("row", case, at, lambda: caseload_row(case, clinic.knowledge, clinic.today))
    with cards.card("Alerts", icon="flag", key="alerts"):
        findings_view.flag_list(at, case, found.flags)
        for one in row.alerts:
            if one.id in OWN_PLACE:
                continue
            page, word = caseload_view.BEHIND[one.id]
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                with st.container(width="stretch"):
                    st.markdown(f"{caseload_view.MARK[one.severity].split()[0]} **{caseload_view.REASON_WORD[one.id]}**: "
                                f"{words.safe(distances_in(one.sentence, at.units))}")
                st.button(word, key=f"behind_{one.id}", type="tertiary", icon=":material/troubleshoot:", on_click=caseload_view.open_row,
                          args=(case.episode.id, page))
        if row.snoozed_until:
            st.caption(f"Asleep until {words.day(row.snoozed_until)}: {words.safe(row.snoozed_reason)}")


def program(at: session.Desk, case: Case, now: Program) -> None:
    """The program as it runs, in short."""
    with cards.card(f"Program, version {now.version}, since {words.day(now.starts_on)}", icon="fitness_center", key="program_now"):
        if now.paused:
            st.markdown(":orange-badge[:material/pause: paused]")
        lines = [f"{words.safe(cards.item_name(at.clinic.knowledge, one.exercise))} {words.SIDE_MARK[one.side]} "
                 f":gray[{words.dose_words(one.dose, at.clinic.knowledge.exercises.get(one.exercise), at.units)}]" for one in now.items]
        lines += [line for line in (cards.load_line(at, now),) if line]
        st.markdown("  \n".join([*lines, *cards.support_lines(at, now)]) or ":gray[No exercise in it.]")


def summary(at: session.Desk, cases: dict[str, Case]) -> None:
    """After the last patient: what was decided, who still waits, and the pack to print."""
    on = review_round.week(at)
    st.markdown("#### Summary of the week")
    by_decision: dict[Decision, list[str]] = {}
    for case in (*cases.values(), *review_round.left_treatment(at)):
        for one in case.reviews:
            if one.week_start == on and one.undone_at is None:
                by_decision.setdefault(one.decision, []).append(case.patient.full_name)
    waiting = [case.patient.full_name for case in cases.values() if not review_round.decided(case, on)]
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
        if waiting:
            st.button("To the first who waits", icon=":material/hourglass_empty:", on_click=review_round.go_to_undecided, shortcut="W")
        st.button("From the beginning", icon=":material/restart_alt:", on_click=review_round.jump, args=(0,))


def keys(at: session.Desk, cases: dict[str, Case], waiting: list[str], here: int) -> None:
    """The keys that do something on this screen, at the foot; after the last patient those of the summary."""
    case, on = cases[waiting[here]] if here < len(waiting) else None, review_round.week(at)
    told = ["**←** previous"] * (here > 0) + ["**→** next"] * (case is not None)
    if case is None:
        told += ["**W** the first who waits"] * any(not review_round.decided(one, on) for one in cases.values())
    elif review_round.decided(case, on):
        told += ["**U** undo"] * at.may("undo_review") + ["**L** letter"]
    elif at.may("decide_review"):
        choices = others(at, case, kept.review(at, case).decision.decision)
        told += ["**A** accept", f"**D** decide otherwise, then **1** to **{len(choices)}**, reason, **Enter**", "**N** note, **Enter**"]
        told += ["**X** discharge"] * (Decision.DISCHARGE in choices) + ["**L** letter", "**Esc** leave a field"]
    st.caption("Keys: " + " · ".join(told))
