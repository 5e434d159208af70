"""What Google's discovery documents allow, as a judge of requests and of answers.

The documents are those bundled with google-api-python-client. A request to a path, with a query
parameter or with a body that they do not have is refused; an answer that is not of the schema they
promise is a fault of the fake itself.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qsl, unquote

Json = dict[str, Any]
Mask = dict[str, "Mask"]

IGNORED_PARAMETERS = frozenset({"alt", "prettyPrint", "quotaUser", "key"})
"""Of every method: they change nothing that matters here."""


class NotAllowed(Exception):
    """The documents do not allow this request."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request that the documents allow. `query` is typed; repeated parameters are lists."""

    api: str
    method_id: str
    path: Mapping[str, str]
    query: Mapping[str, Any]
    body: Json | None
    mask: Mask | None
    scopes: frozenset[str]


@cache
def document(api: str, version: str) -> Json:
    """A bundled discovery document."""
    folder = files("googleapiclient").joinpath("discovery_cache", "documents")
    found: Json = json.loads(folder.joinpath(f"{api}.{version}.json").read_text("utf-8"))
    return found


class Api:
    """One document as a judge."""

    def __init__(self, name: str, version: str) -> None:
        self.name = name
        self._document = document(name, version)
        self._schemas: Json = self._document["schemas"]
        self.base: str = "/" + self._document["servicePath"]
        self._methods = [
            (method, re.compile(self._pattern(method))) for method in _methods(self._document)
        ]

    def find(self, http_method: str, raw_path: str) -> tuple[Json, dict[str, str]] | None:
        """The method that this path belongs to, and the parameters in the path."""
        for method, pattern in self._methods:
            found = pattern.fullmatch(raw_path)
            if found and method["httpMethod"] == http_method:
                names = re.findall(r"\{\+?(\w+)\}", method["path"])
                values = (unquote(value) for value in found.groups())
                return method, dict(zip(names, values, strict=True))
        return None

    def allow(self, method: Json, path: Mapping[str, str], query: str, body: bytes) -> Call:
        """The call as the documents understand it.

        :raises NotAllowed: a parameter or field that they do not have, or not so.
        """
        typed = self._query(method, query)
        mask = _mask(typed.pop("fields")) if "fields" in typed else None
        response = method.get("response", {}).get("$ref")
        if mask is not None and response:
            self._check_mask(mask, self._schemas[response], response)
        parsed = None
        if "request" in method:
            parsed = json.loads(body or b"null")
            patches = method["httpMethod"] == "PATCH"
            problems = list(self._judge(method["request"], parsed, "body", may_be_null=patches))
            if problems:
                raise NotAllowed("; ".join(problems))
        elif body:
            raise NotAllowed(f"{method['id']} takes no body")
        scopes = frozenset(method.get("scopes", ()))
        return Call(self.name, method["id"], path, typed, parsed, mask, scopes)

    def problems(self, method: Json, answer: Any) -> list[str]:
        """Where an answer is not of the schema that is promised."""
        if "response" not in method:
            return [] if answer is None else ["an answer where none is promised"]
        return list(self._judge(method["response"], answer, "answer"))

    def prune(self, answer: Any, mask: Mask | None) -> Any:
        """A partial response (the `fields` parameter)."""
        if not mask or "*" in mask:
            return answer
        if isinstance(answer, list):
            return [self.prune(one, mask) for one in answer]
        if not isinstance(answer, dict):
            return answer
        return {key: self.prune(value, mask[key]) for key, value in answer.items() if key in mask}

    # --- requests -------------------------------------------------------------------------

    def _pattern(self, method: Json) -> str:
        parts = re.split(r"(\{\+?\w+\})", method["path"])
        pattern: str = re.escape(self.base)
        for part in parts:
            if not part.startswith("{"):
                pattern += re.escape(part)
                continue
            name = part.strip("{+}")
            given = method["parameters"][name].get("pattern", "^[^/]+$")
            pattern += f"({given.strip('^$')})"
        return pattern

    def _query(self, method: Json, query: str) -> Json:
        known = {**self._document["parameters"], **method.get("parameters", {})}
        typed: Json = {}
        for name, text in parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query)):
            rule = known.get(name)
            if rule is None or rule.get("location") != "query":
                raise NotAllowed(f"{method['id']} has no query parameter {name!r}")
            value = _typed(name, text, rule)
            if rule.get("repeated"):
                typed.setdefault(name, []).append(value)
            elif name in typed:
                raise NotAllowed(f"{name} is given twice")
            elif name not in IGNORED_PARAMETERS:
                typed[name] = value
        for name, rule in method.get("parameters", {}).items():
            if rule.get("required") and rule["location"] == "query" and name not in typed:
                raise NotAllowed(f"{method['id']} needs {name}")
        return typed

    def _check_mask(self, mask: Mask, schema: Json, where: str) -> None:
        schema = self._resolve(schema)
        while schema.get("type") == "array":
            schema = self._resolve(schema["items"])
        for key, below in mask.items():
            if key == "*":
                continue
            properties = schema.get("properties", {})
            if key not in properties:
                raise NotAllowed(f"Invalid field selection {where}.{key}")
            self._check_mask(below, properties[key], f"{where}.{key}")

    # --- schemas --------------------------------------------------------------------------

    def _resolve(self, schema: Json) -> Json:
        while "$ref" in schema:
            schema = self._schemas[schema["$ref"]]
        return schema

    def _judge(
        self, schema: Json, value: Any, where: str, *, may_be_null: bool = False
    ) -> Iterator[str]:
        schema = self._resolve(schema)
        if value is None and may_be_null:
            return
        kind = schema.get("type", "object")
        if kind == "any":
            return
        if not _is(kind, value):
            yield f"{where}: {kind} was promised, not {value!r}"
        elif kind == "array":
            for number, one in enumerate(value):
                yield from self._judge(schema["items"], one, f"{where}[{number}]")
        elif kind == "object":
            properties = schema.get("properties", {})
            others = schema.get("additionalProperties")
            for key, one in value.items():
                below = properties.get(key, others)
                if below is None:
                    yield f"{where} has no field {key!r}"
                else:
                    yield from self._judge(below, one, f"{where}.{key}", may_be_null=may_be_null)
        elif kind == "string":
            yield from _judge_text(schema, value, where)


def _methods(resource: Json) -> Iterator[Json]:
    yield from resource.get("methods", {}).values()
    for below in resource.get("resources", {}).values():
        yield from _methods(below)


def _typed(name: str, text: str, rule: Json) -> Any:
    if "enum" in rule and text not in rule["enum"]:
        raise NotAllowed(f"{name}={text!r} is none of {rule['enum']}")
    if rule["type"] == "boolean":
        if text not in {"true", "false"}:
            raise NotAllowed(f"{name}={text!r} is no boolean")
        return text == "true"
    if rule["type"] == "integer":
        if not re.fullmatch(r"-?\d+", text) or int(text) < int(rule.get("minimum", text)):
            raise NotAllowed(f"{name}={text!r} is no allowed number")
        return int(text)
    if problems := list(_judge_text(rule, text, name)):
        raise NotAllowed(problems[0])
    return text


def _is(kind: str, value: Any) -> bool:
    match kind:
        case "string":
            return isinstance(value, str)
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "array":
            return isinstance(value, list)
        case _:
            return isinstance(value, dict)


def _judge_text(schema: Json, value: str, where: str) -> Iterator[str]:
    if "enum" in schema and value not in schema["enum"]:
        yield f"{where}: {value!r} is none of {schema['enum']}"
    try:
        if schema.get("format") in {"date-time", "google-datetime"}:
            datetime.fromisoformat(value)
        elif schema.get("format") == "date":
            date.fromisoformat(value)
    except ValueError:
        yield f"{where}: {value!r} is no {schema['format']}"


def _mask(text: str) -> Mask:
    """`a,b(c,d/e)` as a tree; an empty tree is everything below."""
    tokens = re.findall(r"[A-Za-z0-9_.*]+|[(),/]", text)
    if "".join(tokens) != text:
        raise NotAllowed(f"fields={text!r} cannot be read")
    mask, rest = _mask_list(tokens)
    if rest or not mask:
        raise NotAllowed(f"fields={text!r} cannot be read")
    return mask


def _mask_list(tokens: list[str]) -> tuple[Mask, list[str]]:
    mask: Mask = {}
    while tokens:
        name, *tokens = tokens
        below = mask.setdefault(name, {})
        while tokens[:1] == ["/"]:
            _, name, *tokens = tokens
            below = below.setdefault(name, {})
        if tokens[:1] == ["("]:
            found, tokens = _mask_list(tokens[1:])
            if tokens[:1] != [")"]:
                raise NotAllowed("fields has an open bracket")
            below.update(found)
            tokens = tokens[1:]
        if tokens[:1] != [","]:
            return mask, tokens
        tokens = tokens[1:]
    raise NotAllowed("fields ends with a comma")
