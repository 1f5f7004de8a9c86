"""The few screens before sign-in, as plain HTML: they load nothing from elsewhere and need no script."""

from __future__ import annotations

from html import escape

MARK = (
    '<svg viewBox="0 0 48 48" width="40" height="40" role="img" aria-label="KneeClinic" fill="none" stroke="currentColor" '
    'stroke-width="3" stroke-linecap="round"><path d="M16 4v9c0 5-4 7-4 11s4 6 4 11v9"/><path d="M32 4v9c0 5 4 7 4 11s-4 6-4 11v9"/>'
    '<circle cx="24" cy="24" r="6.5" fill="currentColor" stroke="none"/></svg>'
)

STYLE = """
:root{--ink:#16211f;--soft:#55635f;--line:#d5dedc;--accent:#0e6f6a;--accent-dark:#0b5854;--paper:#fff;--wash:#f3f6f6;--red:#a01f18}
*{box-sizing:border-box}
html{height:100%}
body{margin:0;min-height:100%;display:grid;place-items:center;padding:32px 20px;background:var(--wash);color:var(--ink);
font:15px/1.5 "Source Sans 3","Source Sans Pro",system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{width:100%;max-width:var(--wide,400px)}
.brand{display:flex;align-items:center;gap:12px;color:var(--accent);margin:0 0 18px 2px}
.brand b{display:block;font-size:20px;font-weight:650;color:var(--ink);line-height:1.2}
.brand span{color:var(--soft);font-size:14px}
.card{background:var(--paper);border:1px solid var(--line);border-radius:10px;padding:26px 28px 28px}
.card+.card{margin-top:16px}
h1{font-size:19px;font-weight:620;margin:0 0 4px}
h2{font-size:16px;font-weight:620;margin:22px 0 2px}
p{margin:0 0 14px;color:var(--soft)}
label{display:block;font-weight:550;margin:14px 0 4px}
label small{font-weight:400;color:var(--soft)}
input,select{width:100%;font:inherit;color:inherit;padding:9px 11px;border:1px solid #b9c7c4;border-radius:6px;background:#fff}
input:focus-visible,select:focus-visible,button:focus-visible,a:focus-visible{outline:3px solid #8fc7c2;outline-offset:1px;border-color:var(--accent)}
.two{display:grid;grid-template-columns:1fr 1fr;gap:0 16px}
button{font:inherit;font-weight:600;width:100%;margin-top:22px;padding:10px 14px;border:1px solid var(--accent);border-radius:6px;
background:var(--accent);color:#fff;cursor:pointer}
button:hover{background:var(--accent-dark)}
button.quiet{background:#fff;color:var(--accent-dark)}
button.quiet:hover{background:var(--wash)}
.says{border-left:4px solid var(--accent);background:#e5f1f0;color:var(--ink);padding:9px 12px;border-radius:0 6px 6px 0;margin:10px 0 6px}
.says.no{border-color:var(--red);background:#fbecea}
.says b{display:block}
code{font:600 14px ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;background:var(--wash);padding:1px 6px;border-radius:4px;color:var(--ink)}
.foot{margin:16px 2px 0;font-size:13px;color:var(--soft)}
.foot a,.go{color:var(--accent-dark);font-weight:600}
.code{font:600 22px/1.3 ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;letter-spacing:.16em;text-align:center}
.or{display:flex;align-items:center;gap:12px;margin:20px 0 0;color:var(--soft);font-size:13px}
.or:before,.or:after{content:"";flex:1;border-top:1px solid var(--line)}
.other{display:block;text-align:center;text-decoration:none;font-weight:600;margin-top:14px;padding:10px 14px;border:1px solid var(--accent);
border-radius:6px;color:var(--accent-dark);background:#fff}
.other:hover{background:var(--wash)}
@media (max-width:560px){.two{grid-template-columns:1fr}.card{padding:20px}}
"""


def page(title: str, body: str, *, clinic: str = "", wide: int = 400, head: str = "") -> str:
    """One whole page. `body` and `head` are markup; everything else is text."""
    under = f"<span>{escape(clinic)}</span>" if clinic else "<span>Desk of the runner's knee clinic</span>"
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<title>{escape(title)} · KneeClinic</title><link rel="icon" href="data:,">{head}<style>{STYLE}</style></head>'
        f'<body><main style="--wide:{wide}px"><div class="brand">{MARK}<div><b>KneeClinic</b>{under}</div></div>{body}</main></body></html>'
    )


def message(text: str, *, refused: bool = False) -> str:
    if not text:
        return ""
    kind = ' class="says no" role="alert"' if refused else ' class="says" role="status"'
    return f"<div{kind}>{escape(text)}</div>"


def sign_in_page(
    *, clinic: str, token: str, next_path: str, name: str = "", refusal: str = "", note: str = "", hint: str = "", other_way: str = "",
) -> str:
    """`other_way` is the markup of the button to a sign-in provider."""
    banner = ""
    if hint:
        banner = (f'<div class="says"><b>Demo clinic: every person in it is invented</b>{escape(hint)}</div>')
    focus = ("", " autofocus") if name else (" autofocus", "")
    body = (
        f'<div class="card"><h1>Sign in</h1>{banner}{message(note)}{message(refusal, refused=True)}'
        f'<form method="post" action="/signin" autocomplete="on"><input type="hidden" name="form_token" value="{escape(token)}">'
        f'<input type="hidden" name="next" value="{escape(next_path)}">'
        f'<label for="name">Name</label><input id="name" name="name" value="{escape(name)}" autocomplete="username" autocapitalize="none" '
        f'spellcheck="false" required maxlength="100"{focus[0]}>'
        f'<label for="password">Password</label><input id="password" name="password" type="password" autocomplete="current-password" '
        f'required maxlength="512"{focus[1]}>'
        f'<button type="submit">Sign in</button></form>{other_way}</div>'
        f'<p class="foot">Supports a licensed therapist; it decides nothing. After 15 quiet minutes the session ends by itself.</p>'
    )
    return page("Sign in", body, clinic=clinic)


def sign_out_page(*, clinic: str, token: str) -> str:
    body = (
        f'<div class="card"><h1>Sign out</h1><p>Drafts are saved and will be offered again.</p><form method="post" action="/signout">'
        f'<input type="hidden" name="form_token" value="{escape(token)}"><button type="submit" autofocus>Sign out</button></form></div>'
    )
    return page("Sign out", body, clinic=clinic)


def sentence_page(title: str, text: str, *, clinic: str = "", link: str = "/", link_words: str = "Go to the clinic") -> str:
    """A page that says one thing and shows the way on."""
    body = (
        f'<div class="card"><h1>{escape(title)}</h1><p>{escape(text)}</p>'
        f'<a href="{escape(link)}" style="color:var(--accent-dark);font-weight:600">{escape(link_words)}</a></div>'
    )
    return page(title, body, clinic=clinic)


def recovery_page(*, clinic: str, code: str) -> str:
    """After set-up, once: the code that opens the clinic when the key file is lost."""
    body = (
        '<div class="card"><h1>Your recovery code</h1><p>Names and words in the clinic file can be read only with its key, which lies on this '
        'machine. If the machine is lost, this code is the only way back. Write it down or print it, and lock it away from the machine.</p>'
        f'<p style="font-size:17px;line-height:1.9"><code id="recovery_code" style="font-size:17px">{escape(code)}</code></p>'
        '<p>The lead clinician can see it again under Admin, Backups.</p>'
        '<a href="/" style="color:var(--accent-dark);font-weight:600">I have it in a safe place: open the clinic</a></div>'
    )
    return page("Recovery code", body, clinic=clinic, wide=560)


def set_up_page(*, token: str, typed: dict[str, str], zones: list[str], refusal: str = "", file_name: str = "") -> str:
    def field(name: str, label: str, *, kind: str = "text", more: str = "", hint: str = "") -> str:
        value = "" if kind == "password" else escape(typed.get(name, ""))
        small = f" <small>{escape(hint)}</small>" if hint else ""
        return (f'<div><label for="{name}">{escape(label)}{small}</label>'
                f'<input id="{name}" name="{name}" type="{kind}" value="{value}" {more}></div>')

    def choice(name: str, label: str, options: list[tuple[str, str]]) -> str:
        chosen = typed.get(name) or options[0][0]
        rows = "".join(f'<option value="{escape(key)}"{" selected" if key == chosen else ""}>{escape(word)}</option>' for key, word in options)
        return f'<div><label for="{name}">{escape(label)}</label><select id="{name}" name="{name}">{rows}</select></div>'

    code = field("code", "One-time code", more='required autocomplete="off" spellcheck="false" autofocus maxlength="40"',
                 hint="printed in the terminal")
    code_demo = code.replace('id="code"', 'id="demo_code"').replace('for="code"', 'for="demo_code"').replace(" autofocus", "")
    hidden = f'<input type="hidden" name="form_token" value="{escape(token)}">'
    body = (
        f'<div class="card"><h1>Set up this clinic</h1>'
        f'<p>The records will be kept in <code>{escape(file_name)}</code> on this machine. The key that opens them is made now and kept apart '
        f'from them.</p>{message(refusal, refused=True)}'
        f'<form method="post" action="/setup">{hidden}{code}'
        f'<h2>The clinic</h2><div class="two">'
        + field("clinic", "Name of the clinic", more='required maxlength="200"')
        + field("phone", "Telephone", kind="tel", more='maxlength="60"', hint="printed on handouts")
        + choice("units", "Units", [("metric", "Kilometres, kilograms"), ("imperial", "Miles, pounds")])
        + choice("paper", "Paper", [("a4", "A4"), ("letter", "US Letter")])
        + choice("time_zone", "Time zone", [(one, one.replace("_", " ")) for one in zones])
        + choice("week_start", "Weeks begin on", [("0", "Monday"), ("6", "Sunday"), ("5", "Saturday")])
        + "</div><h2>Your account</h2><p>You become the lead clinician: you add the other accounts.</p><div class=\"two\">"
        + field("display_name", "Your name", more='required maxlength="200" autocomplete="name"', hint="printed on paper")
        + field("name", "Sign-in name", more='required maxlength="100" autocomplete="username" autocapitalize="none" spellcheck="false"')
        + field("password", "Password", kind="password", more='required minlength="8" maxlength="256" autocomplete="new-password"',
                hint="a short sentence is best")
        + field("again", "Password again", kind="password", more='required maxlength="256" autocomplete="new-password"')
        + f'</div><button type="submit" name="what" value="clinic">Create the clinic</button></form></div>'
        f'<div class="card"><h1>Or look around first</h1><p>Open a clinic of 24 invented patients over twelve weeks. It lives in a file of its '
        f'own; your clinic stays untouched.</p><form method="post" action="/setup">{hidden}{code_demo}'
        f'<button class="quiet" type="submit" name="what" value="demo">Open the demo clinic</button></form></div>'
    )
    return page("Set up", body, wide=640)
