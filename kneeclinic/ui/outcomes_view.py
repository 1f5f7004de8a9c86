"""How the clinic does: four numbers with their intervals and n, and groups; groups too small to tell are hidden and say so."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from kneeclinic.charts.outcomes import outcomes_figure, outcomes_sentence
from kneeclinic.progress.outcomes import CHECKPOINTS, Group, Outcomes, outcomes
from kneeclinic.progress.proportion import Proportion
from kneeclinic.record import Case
from kneeclinic.ui import cards, kept, records, session, words

BY_WORD = {"phase at start": "By phase at the start", "template": "By template", "start severity": "By severity at the start",
           "adherence": "By what was done"}


def all_cases(at: session.Desk) -> tuple[Case, ...]:
    """Every episode, ended ones too; in a house of many thousands the newest, which are enough for a share."""
    return at.clinic.counted(records.all_episodes(at)[-kept.MOST_AT_ONCE:])


def percent(one: Proportion) -> tuple[str, str]:
    """The share, and its interval with n."""
    if one.share is None or one.interval is None:
        return "–", "nobody judged yet"
    low, high = one.interval
    return f"{100 * one.share:.0f} %", f"{100 * low:.0f} to {100 * high:.0f} %, {one.hits} of {one.n}"


def enough_for(one: Proportion, small: int) -> tuple[str, str]:
    """As `percent`, by the rule of the groups: nothing but n where there are fewer than are shown."""
    return percent(one) if one.n == 0 or one.n >= small else (f"too few: {one.n}", f"{small} are needed")


def numbers(found: Outcomes) -> None:
    """Four numbers."""
    told = [(f"Really better by week {week}", *enough_for(one, found.small_group)) for week, one in found.really_better.items()]
    days = found.median_days_to_discharge
    enough = f"{found.discharged} discharged"
    told.append(("Weeks to discharge, median", f"{days / 7:.1f}" if days is not None else "–",
                 enough if days is not None else f"{enough}; {found.small_group} are needed"))
    told.append(("Dropped out", *enough_for(found.drop_out, found.small_group)))
    with st.grid(4, min_column_width=165, gap="small"):
        for label, value, under in told:
            st.metric(label, value, under, delta_color="off", delta_arrow="off", border=True)


def group_rows(groups: list[Group], small: int) -> pd.DataFrame:
    rows = []
    for one in groups:
        row: dict[str, object] = {"Group": one.name, "n": f"under {small}" if one.hidden else str(one.n)}
        for week in (week for week in CHECKPOINTS if any(week in other.really_better for other in groups)):
            share = one.really_better.get(week)
            value, under = percent(share) if share is not None and not one.hidden else ("too few" if one.hidden else "–", "")
            row[f"Week {week}"] = value
            row[f"Interval, week {week}"] = under
        rows.append(row)
    return pd.DataFrame(rows)


def groups(found: Outcomes) -> None:
    """Breakdowns, two beside each other where there is room for their intervals."""
    kinds = [by for by in dict.fromkeys(one.by for one in found.groups) if sum(one.by == by for one in found.groups) > 1]
    with st.grid(2, min_column_width=430, gap="small") as wall:
        for number, by in enumerate(kinds):
            mine = [one for one in found.groups if one.by == by]
            with wall.cell(), cards.card(BY_WORD.get(by, by.capitalize()), key=f"group_{number}"):
                st.dataframe(group_rows(mine, found.small_group), hide_index=True, alt=f"Really better, {by}",
                             column_config={"Group": st.column_config.TextColumn(width=150),
                                            "n": st.column_config.TextColumn(width=66, alignment="right")})
    if found.hidden_groups:
        st.caption(f"Groups with fewer than {found.small_group} patients are hidden: too few to tell from chance, too easy to recognize.")


def show(at: session.Desk) -> None:
    cases = all_cases(at)
    found = kept.of_all("outcomes", cases, at, lambda: outcomes(cases, at.clinic.knowledge, at.clinic.today))
    if not found.episodes:
        cards.empty("No course to look at yet", "As soon as patients have a program and two values of one measure, this page counts.",
                    icon="query_stats")
        return
    st.caption(f"{found.episodes} episodes with a program, up to {words.day(at.clinic.today, year=True)}. "
               "“Really better” means beyond measurement noise and beyond the important change.")
    if (everybody := len(records.all_episodes(at))) > kept.MOST_AT_ONCE:
        st.caption(f"Counted are the newest {kept.MOST_AT_ONCE:,} of {everybody:,} episodes.")
    numbers(found)
    week = st.segmented_control("Shares at", list(CHECKPOINTS), default=CHECKPOINTS[0], required=True, format_func=lambda one: f"Week {one}")
    with cards.card("Really better, by group", key="outcomes_chart"):
        st.markdown(words.safe(outcomes_sentence(found, week)))
        st.plotly_chart(outcomes_figure(found, week), key="outcomes_chart", config={"displayModeBar": False}, width="stretch",
                        alt=outcomes_sentence(found, week))
    groups(found)
