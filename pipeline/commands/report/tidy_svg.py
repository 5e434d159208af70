"""Vega's SVG → what stands in the page: small, of known elements only, asking for nothing.

Vega writes roles, classes and fonts that the page says better, makes addresses of links, and says
the same of every mark of a group. What is not on the lists below is not let through: names come
from strangers' invitations.
"""

import re

from lxml import etree

ELEMENTS = frozenset({"svg", "g", "path", "line", "text", "a", "circle"})
ATTRIBUTES = frozenset(
    {
        "d", "transform", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r",
        "fill", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linecap",
        "fill-opacity", "opacity",
        "font-size", "font-style", "font-weight", "text-anchor",
    }
)  # fmt: skip
HOISTED = sorted(ATTRIBUTES - {"d", "transform", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r"})
"""What a group may say for all of its marks."""

NOTHING = {"transform": "translate(0,0)", "opacity": "1", "stroke-opacity": "1"}
"""What says nothing."""

LINK = re.compile(r"#p\d+\Z")
CIRCLE = re.compile(r"M([\d.]+),0A\1,\1,0,1,1,-\1,0A\1,\1,0,1,1,\1,0(?:Z|\Z)")
MOVED = re.compile(r"translate\((-?[\d.]+),(-?[\d.]+)\)\Z")
DECIMALS = re.compile(r"(-?\d+\.\d{2,}(?:e-?\d+)?)")


def tidy(svg: str, classes: str, *, is_stretched: bool = False, label: str = "") -> str:
    """The picture as an element of the page.

    :param classes: of the element.
    :param is_stretched: it takes whatever room it has, in both directions.
    :param label: what a screen reader calls the names in it; without one it passes it by.
    """
    root = etree.fromstring(svg.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    width, height = str(root.get("width")), str(root.get("height"))
    for element in [*root.iter()]:
        _clean(element)
    for group in [*root.iter("g")][::-1]:
        _lift(group)
    etree.cleanup_namespaces(root)
    root.attrib.clear()
    root.set("class", classes)
    root.set("viewBox", f"0 0 {width} {height}")
    root.set("width", width)
    root.set("height", height)
    root.set("focusable", "false")
    if is_stretched:
        root.set("preserveAspectRatio", "none")
    if label:
        root.set("role", "group")
        root.set("aria-label", label)
    else:
        root.set("aria-hidden", "true")
    return etree.tostring(root, encoding="unicode")


def _clean(element: etree._Element) -> None:
    """Rename and round what stays, drop the rest."""
    if not isinstance(element.tag, str):
        _drop(element)
        return
    name = etree.QName(element).localname
    if name not in ELEMENTS or element.get("class") in {"background", "foreground"}:
        _drop(element)
        return
    link = element.get("{http://www.w3.org/1999/xlink}href") or element.get("href") or ""
    kept = {str(key): _round(str(value)) for key, value in element.attrib.items()}
    element.tag = name
    element.attrib.clear()
    for key in sorted(kept.keys() & ATTRIBUTES):
        element.set(key, kept[key])
    if name == "a" and (found := LINK.search(link)):
        element.set("href", found[0])
    if name == "path":
        _rounded(element)
    for key, nothing in NOTHING.items():
        if element.get(key) == nothing:
            del element.attrib[key]


def _round(value: str) -> str:
    return DECIMALS.sub(lambda found: f"{round(float(found[0]), 1):g}", value)


def _rounded(element: etree._Element) -> None:
    """A path that is a circle as one."""
    found, moved = CIRCLE.match(element.get("d", "")), MOVED.match(element.get("transform", ""))
    if found and moved:
        element.tag = "circle"
        del element.attrib["d"], element.attrib["transform"]
        element.set("cx", moved[1])
        element.set("cy", moved[2])
        element.set("r", found[1])


def _drop(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _lift(group: etree._Element) -> None:
    """Say once what all of a group's marks say; a group that says nothing goes."""
    marks = [one[0] if one.tag == "a" and len(one) else one for one in group]
    if len(marks) > 1:
        for name in HOISTED:
            values = {mark.get(name) for mark in marks}
            if len(values) == 1 and (value := values.pop()) is not None and not group.get(name):
                group.set(name, value)
                for mark in marks:
                    del mark.attrib[name]
    parent = group.getparent()
    if parent is not None and (not len(group) or not group.attrib):
        place = parent.index(group)
        for child in [*group]:
            parent.insert(place, child)
            place += 1
        parent.remove(group)
