"""docs/layers.svg: the layers of sql/, each table in its own, and how often a layer reads another.

Made of the files themselves (`make docs`) and tested to be up to date (tests/unit/test_docs.py).
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from pipeline.book import sqlgraph

PICTURE = Path(__file__).parent / "layers.svg"

LAYERS = {
    "raw": "what was received and what we wrote: the state file",
    "staging": "typed and cleaned, one source each",
    "identity": "which records are one human, and why",
    "history": "when you were in touch",
    "judgement": "what it means: strength, cadence, who is due",
    "main": "what people query, and the plan for the task list",
}
WIDTH, MARGIN, CHIP, GAP, LETTER = 1000, 20, 22, 6, 7.4
STYLE = (
    "text{font:12px ui-sans-serif,system-ui,sans-serif;fill:#1f2328}"
    ".name{font-weight:600;font-size:15px}.reads,.line{fill:#59636e}"
    ".layer{fill:#f6f8fa;stroke:#d1d9e0}.table{fill:#fff;stroke:#d1d9e0}"
    "@media(prefers-color-scheme:dark){text{fill:#f0f6fc}.reads,.line{fill:#9198a1}"
    ".layer{fill:#151b23;stroke:#3d444d}.table{fill:#0d1117;stroke:#3d444d}}"
)


def main() -> None:
    """Write the picture."""
    PICTURE.write_text(picture(), "utf-8")


def picture() -> str:
    """An SVG that needs nothing else: a box a layer, in it its tables in the order of the build."""
    files = sqlgraph.in_order(sqlgraph.read_layers())
    parts, top = [], MARGIN
    for layer, line in LAYERS.items():
        own = [file for file in files if file.schema == layer]
        names = [file.name for file in own] or sorted(_raw(files))
        chips = list(_placed(names))
        height = 44 + CHIP + chips[-1][2]
        said = _reads(layer, own)
        parts += [
            (
                f'<rect class="layer" x="{MARGIN}" y="{top}" width="{WIDTH - 2 * MARGIN}"'
                f' height="{height}" rx="6"/>'
            ),
            f'<text class="name" x="{MARGIN + 12}" y="{top + 22}">{layer}</text>',
            f'<text class="line" x="{MARGIN + 125}" y="{top + 22}">{escape(line)}</text>',
            (
                f'<text class="reads" x="{WIDTH - MARGIN - 12}" y="{top + 22}" text-anchor="end">'
                f"{escape(said)}</text>"
            ),
        ]
        for name, left, down, width in chips:
            y = top + 34 + down
            parts += [
                f'<rect class="table" x="{left}" y="{y}" width="{width}" height="{CHIP}" rx="3"/>',
                f'<text x="{left + 8}" y="{y + 15}">{escape(name)}</text>',
            ]
        top += height + 14
    title = "The tables of kithbook by layer; each layer reads those above it."
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top}" role="img">'
        f"<title>{title}</title><style>{STYLE}</style>\n" + "\n".join(parts) + "\n</svg>\n"
    )


def _raw(files: list[sqlgraph.SqlFile]) -> set[str]:
    """The tables of the state, and those laid beside them, that any file reads."""
    return {
        table.removeprefix("raw.")
        for file in files
        for table in file.reads
        if table.startswith("raw.")
    }


def _reads(layer: str, own: list[sqlgraph.SqlFile]) -> str:
    """How many tables of which other layers it reads."""
    read = Counter(table.partition(".")[0] for table in {one for file in own for one in file.reads})
    return " · ".join(f"{name} {read[name]}" for name in LAYERS if read[name] and name != layer)


def _placed(names: list[str]) -> Iterator[tuple[str, float, int, float]]:
    """Each name with the left and top of its box within the layer, and the box's width."""
    left, down = MARGIN + 12.0, 0
    for name in names:
        width = round(len(name) * LETTER + 16, 1)
        if left + width > WIDTH - MARGIN - 12:
            left, down = MARGIN + 12.0, down + CHIP + GAP
        yield name, round(left, 1), down, width
        left += width + GAP


if __name__ == "__main__":
    main()
