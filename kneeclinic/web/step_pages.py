"""The screens of the later steps of signing in: the code of the second factor, a password of one's own, the way back from single sign-on."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

import segno

from kneeclinic.security.second_factor import grouped
from kneeclinic.web.plain_pages import message, page


def code_page(*, clinic: str, token: str, refusal: str = "") -> str:
    body = (
        f'<div class="card"><h1>Code from your telephone</h1><p>Open the authenticator app and type the six digits it shows for this clinic.</p>'
        f'{message(refusal, refused=True)}<form method="post" action="/signin/code" autocomplete="off">'
        f'<input type="hidden" name="form_token" value="{escape(token)}">'
        f'<label for="code">Code</label><input id="code" name="code" class="code" inputmode="text" autocomplete="one-time-code" '
        f'autocapitalize="characters" spellcheck="false" required maxlength="20" autofocus aria-describedby="lost">'
        f'<button type="submit">Sign in</button></form></div>'
        f'<p class="foot" id="lost">Telephone not at hand? Type one of your printed recovery codes instead; each opens once. Without one, the lead '
        f'clinician can take the second factor away. <a href="/signin">Begin again</a></p>'
    )
    return page("Code", body, clinic=clinic)


def new_password_page(*, clinic: str, token: str, refusal: str = "") -> str:
    body = (
        f'<div class="card"><h1>Choose a password of your own</h1><p>The last one was chosen for you by somebody else. From now on only you know '
        f'yours.</p>{message(refusal, refused=True)}<form method="post" action="/signin/password" autocomplete="on">'
        f'<input type="hidden" name="form_token" value="{escape(token)}">'
        f'<label for="password">New password <small>a short sentence is best</small></label>'
        f'<input id="password" name="password" type="password" autocomplete="new-password" required minlength="8" maxlength="256" autofocus>'
        f'<label for="again">New password again</label>'
        f'<input id="again" name="again" type="password" autocomplete="new-password" required maxlength="256">'
        f'<button type="submit">Keep it and sign in</button></form></div>'
        f'<p class="foot">8 characters at least, 15 or more are advised. Any characters will do. <a href="/signin">Begin again</a></p>'
    )
    return page("New password", body, clinic=clinic)


def first_factor_page(*, clinic: str, token: str, secret: str, address: str, refusal: str = "") -> str:
    picture = segno.make(address, error="m", micro=False).svg_data_uri(scale=4, border=2, dark="#16211f", light="#fff")
    body = (
        f'<div class="card"><h1>Set a second factor</h1><p>This clinic asks it of your role: besides the password, sign-in wants a six-digit code '
        f'from your telephone. Any authenticator app will do.</p>{message(refusal, refused=True)}'
        f'<p><b>1.</b> Scan this picture with the app:</p><p style="text-align:center"><img src="{escape(picture)}" width="190" height="190" '
        f'alt="Picture to scan with the authenticator app; the secret stands below as text"></p>'
        f'<p>or type this secret into it: <code id="secret" style="overflow-wrap:anywhere">{escape(grouped(secret))}</code></p>'
        f'<form method="post" action="/signin/factor" autocomplete="off"><input type="hidden" name="form_token" value="{escape(token)}">'
        f'<label for="code"><b>2.</b> Type the code that the app shows now</label><input id="code" name="code" class="code" inputmode="numeric" '
        f'autocomplete="one-time-code" spellcheck="false" required maxlength="10"><button type="submit">Confirm and sign in</button></form></div>'
        f'<p class="foot">You have 15 minutes. <a href="/signin">Begin again</a></p>'
    )
    return page("Second factor", body, clinic=clinic, wide=440)


def recovery_codes_page(*, clinic: str, codes: tuple[str, ...], on: str) -> str:
    """After the first code, once: the codes for a lost telephone, and the way into the clinic."""
    rows = "".join(f'<code style="font-size:15px;padding:3px 6px">{escape(one)}</code>' for one in codes)
    body = (
        f'<div class="card"><h1>The second factor is set</h1><p>These {len(codes)} recovery codes are shown this once. Each opens once, in place of '
        f'the code, when the telephone is lost. Write them down or print this page, and keep them away from the telephone and from this '
        f'machine.</p><div class="two" style="gap:8px 16px;margin:0 0 18px">{rows}</div>'
        f'<a href="{escape(on)}" class="go">I have them in a safe place: open the clinic</a></div>'
    )
    return page("Recovery codes", body, clinic=clinic, wide=440)


def way_back_page(*, clinic: str, on: str) -> str:
    """Answers the way back from the provider: the browser goes on by itself, and from here it brings its strict cookie along."""
    to = escape(on)
    body = (
        f'<div class="card"><h1>Signing you in</h1><p>The clinic is checking who you are. This takes a moment.</p>'
        f'<a href="{to}" class="go">Go on, if nothing happens</a></div>'
    )
    return page("Signing in", body, clinic=clinic, head=f'<meta http-equiv="refresh" content="0;url={to}">')


def provider_link(label: str, next_path: str) -> str:
    """The button of the sign-in page that leads to the provider."""
    query = "" if next_path == "/" else f"?next={quote(next_path, safe='')}"
    return f'<div class="or"><span>or</span></div><a class="other" href="/sso/start{query}">{escape(label)}</a>'
