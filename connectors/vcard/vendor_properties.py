"""Properties of address books and phones that no RFC names, and AGENT, which RFC 6350 dropped."""

import re

from connectors.content_lines import split_escaped, unescape
from connectors.messenger_handles import handle
from connectors.vcard.contact_builder import Draft, Handler
from connectors.vcard.property_head import Property


def _im(service: str) -> Handler:
    def handler(draft: Draft, prop: Property, value: str) -> None:
        if value := unescape(value).strip():
            draft.ims.append((handle(service, value), prop))

    return handler


def _relation(label: str) -> Handler:
    def handler(draft: Draft, _prop: Property, value: str) -> None:
        draft.add_relation(unescape(value).strip(), label)

    return handler


def read_sound(draft: Draft, prop: Property, value: str) -> None:
    """SOUND;X-IRMC-N of Japanese phones is the reading of the name, family first."""
    if "x-irmc-n" not in (prop.label or ""):
        draft.keep(prop, value)
        return
    parts = [part.strip() for part in split_escaped(value, ";")]
    draft.set_text("phonetic_family", parts[0], prop)
    if len(parts) > 1:
        draft.set_text("phonetic_given", parts[1], prop)


def _show_as(draft: Draft, _prop: Property, value: str) -> None:
    draft.is_company = value.strip().upper() == "COMPANY"


def _anniversary(draft: Draft, prop: Property, value: str) -> None:
    draft.set_date("anniversary", unescape(value), prop)


def _any_im(draft: Draft, prop: Property, value: str) -> None:
    if value := unescape(value).strip():
        draft.ims.append((value, prop))


def _evolution_list(draft: Draft, _prop: Property, value: str) -> None:
    if value.strip().upper() == "TRUE":
        draft.kind = "group"


def _label(draft: Draft, prop: Property, value: str) -> None:
    if prop.group:
        draft.set_label(prop.group, unescape(value))
    else:
        draft.keep(prop, value)


def _apple_date(draft: Draft, prop: Property, value: str) -> None:
    if value.strip():
        draft.add_apple_date(unescape(value).strip(), prop)


def _agent(draft: Draft, prop: Property, value: str) -> None:
    """Inline, a whole card with escaped line ends; nested, its lines follow; else who or where."""
    text = unescape(value).strip()
    if text[:12].upper().replace(" ", "").startswith("BEGIN:VCARD"):
        draft.agents.append(text)
    elif _ADDRESS.match(text):
        draft.keep(prop, value)
    else:
        draft.add_relation(text, "agent")


_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
"""How an URI begins."""


def _android(draft: Draft, prop: Property, value: str) -> None:
    """X-ANDROID-CUSTOM:vnd.android.cursor.item/nickname;Ana;1;;… (kind, value, type)."""
    parts = [part.strip() for part in split_escaped(value, ";")] + [""] * 3
    kind = parts[0].rpartition("/")[2]
    if kind == "nickname" and parts[1]:
        draft.nicknames.append(parts[1])
    elif kind == "contact_event" and parts[2] in _ANDROID_EVENTS:
        draft.set_date(_ANDROID_EVENTS[parts[2]], parts[1], prop)
    elif kind == "relation" and parts[1]:
        draft.add_relation(parts[1], _ANDROID_RELATIONS.get(parts[2], parts[3].lower()))
    else:
        draft.keep(prop, value)


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

DIALECTS: dict[str, Handler] = {
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
    "X-ANNIVERSARY": _anniversary,
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
"""Name → handler; `vcard_fields.HANDLERS` takes them in."""
