"""How the clinic does, group by group: share really better with the interval that the number of patients allows."""

from __future__ import annotations

from collections import Counter

import plotly.graph_objects as go

from kneeclinic.charts.style import INK, LINE, TEAL, axes, chart, message
from kneeclinic.progress.outcomes import Group, Outcomes
from kneeclinic.progress.proportion import Proportion

ROW = 30
NOT_YET = "No episode with a program has reached week {week} yet."


def outcomes_figure(found: Outcomes, week: int = 12) -> go.Figure:
    """Share of patients really better by `week`: everybody first, then each group, with 95 % intervals."""
    rows = _rows(found, week)
    if not rows:
        return message(outcomes_sentence(found, week))
    on = chart(74 + ROW * len(rows), right=96, top=32)
    whole = found.really_better[week].share
    if whole is not None:
        on.down(100 * whole, "dash", LINE, width=1.4)
    for at, (_, name, one) in enumerate(reversed(rows)):
        share, interval = one.share, one.interval
        on.across(at, "dot", LINE, width=0.8)
        if share is None or interval is None:
            continue
        on.dots([100 * interval[0], 100 * interval[1]], [at, at], mode="lines", line={"color": TEAL, "width": 4}, opacity=0.35, hoverinfo="skip")
        on.dots([100 * share], [at], hovertemplate=f"{name}: {one.sentence}<extra></extra>",
                marker={"symbol": "diamond" if at == len(rows) - 1 else "circle", "size": 12, "color": TEAL})
        on.write(f"<b>{100 * share:.0f} %</b> of {one.n}", color=INK, xref="paper", x=1, xanchor="left", y=at, xshift=8)
    names = [f"<b>{name}</b>" if not by else name for by, name, _ in reversed(rows)]
    axes(on, range=(-0.6, len(rows) - 0.4), tickvals=list(range(len(rows))), ticktext=names, showgrid=False, automargin=True)
    on.axis("x", range=[-2, 102], ticksuffix=" %", dtick=20)
    on.write(f"really better by week {week}, share of those judged; bar: 95 % interval", xref="paper", x=0, yref="paper", y=1,
             yanchor="bottom", xanchor="left", yshift=6)
    return on.drawn()


def outcomes_sentence(found: Outcomes, week: int = 12) -> str:
    """The share of everybody, and how many groups are hidden."""
    if not found.really_better[week].n:
        return NOT_YET.format(week=week)
    groups = "1 group is" if found.hidden_groups == 1 else f"{found.hidden_groups} groups are"
    hidden = f" {groups} hidden: fewer than {found.small_group} patients." if found.hidden_groups else ""
    whole = found.really_better[week]
    if whole.n < found.small_group:
        return f"Really better by week {week}: too few judged ({whole.n}), {found.small_group} are needed.{hidden}"
    return f"Really better by week {week}: {whole.sentence}.{hidden}"


def outcomes_table(found: Outcomes, week: int = 12) -> list[dict[str, object]]:
    """One row a group; hidden groups tell only that they are hidden."""
    rows: list[dict[str, object]] = []
    for group in found.groups:
        one = group.really_better.get(week)
        low, high = one.interval if one and one.interval else (None, None)
        rows.append({
            "By": group.by, "Group": group.name, "Patients": f"fewer than {found.small_group}" if group.hidden else str(group.n),
            "Judged": one.n if one else None, "Really better %": _percent(one.share if one else None), "From %": _percent(low),
            "To %": _percent(high),
        })
    return rows


def _rows(found: Outcomes, week: int) -> list[tuple[str, str, Proportion]]:
    if found.really_better[week].n < max(1, found.small_group):
        return []
    told = Counter(one.by for one in found.groups)
    groups: list[Group] = [one for one in found.groups if week in one.really_better and told[one.by] > 1]
    return [("", "All patients", found.really_better[week]), *((one.by, f"{one.name}", one.really_better[week]) for one in groups)]


def _percent(share: float | None) -> int | None:
    return None if share is None else round(100 * share)
