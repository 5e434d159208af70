"""`make messages`: docs/messages.md, all that kithbook can say, to be read by a person.

From the source, not from a run: so that no message is missing because no test came upon it. Every
text of the code that reads as words is in it, values as {placeholders}; what each command's help
says; and the reasons and problems that the files of sql/ make. Sorted, each once.
"""

import ast
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "messages.md"

HEAD = """# What kithbook says

Collected from the source by `make messages`, to be read through now and then; nothing depends on
it. `{…}` stands for a value.
"""

CODE = re.compile(
    r"^\s*(select|with|insert|create|delete|update|from|attach|detach|copy|set|drop|alter|use|and"
    r"|where|order by|left join|inner join|union|checkpoint|comment on|reset|partition by)\b.*"
    r"|.*(\bfrom raw\.|\bfrom state\.|\bcase when\b|\bcoalesce[(]|\bunnest[(]|\bselect \w+ from\b"
    r"|\(\?|\\[dswpb]|\[\^|<[a-z:]+[ >/]).*",
    re.IGNORECASE | re.DOTALL,
)
"""SQL, patterns and XML: texts of the code that nobody is shown."""

COLUMN = re.compile(
    r"\w = [A-Z][\w-]+ .*(;|$)|\b(address|phone|url|birthday)[.:]\w|, \w+[.]\w+|[.]\w+,"
)
"""Names of columns in other programs' files, and lists of our own."""

SQL_TEXT = re.compile(r"'((?:[^'\n]|'')*)'")
WORDS = re.compile(r"[A-Za-z]{2,}[,:;]? [a-z]{1,}|^[A-Z][a-z]+ .*[.?!]$")
PATTERN = re.compile(
    r"\[\\|\\[xb]|\[a-z|%-d|%[A-Z]|[(]\?|\^[(]|[a-z]\|[a-z]|^([\w-]+ ){6,}[\w-]+$|[(]\w+ \w+\|"
)


def main() -> None:
    """Write the page."""
    code = {
        "Commands and their options": helps(),
        "What commands print, ask and refuse": texts("pipeline"),
        "What cannot be read, reached or written": texts("connectors"),
        "Reasons and problems": sql_texts(),
    }
    parts = [HEAD]
    for title, found in code.items():
        parts.append(f"\n## {title}\n\n")
        parts += [f"- {_escaped(text)}\n" for text in sorted(set(found), key=str.casefold)]
    PAGE.write_text("".join(parts), "utf-8")


def helps() -> Iterator[str]:
    """The docstrings and options of the commands."""
    for path in sorted((ROOT / "pipeline" / "commands").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.FunctionDef)
                and node.args.args
                and (node.args.args[0].arg == "context")
            ):
                yield _line(ast.get_docstring(node) or "")
            if isinstance(node, ast.keyword) and node.arg == "help":
                yield _line(_text(node.value) or "")


def texts(package: str) -> Iterator[str]:
    """Every text of a package that reads as words; no docstrings."""
    for path in sorted((ROOT / package).rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        for node in _shown(tree):
            text = _text(node) or ""
            if not CODE.match(text):
                yield from (_line(line) for line in text.splitlines() if is_said(line))


def sql_texts() -> Iterator[str]:
    """The texts in the files of sql/ that read as words, and the line of each check."""
    for path in sorted((ROOT / "sql").rglob("*.sql")):
        lines = path.read_text("utf-8").splitlines()
        code = "\n".join(line for line in lines if not line.lstrip().startswith("--"))
        for found in SQL_TEXT.findall(code):
            text = found.replace("''", "'")
            if WORDS.search(text) and not PATTERN.search(text):
                yield _line(text)


def is_said(text: str) -> bool:
    """Whether a text of the code is words for people."""
    is_other = CODE.match(text) or PATTERN.search(text) or COLUMN.search(text)
    return bool(WORDS.search(text)) and not is_other


def _shown(tree: ast.AST) -> Iterator[ast.expr]:
    """The texts of a module, each f-string as a whole, without docstrings and help."""
    skipped = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) or (isinstance(node, ast.keyword) and node.arg == "help")
    }
    for node in ast.walk(tree):  # the list of commands says what their help says
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "COMMANDS":
            skipped.update(id(one) for one in ast.walk(node))
    inner: set[int] = set()
    for node in ast.walk(tree):
        if id(node) in skipped or id(node) in inner:
            continue
        if isinstance(node, ast.JoinedStr):
            inner.update(id(part) for part in node.values if isinstance(part, ast.Constant))
            yield node
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node


def _text(node: ast.expr) -> str | None:
    """A text with its values as placeholders."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if not isinstance(node, ast.JoinedStr):
        return None
    parts = []
    for part in node.values:
        if isinstance(part, ast.Constant):
            parts.append(str(part.value))
        elif isinstance(part, ast.FormattedValue):
            parts.append("{" + _name(part.value) + "}")
    return "".join(parts)


def _name(node: ast.expr) -> str:
    """What a value is called: the last word of it."""
    if isinstance(node, ast.Call):
        # count(n, "card", "cards") says what is counted
        nouns = [ast.literal_eval(one) for one in node.args[1:2] if isinstance(one, ast.Constant)]
        if isinstance(node.func, ast.Name) and node.func.id == "count" and nouns:
            return f"n {nouns[0]}"
        return _name(node.args[0]) if node.args else _name(node.func)
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Subscript):
        return _name(node.slice) if isinstance(node.slice, ast.Constant) else _name(node.value)
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return ast.unparse(node).strip("'\"") if is_text else "…"


def _line(text: str) -> str:
    return " ".join(textwrap.dedent(text).split())


def _escaped(text: str) -> str:
    """Markdown's own signs as they are."""
    return text.replace("<", "\\<").replace("*", "\\*").replace("_", "\\_")


if __name__ == "__main__":
    main()
