"""One's own account: the password, the second factor with its recovery codes, and where one is signed in."""

from __future__ import annotations

import segno
import streamlit as st

from kneeclinic import actions
from kneeclinic.security import second_factor
from kneeclinic.security.sessions import is_alive
from kneeclinic.store import open_sessions
from kneeclinic.store.second_factors import has_provider_identity, read_second_factor, recovery_codes_left
from kneeclinic.ui import cards, errors, records, session, words

SECRET, CODES = "_factor_secret", "_recovery_codes"
"""Session state: what is shown once and kept nowhere readable."""


def own(at: session.Desk) -> None:
    """What everybody may do for themselves."""
    left, right = st.columns(2, gap="medium")
    with left:
        password(at)
        own_sessions(at)
    with right:
        factor(at)


def password(at: session.Desk) -> None:
    with cards.card("Your password", icon="key", key="own_password"), st.form("own_password", border=False, clear_on_submit=True):
        current = st.text_input("Current password", type="password", autocomplete="current-password")
        new = st.text_input("New password", type="password", help="8 characters or more; a short sentence is best", autocomplete="new-password")
        again = st.text_input("New password again", type="password", autocomplete="new-password")
        if st.form_submit_button("Change the password", type="primary"):
            with errors.calmly():
                if new != again:
                    st.error("The two new passwords differ.", icon=":material/error:")
                else:
                    actions.set_password(at.clinic, at.actor, at.actor.account_id, new, current)
                    st.success("Changed. All sessions of this account end; sign in again.", icon=":material/check_circle:")
    if has_provider_identity(at.clinic.database, at.actor.account_id):
        st.caption(":material/link: This account is linked to the single sign-on of your organization.")


def factor(at: session.Desk) -> None:
    """The second factor: none yet, being set, or set."""
    kept = read_second_factor(at.clinic.database, at.actor.account_id)
    with cards.card("Second factor", icon="phonelink_lock", key="own_factor"):
        if st.session_state.get(CODES):
            recovery(st.session_state[CODES])
        elif kept is not None and kept.confirmed_at:
            is_set(at)
        elif kept is not None and st.session_state.get(SECRET) == kept.secret:
            being_set(at, kept.secret)
        else:
            none_yet(at)


def none_yet(at: session.Desk) -> None:
    st.markdown("Not set. With it, sign-in asks for a six-digit code from your telephone besides the password: a password that somebody "
                "else learned then opens nothing. Any authenticator app will do.")
    with st.form("begin_factor", border=False, clear_on_submit=True):
        current = st.text_input("Current password", type="password", key="factor_password", autocomplete="current-password")
        if st.form_submit_button("Set a second factor", type="primary"):
            with errors.calmly():
                st.session_state[SECRET] = actions.begin_second_factor(at.clinic, at.actor, current).secret
                st.rerun()


def being_set(at: session.Desk, secret: str) -> None:
    name = next((one.name for one in records.accounts(at) if one.id == at.actor.account_id), at.actor.name)
    address = second_factor.address_of(secret, name, at.clinic.profile.name)
    st.markdown("**1.** Scan this picture with the authenticator app:")
    st.image(picture_of(address), width=200, alt="Picture to scan with the authenticator app; the secret stands below as text")
    st.markdown("or type this secret into it:")
    st.code(second_factor.grouped(secret), language=None, wrap_lines=True)
    with st.form("confirm_factor", border=False, clear_on_submit=True):
        typed = st.text_input("**2.** Type the code that the app shows now", max_chars=10, autocomplete="one-time-code", width=260)
        with st.container(horizontal=True):
            done = st.form_submit_button("Confirm", type="primary")
            left = st.form_submit_button("Not now")
        if done:
            with errors.calmly():
                st.session_state[CODES] = actions.confirm_second_factor(at.clinic, at.actor, typed)
                st.session_state.pop(SECRET, None)
                st.rerun()
        if left:
            st.session_state.pop(SECRET, None)
            st.rerun()


def picture_of(address: str) -> str:
    """The address as a picture that telephones scan, as a data URI."""
    return segno.make(address, error="m", micro=False).svg_data_uri(scale=4, border=2, dark="#16211f", light="#fff")


def recovery(codes: tuple[str, ...]) -> None:
    st.success("The second factor is set. These ten recovery codes are shown this once.", icon=":material/task_alt:")
    half = (len(codes) + 1) // 2
    st.code("\n".join("      ".join(pair) for pair in zip(codes[:half], [*codes[half:], ""], strict=False)), language=None)
    st.markdown("Each opens once, in place of the code, when the telephone is lost. Write them down or print this page, and keep them away from "
                "the telephone and from this machine.")
    st.button("I have them in a safe place", type="primary", icon=":material/check:", on_click=codes_kept)


def codes_kept() -> None:
    st.session_state.pop(CODES, None)


def is_set(at: session.Desk) -> None:
    kept = read_second_factor(at.clinic.database, at.actor.account_id)
    here = at.clinic.zone
    since = words.moment(kept.confirmed_at.astimezone(here)) if kept and kept.confirmed_at else ""
    left = recovery_codes_left(at.clinic.database, at.actor.account_id)
    st.markdown(f":green-badge[:material/verified_user: set] since {since}.  \n{left} of {second_factor.RECOVERY_CODES} recovery codes are left.")
    if left <= 2:
        st.warning("Few recovery codes are left. Make new ones before you need them.", icon=":material/warning:")
    with st.form("change_factor", border=False, clear_on_submit=True):
        current = st.text_input("Current password", type="password", key="factor_password", autocomplete="current-password")
        with st.container(horizontal=True):
            renew = st.form_submit_button("New recovery codes", icon=":material/refresh:")
            gone = st.form_submit_button("Take the second factor away", icon=":material/phonelink_erase:")
        if renew or gone:
            with errors.calmly():
                if renew:
                    st.session_state[CODES] = actions.renew_recovery_codes(at.clinic, at.actor, current)
                else:
                    actions.remove_second_factor(at.clinic, at.actor, at.actor.account_id, current)
                    errors.say("Sign-in asks for the password alone again.")
                st.rerun()


def own_sessions(at: session.Desk) -> None:
    with cards.card("Where you are signed in", icon="devices", key="own_sessions"):
        others = session_rows(at, at.actor.account_id)
        if others:
            st.button("End all others", on_click=end_others, icon=":material/logout:")


def session_rows(at: session.Desk, account_id: str | None) -> int:
    """Open sessions of one account, or of all; returns how many there are besides this one."""
    team = records.team(at)
    here = at.clinic.zone
    found = [one for one in open_sessions(at.clinic.database, account_id) if is_alive(one, at.clinic.now)]
    for one in found:
        this = one.id == at.actor.session_id
        with st.container(horizontal=True, vertical_alignment="center"):
            who = "" if account_id else f"**{words.safe(team.get(one.account_id, one.account_id))}** "
            mark = ":green-badge[this one] " if this else ""
            st.markdown(f"{who}{mark}from {words.safe(one.origin)}  \n:small[:gray[since {words.moment(one.created_at.astimezone(here))}, last click "
                        f"{one.last_seen_at.astimezone(here):%H:%M}]]")
            st.space("stretch")
            st.button("End", key=f"end_{account_id or 'all'}_{one.id}", on_click=end_session, args=(one.id,), type="tertiary",
                      icon=":material/logout:")
    return sum(one.id != at.actor.session_id for one in found)


@errors.on_click
def end_session(session_id: str) -> None:
    at = session.desk()
    actions.end_session(at.clinic, at.actor, session_id)
    errors.say("The session is ended.")


@errors.on_click
def end_others() -> None:
    at = session.desk()
    count = actions.end_other_sessions(at.clinic, at.actor)
    errors.say(f"{count} ended; you are signed in here only.")
