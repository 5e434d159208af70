"""Properties of vendors (X-…), and SOUND and AGENT, which RFC 6350 changed: only read."""

import re

from connectors.content_lines import split_escaped, unescape
from connectors.messenger_handles import handle
from connectors.vcard.contact_builder import ContactBuilder, ReadProperty
from connectors.vcard.property_head import PropertyHead


def _im(service: str) -> ReadProperty:
    def handler(builder: ContactBuilder, prop: PropertyHead, value: str) -> None:
        if value := unescape(value).strip():
            builder.ims.append((handle(service, value), prop))

    return handler


def _relation(label: str) -> ReadProperty:
    def handler(builder: ContactBuilder, _prop: PropertyHead, value: str) -> None:
        builder.add_relation(unescape(value).strip(), label)

    return handler


def read_sound(builder: ContactBuilder, prop: PropertyHead, value: str) -> None:
    """SOUND;X-IRMC-N of Japanese phones is the reading of the name, family first."""
    if "x-irmc-n" not in (prop.label or ""):
        builder.keep(prop, value)
        return
    parts = [part.strip() for part in split_escaped(value, ";")]
    builder.set_text("phonetic_family", parts[0], prop)
    if len(parts) > 1:
        builder.set_text("phonetic_given", parts[1], prop)


def _show_as(builder: ContactBuilder, _prop: PropertyHead, value: str) -> None:
    builder.is_company = value.strip().upper() == "COMPANY"


def _anniversary(builder: ContactBuilder, prop: PropertyHead, value: str) -> None:
    builder.set_date("anniversary", unescape(value), prop)


def _any_im(builder: ContactBuilder, prop: PropertyHead, value: str) -> None:
    if value := unescape(value).strip():
        builder.ims.append((value, prop))


def _evolution_list(builder: ContactBuilder, _prop: PropertyHead, value: str) -> None:
    if value.strip().upper() == "TRUE":
        builder.kind = "group"


def _label(builder: ContactBuilder, prop: PropertyHead, value: str) -> None:
    if prop.group:
        builder.set_label(prop.group, unescape(value))
    else:
        builder.keep(prop, value)


def _apple_date(builder: ContactBuilder, prop: PropertyHead, value: str) -> None:
    if value.strip():
        builder.add_apple_date(unescape(value).strip(), prop)


def _agent(builder: ContactBuilder, prop: PropertyHead, value: str) -> None:
    """Inline, a whole card with escaped line ends; nested, its lines follow; else who or where."""
    text = unescape(value).strip()
    if text[:12].upper().replace(" ", "").startswith("BEGIN:VCARD"):
        builder.agents.append(text)
    elif _ADDRESS.match(text):
        builder.keep(prop, value)
    else:
        builder.add_relation(text, "agent")


_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
"""How an URI begins."""


def _android(builder: ContactBuilder, prop: PropertyHead, value: str) -> None:
    """X-ANDROID-CUSTOM:vnd.android.cursor.item/nickname;Ana;1;;… (kind, value, type)."""
    parts = [part.strip() for part in split_escaped(value, ";")] + [""] * 3
    kind = parts[0].rpartition("/")[2]
    if kind == "nickname" and parts[1]:
        builder.nicknames.append(parts[1])
    elif kind == "contact_event" and parts[2] in _ANDROID_EVENTS:
        builder.set_date(_ANDROID_EVENTS[parts[2]], parts[1], prop)
    elif kind == "relation" and parts[1]:
        builder.add_relation(parts[1], _ANDROID_RELATIONS.get(parts[2], parts[3].lower()))
    else:
        builder.keep(prop, value)


_ANDROID_EVENTS = {"1": "anniversary", "3": "birthday"}
_ANDROID_RELATIONS = {
    "1": "assistant",
    "2": "brother",
    "3": "child",
    "4": "domestic partner",
    "5": "father",
    "6": "friend",
    "7": "manager",
    "8": "mother",
    "9": "parent",
    "10": "partner",
    "11": "referred by",
    "12": "relative",
    "13": "sister",
    "14": "spouse",
}

VENDOR_PROPERTIES: dict[str, ReadProperty] = {
    "X-AIM": _im("aim"),
    "X-GADUGADU": _im("gg"),
    "X-GADU-GADU": _im("gg"),
    "X-GOOGLE-TALK": _im("gtalk"),
    "X-GROUPWISE": _im("groupwise"),
    "X-ICQ": _im("icq"),
    "X-JABBER": _im("xmpp"),
    "X-MATRIX": _im("matrix"),
    "X-MSN": _im("msn"),
    "X-QQ": _im("qq"),
    "X-SIP": _im("sip"),
    "X-SKYPE": _im("skype"),
    "X-SKYPE-USERNAME": _im("skype"),
    "X-TELEGRAM": _im("telegram"),
    "X-TWITTER": _im("twitter"),
    "X-YAHOO": _im("ymsgr"),
    "X-SPOUSE": _relation("spouse"),
    "X-EVOLUTION-SPOUSE": _relation("spouse"),
    "X-KADDRESSBOOK-X-SPOUSESNAME": _relation("spouse"),
    "X-MS-SPOUSE": _relation("spouse"),
    "X-MANAGER": _relation("manager"),
    "X-EVOLUTION-MANAGER": _relation("manager"),
    "X-KADDRESSBOOK-X-MANAGERSNAME": _relation("manager"),
    "X-MS-MANAGER": _relation("manager"),
    "X-ASSISTANT": _relation("assistant"),
    "X-EVOLUTION-ASSISTANT": _relation("assistant"),
    "X-KADDRESSBOOK-X-ASSISTANTSNAME": _relation("assistant"),
    "X-MS-ASSISTANT": _relation("assistant"),
    "X-MS-CHILD": _relation("child"),
    "X-ABSHOWAS": _show_as,
    "X-EVOLUTION-LIST": _evolution_list,
    "X-EVOLUTION-ANNIVERSARY": _anniversary,
    "X-KADDRESSBOOK-X-ANNIVERSARY": _anniversary,
    "X-MS-ANNIVERSARY": _anniversary,
    "X-WAB-WEDDING_ANNIVERSARY": _anniversary,
    "X-WAB-SPOUSE_NAME": _relation("spouse"),
    "X-KADDRESSBOOK-X-IMADDRESS": _any_im,
    "X-MS-IMADDRESS": _any_im,
    "X-MESSAGING/AIM-ALL": _im("aim"),
    "X-MESSAGING/GADU-ALL": _im("gg"),
    "X-MESSAGING/ICQ-ALL": _im("icq"),
    "X-MESSAGING/MSN-ALL": _im("msn"),
    "X-MESSAGING/SKYPE-ALL": _im("skype"),
    "X-MESSAGING/XMPP-ALL": _im("xmpp"),
    "X-MESSAGING/YAHOO-ALL": _im("ymsgr"),
    "SOUND": read_sound,
    "X-ABDATE": _apple_date,
    "X-ABLABEL": _label,
    "AGENT": _agent,
    "X-ANDROID-CUSTOM": _android,
}
"""Name → what reads it."""
