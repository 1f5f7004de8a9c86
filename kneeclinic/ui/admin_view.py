"""The house itself: who may come in, who is in, backups, settings, health."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pandas as pd
import streamlit as st

from kneeclinic import actions
from kneeclinic.actions.house import ProfileForm
from kneeclinic.security.accounts import Account
from kneeclinic.store import backups as kept_backups
from kneeclinic.store import health as state_of_house
from kneeclinic.store.second_factors import accounts_with_provider_identity, accounts_with_second_factor
from kneeclinic.ui import account_view, cards, errors, links, log_view, records, restoring, restricted_view, session, words
from kneeclinic.vocabulary import LANGUAGES, Paper, Role, Units

WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def accounts(at: session.Desk) -> None:
    """Who may come in."""
    for one in records.accounts(at):
        account_row(at, one)
    with cards.card("Add an account", icon="person_add", key="add_account"), st.form("add_account", border=False, clear_on_submit=True):
        a, b, c, d = st.columns(4)
        shown = a.text_input("Name to show")
        name = b.text_input("Sign-in name")
        role = c.selectbox("Role", list(Role), 1, format_func=words.ROLE_WORD.__getitem__) or Role.CLINICIAN
        password = d.text_input("First password", type="password")
        if st.form_submit_button("Add the account", type="primary"):
            with errors.calmly():
                actions.add_account(at.clinic, at.actor, name, shown, role, password, must_change=True)
                errors.say(f"{shown or name} may sign in now, and then chooses a password of their own.")
                st.rerun()
    needed_factors(at)


def needed_factors(at: session.Desk) -> None:
    """In which roles a second factor must be had."""
    now = at.clinic.profile.second_factor_roles
    with cards.card("Second factor", icon="shield_lock", key="needed_factors"), st.form("needed_factors", border=False):
        roles = st.pills("Roles that must have one", list(Role), selection_mode="multi", default=list(now), format_func=words.ROLE_WORD.__getitem__,
                         help="Who has none sets one up at the next sign-in with a password, before the clinic opens. Who is signed in stays so; "
                              "a single sign-on proves people in its own way")
        if st.form_submit_button("Save"):
            with errors.calmly():
                actions.require_second_factor(at.clinic, at.actor, roles)
                errors.say("Saved; it counts from the next sign-in on.")
                st.rerun()


def account_row(at: session.Desk, one: Account) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"card_account_{one.id}"):
        state = ":green-badge[may sign in]" if one.active else ":gray-badge[disabled]"
        seen = f"last sign-in {words.moment(one.last_sign_in_at)}" if one.last_sign_in_at else "never signed in"
        role = words.ROLE_WORD[one.role].lower()
        told = "" if one.display_name.strip().lower() == role else f", {role}"
        st.markdown(f"**{words.safe(one.display_name)}**{told} {state} {_proofs(at, one)}  \n"
                    f":small[:gray[signs in as {words.safe(one.name)}, {seen}]]", width="stretch")
        with st.popover("Change", key=f"change_{one.id}", on_change="rerun") as opened:
            if opened.open:
                account_form(at, one)


def _proofs(at: session.Desk, one: Account) -> str:
    """How the person proves who they are, besides the password."""
    said = ""
    if one.id in accounts_with_second_factor(at.clinic.database):
        said += ":blue-badge[:material/phonelink_lock: second factor] "
    elif one.role in at.clinic.profile.second_factor_roles:
        said += ":orange-badge[:material/phonelink_lock: sets a second factor at the next sign-in] "
    if one.id in accounts_with_provider_identity(at.clinic.database):
        said += ":blue-badge[:material/link: single sign-on] "
    if one.must_change_password:
        said += ":orange-badge[:material/key: chooses a password at the next sign-in] "
    return said


def account_form(at: session.Desk, one: Account) -> None:
    own = one.id == at.actor.account_id
    with st.form(f"account_{one.id}", border=False):
        role = st.selectbox("Role", list(Role), list(Role).index(one.role), format_func=words.ROLE_WORD.__getitem__) or one.role
        password = "" if own else st.text_input("New password (empty = keep)", type="password", help="Good for one sign-in; it then asks for another")
        if st.form_submit_button("Save", type="primary"):
            with errors.calmly():
                if role is not one.role:
                    actions.change_role(at.clinic, at.actor, one.id, role)
                if password:
                    actions.set_password(at.clinic, at.actor, one.id, password)
                errors.say(f"{one.display_name} was changed.")
                st.rerun()
    if own:
        st.caption("Your own password and second factor are under “Your account”.")
        return
    if one.id in accounts_with_second_factor(at.clinic.database):
        st.button("Take the lost second factor away", key=f"factor_{one.id}", icon=":material/phonelink_erase:", on_click=take_factor, args=(one.id,),
                  help="Make sure that it is this person who asks. Their sessions end; the log keeps who did it")
    if one.id in accounts_with_provider_identity(at.clinic.database):
        st.button("Unlink from single sign-on", key=f"unlink_{one.id}", icon=":material/link_off:", on_click=unlink, args=(one.id,),
                  help="The next person who signs in there under this name is linked anew")
    st.button("Disable and end sessions" if one.active else "Enable", key=f"able_{one.id}", on_click=switch, args=(one.id, one.active))


@errors.on_click
def take_factor(account_id: str) -> None:
    at = session.desk()
    actions.remove_second_factor(at.clinic, at.actor, account_id)
    errors.say("Taken away; sign-in asks for the password alone until another is set.")


@errors.on_click
def unlink(account_id: str) -> None:
    at = session.desk()
    actions.unlink_provider(at.clinic, at.actor, account_id)
    errors.say("Unlinked.")


@errors.on_click
def switch(account_id: str, active: bool) -> None:
    at = session.desk()
    (actions.disable_account if active else actions.enable_account)(at.clinic, at.actor, account_id)
    errors.say("Disabled; its sessions are ended." if active else "Enabled.")


def sessions(at: session.Desk) -> None:
    account_view.session_rows(at, None)


def backup(at: session.Desk) -> None:
    """Copies of the clinic file: when, how large, and when one was last restored as a drill."""
    noted = kept_backups(at.clinic.database)
    found = [one for one in noted if Path(one.path).is_file()]
    drill = max((one.drilled_at for one in noted if one.drilled_at), default=None)
    st.markdown(f"Every night after two a copy is made beside the clinic file. Last drill: {words.moment(drill) or 'none yet'}.")
    if st.button("Back up now", icon=":material/save:", type="primary"):
        with errors.calmly():
            folder = at.clinic.path.parent / "backups"
            folder.mkdir(parents=True, exist_ok=True)
            target = folder / f"{at.clinic.path.stem}-{at.clinic.now:%Y-%m-%d-%H%M%S}.duckdb"
            with st.spinner("Copying"):
                actions.backup(at.clinic, at.actor, target)
            errors.say(f"Backup taken: {target.name}")
            st.rerun()
    if at.may("print_recovery_code") and st.button("Show the recovery code of the key", icon=":material/key:",
                                                   help="It opens the clinic file when the key on this machine is lost; that it was shown is logged"):
        with errors.calmly():
            st.code(actions.print_recovery_code(at.clinic, at.actor), language=None, wrap_lines=True)
            st.caption("Write it down and lock it away from this machine.")
    if len(noted) > len(found):
        st.caption(f"Taken besides, and no longer where they were put (moved or deleted since): {len(noted) - len(found)}.")
    if not found:
        cards.empty("No backup yet", "Take one now; the nightly one follows.", icon="save")
        return
    rows = [{"When": one.made_at, "File": one.path.rsplit("/", 1)[-1], "MB": one.size_bytes / 1e6, "Why": one.reason, "Opened again": one.checked_at}
            for one in found]
    st.dataframe(pd.DataFrame(rows), hide_index=True, alt="Backups",
                 column_config={"When": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm"),
                                "MB": st.column_config.NumberColumn(format="%.1f"),
                                "Opened again": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm")})
    restoring.offer(at, found)


def settings(at: session.Desk) -> None:
    """What the clinic is called on paper, and how it shows numbers and dates."""
    from kneeclinic.ui.zones import ZONES

    profile = at.clinic.profile
    with st.form("settings", border=True):
        a, b, c = st.columns(3)
        name = a.text_input("Name of the clinic", profile.name)
        phone = b.text_input("Telephone", profile.phone)
        language = c.selectbox("Language of the clinic", LANGUAGES, LANGUAGES.index(profile.language), format_func=words.LANGUAGE_WORD.__getitem__)
        address = st.text_input("Address", profile.address)
        zones = [profile.time_zone, *(one for one in ZONES if one != profile.time_zone)]
        zone = a.selectbox("Time zone", zones)
        week = b.selectbox("Weeks begin on", list(range(7)), profile.week_start, format_func=lambda one: WEEK[one])
        units = c.segmented_control("Units", list(Units), default=profile.units, required=True,
                                    format_func=lambda one: "km, kg" if one is Units.METRIC else "miles, lb")
        paper = a.segmented_control("Paper", list(Paper), default=profile.paper, required=True,
                                    format_func=lambda one: "A4" if one is Paper.A4 else "Letter")
        logo = st.file_uploader("Logo on paper (PNG)", type=["png"])
        if st.form_submit_button("Save the settings", type="primary"):
            with errors.calmly():
                form = ProfileForm(name=name, address=address, phone=phone, logo_png=logo.getvalue() if logo else profile.logo_png, time_zone=zone,
                                   week_start=week, units=units, paper=paper, language=language)
                actions.revise_profile(at.clinic, at.actor, form)
                errors.say("Settings saved.")
                st.rerun()


def health(at: session.Desk) -> None:
    """Is the clinic file whole?"""
    if not st.button("Check now", icon=":material/health_and_safety:", type="primary"):
        cards.empty("Not checked in this session", "The check opens every sealed value and walks the log; it takes a moment.",
                    icon="health_and_safety")
        return
    with st.spinner("Checking every record"):
        state = state_of_house(at.clinic.database)
    if state.is_good:
        st.success("All is well: nothing points to a missing record, every seal opens, the log is whole.", icon=":material/verified:")
    for one in state.problems:
        st.error(words.safe(one), icon=":material/error:")
    cards.facts([(name.replace("_", " ").capitalize(), f"{count}") for name, count in state.counts.items()]
                + [("Size", f"{state.size_bytes / 1e6:.1f} MB"), ("Last backup", words.moment(state.last_backup_at) or "none")])


def about(at: session.Desk) -> None:
    try:
        number = version("kneeclinic")
    except PackageNotFoundError:
        from kneeclinic import __version__ as number
    st.markdown(f"**KneeClinic {number}**, knowledge edition {words.safe(at.clinic.knowledge.edition.edition)}.   \n"
                "It supports a licensed physical therapist who treats runner's knee. It suggests and explains; it diagnoses nothing and decides "
                "nothing. Thresholds come from the named sources, from common practice, or are defaults of the product, and each says which.")
    cards.facts([("Clinic file", words.safe(str(at.clinic.path))), ("Demo", "yes" if at.clinic.profile.is_demo else "")])
    if at.may("export_clinic"):
        links.download("Export the whole clinic", "export/clinic", icon=":material/folder_zip:",
                       help="One ZIP with tables, documents and a description; it comes back in whole")


PARTS = {
    "Accounts": ("see_accounts", accounts), "Sessions": ("see_sessions", sessions), "Restricted": ("see_restricted", restricted_view.part),
    "Backups": ("backup", backup), "Log": ("see_audit", log_view.show), "Settings": ("revise_profile", settings), "Health": ("see_health", health),
    "Your account": ("end_own_session", account_view.own), "About": ("see_library", about),
}
