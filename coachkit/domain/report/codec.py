"""Frozen report objects to JSON and back, strictly and without loss."""

import datetime as dt
import json
import types
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

Frozen = TypeVar("Frozen")

Plain = dict[str, Any] | list[Any] | str | int | float | bool | None


class NotThisReportError(ValueError):
    """The text is JSON of something else, or of a report that was changed by hand."""


@cache
def _shape(kind: type[Any]) -> tuple[tuple[str, Any], ...]:
    hints = get_type_hints(kind)
    return tuple((field.name, hints[field.name]) for field in fields(kind))


def to_plain(value: Any) -> Plain:  # noqa: ANN401 - any part of a report
    """Dictionaries, lists and bare values."""
    if is_dataclass(value) and not isinstance(value, type):
        return {name: to_plain(getattr(value, name)) for name, _ in _shape(type(value))}
    if isinstance(value, tuple):
        return [to_plain(item) for item in value]
    if isinstance(value, dt.date):  # a datetime is a date too
        return value.isoformat()
    if value is None or isinstance(value, str | int | float | bool):
        return value
    raise TypeError(f"A report holds no {type(value).__name__}.")


def to_json(report: object, schema: str) -> str:
    """Sorted keys and fixed spacing, because the text is hashed."""
    plain = to_plain(report)
    if not isinstance(plain, dict):
        raise TypeError("A report is an object.")
    body = {"schema": schema, **plain}
    return json.dumps(body, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False)


def from_json(kind: type[Frozen], text: str, schema: str) -> Frozen:
    """An object of the wanted kind, or an explanation of what does not fit."""
    try:
        plain = json.loads(text)
    except json.JSONDecodeError as error:
        raise NotThisReportError(f"This is not JSON: {error}") from error
    if not isinstance(plain, dict) or plain.pop("schema", None) != schema:
        raise NotThisReportError(f"This is not a document of the schema {schema}.")
    built = _object(kind, plain, kind.__name__)
    if not isinstance(built, kind):
        raise NotThisReportError(f"This is not a {kind.__name__}.")
    return built


def _object(kind: Any, plain: Any, where: str) -> object:  # noqa: ANN401 - types are data here
    if not isinstance(plain, dict):
        raise NotThisReportError(f"{where}: an object is wanted.")
    shape = _shape(kind)
    if plain.keys() != {name for name, _ in shape}:
        odd = sorted(plain.keys() ^ {name for name, _ in shape})
        raise NotThisReportError(f"{where}: missing or unknown: {', '.join(odd)}.")
    return kind(**{name: _value(hint, plain[name], f"{where}.{name}") for name, hint in shape})


def _value(hint: Any, plain: Any, where: str) -> object:  # noqa: ANN401
    origin = get_origin(hint)
    if origin is tuple:
        if not isinstance(plain, list):
            raise NotThisReportError(f"{where}: a list is wanted.")
        return tuple(_value(get_args(hint)[0], item, where) for item in plain)
    if origin in (Union, types.UnionType):
        if plain is None:
            return None
        (inner,) = (option for option in get_args(hint) if option is not type(None))
        return _value(inner, plain, where)
    if origin is Literal:
        if plain not in get_args(hint):
            raise NotThisReportError(f"{where}: «{plain}» is not among the known values.")
        return plain
    if is_dataclass(hint):
        return _object(hint, plain, where)
    return _bare(hint, plain, where)


def _bare(hint: Any, plain: Any, where: str) -> object:  # noqa: ANN401
    if hint in (dt.datetime, dt.date) and isinstance(plain, str):
        try:
            return hint.fromisoformat(plain)
        except ValueError as error:
            raise NotThisReportError(f"{where}: «{plain}» is not a date.") from error
    if hint is float and isinstance(plain, int) and not isinstance(plain, bool):
        return float(plain)
    if hint in (str, int, float, bool) and type(plain) is hint:
        return plain
    raise NotThisReportError(f"{where}: a {hint.__name__} is wanted.")
