"""What a form before sign-in sent: our own few fields in the one way in which our own pages send them, and no more of it than they hold."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.requests import Request

KIND = "application/x-www-form-urlencoded"
MOST_BYTES = 64_000
"""The longest form of ours, all fields full and every letter written as three, is a third of that."""
MOST_FIELDS = 30


async def posted_form(request: Request) -> dict[str, str]:
    """The fields by name; none when it came in another way, is larger than any of ours, or holds more fields. Whoever sends the other way of
    browsers, in parts, also says in which alphabet, and some that the language knows take minutes or give letters that nothing can write."""
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != KIND:
        return {}
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            return {}
    try:
        return dict(parse_qsl(body.decode("ascii", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        return {}
