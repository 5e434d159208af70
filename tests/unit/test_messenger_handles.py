"""One messenger, one way to write its handle, whichever address book it stands in."""

import pytest

from connectors.messenger_handles import handle
from connectors.vcard import read


@pytest.mark.parametrize(
    ("service", "text", "written"),
    [
        ("Jabber", "ana@example.org", "xmpp:ana@example.org"),
        ("jabber", "xmpp:ana@example.org", "xmpp:ana@example.org"),
        ("Google Talk", "ana", "gtalk:ana"),
        ("googleTalk", "ana", "gtalk:ana"),
        ("JabberInstant", "ana", "xmpp:ana"),
        ("YAHOO", "ana", "ymsgr:ana"),
        ("skype", "live:ana", "skype:live:ana"),
        ("my house", "ana", "my-house:ana"),
        ("my house", "my-house:ana", "my-house:ana"),
        (None, "ana", "ana"),
        ("", "skype:ana", "skype:ana"),
    ],
)
def test_a_handle_says_its_service(service: str | None, text: str, written: str) -> None:
    assert handle(service, text) == written
    assert handle(service, written) == written


def test_cards_write_handles_so_too() -> None:
    lines = "IMPP;X-SERVICE-TYPE=Jabber:ana\r\nX-SKYPE:live:ana\r\nX-YAHOO:ana\r\nIMPP:aim:ana\r\n"
    body = f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ana\r\n{lines}END:VCARD\r\n".encode()
    contact, warnings = read(body)
    values = [one.value for one in contact.ims]
    assert (values, warnings) == (["xmpp:ana", "skype:live:ana", "ymsgr:ana", "aim:ana"], [])
