"""Handles of messengers, written one way: `service:handle`, as in IMPP (RFC 4770 section 1)."""

_SCHEMES = {
    "gadu-gadu": "gg",
    "gadugadu": "gg",
    "google talk": "gtalk",
    "googletalk": "gtalk",
    "jabber": "xmpp",
    "yahoo": "ymsgr",
    "yahoo!": "ymsgr",
}
"""What address books call a service → its scheme; others are their own."""

_KNOWN = frozenset({*_SCHEMES.values(), "aim", "http", "https", "icq", "im", "matrix", "msn"}) | {
    *("qq", "sip", "sips", "skype", "tel", "telegram", "twitter", "whatsapp")
}


def handle(service: str | None, text: str) -> str:
    """`Jabber`, `ana@example.org` → `xmpp:ana@example.org`; a URI of a known service stays."""
    written = text.strip()
    own = written.partition(":")[0].lower() if ":" in written else ""
    scheme = scheme_of(service or "")
    # `live:ana` is how Skype calls Ana: what stands before a colon need not be a scheme.
    if not scheme or own in _KNOWN or own == scheme:
        return written
    return f"{scheme}:{written}"


def scheme_of(service: str) -> str:
    """The scheme of a service by one of its names: "Google Talk" → "gtalk"."""
    name = service.strip().lower().removesuffix("instant").strip()
    return _SCHEMES.get(name, name.replace(" ", "-"))
