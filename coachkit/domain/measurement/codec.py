"""Frozen records to JSON and back, exactly: the same record gives the same bytes."""

from __future__ import annotations

import base64
import json
import types
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import numpy as np

T = TypeVar("T")


def to_json(record: object) -> str:
    """Canonical JSON: sorted keys, shortest exact floats, arrays as base64 of their bytes."""
    return json.dumps(_plain(record), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def from_json(kind: type[T], text: str) -> T:
    """Read a record back; raises ValueError where the text does not describe one."""
    try:
        built: T = _build(kind, json.loads(text))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"The text does not describe a {kind.__name__}.") from error
    return built


def _plain(value: object) -> object:  # noqa: PLR0911 - one line per kind of value
    if isinstance(value, np.ndarray):
        array = np.ascontiguousarray(value, dtype="<f8")
        if not np.isfinite(array).all():
            raise ValueError("A number that is none must never be stored.")
        return {"shape": list(array.shape), "data": base64.b64encode(array.tobytes()).decode("ascii")}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(_plain(key)): _plain(item) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value) if f.init}
    if isinstance(value, np.generic):
        return value.item()
    return value


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _build(kind: Any, data: Any) -> Any:  # noqa: ANN401 - types are read at run time
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return None if data is None else _build(next(a for a in arguments if a is not type(None)), data)
    if origin is np.ndarray:
        raw = np.frombuffer(base64.b64decode(data["data"]), dtype="<f8").astype(np.float64)
        return _frozen(raw.reshape(data["shape"]))
    if origin is tuple:
        return _build_tuple(arguments, data)
    if is_dataclass(kind):
        hints = _hints(kind)  # type: ignore[arg-type]
        return kind(**{f.name: _build(hints[f.name], data[f.name]) for f in fields(kind) if f.init})  # type: ignore[operator]
    return date.fromisoformat(data) if kind is date else kind(data)


def _build_tuple(kinds: tuple[Any, ...], data: list[Any]) -> tuple[Any, ...]:
    if kinds[-1] is Ellipsis:
        return tuple(_build(kinds[0], item) for item in data)
    return tuple(_build(kind, item) for kind, item in zip(kinds, data, strict=True))


def _frozen(array: np.ndarray[Any, np.dtype[np.float64]]) -> np.ndarray[Any, np.dtype[np.float64]]:
    array.flags.writeable = False
    return array
