"""Holds an author's data against the format, and says what differs in words an author understands."""

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from coachkit.domain.content.marked_yaml import Marked
from coachkit.domain.content.problems import Problem

MAX_PROBLEMS = 200  # of one object; after so many the author knows
_Model = TypeVar("_Model", bound=BaseModel)
_SENTENCES = {
    "missing": "«{key}» is missing",
    "extra_forbidden": "«{key}» is not a key of the format",
    "string_type": "«{key}» must be text",
    "string_too_short": "«{key}» is empty",
    "string_too_long": "«{key}» is longer than {max_length} characters",
    "string_pattern_mismatch": "«{key}» does not have the form that the format asks for: {value}",
    "int_parsing": "«{key}» must be a whole number, not {value}",
    "int_type": "«{key}» must be a whole number",
    "bool_parsing": "«{key}» must be true or false, not {value}",
    "greater_than_equal": "«{key}» must be at least {ge}",
    "less_than_equal": "«{key}» must be at most {le}",
    "literal_error": "«{key}» must be one of {expected}, not {value}",
    "enum": "«{key}» must be one of {expected}, not {value}",
    "tuple_type": "«{key}» must be a list",
    "dict_type": "«{key}» must be a mapping",
    "mapping_type": "«{key}» must be a mapping",
    "model_type": "«{key}» must be a mapping with keys",
    "too_short": "«{key}» needs at least {min_length}",
    "too_long": "«{key}» has more than {max_length}",
}


def validated(model: type[_Model], marked: Marked, problems: list[Problem]) -> _Model | None:
    """The object, or None with every difference noted at its line."""
    try:
        return model.model_validate(marked.data)
    except ValidationError as error:
        found = error.errors(include_url=False)
    for detail in found[:MAX_PROBLEMS]:
        path = tuple(step for step in detail["loc"] if step != "[key]")
        line = marked.line(*path)
        problems.append(Problem(marked.file, line, _sentence(detail, path), code=f"schema-{detail['type']}"))
    return None


def _sentence(detail: Any, path: tuple[str | int, ...]) -> str:  # noqa: ANN401 - pydantic's own dictionary
    keys = [step for step in path if isinstance(step, str)]
    key = keys[-1] if keys else "this"
    if detail["type"] == "value_error":
        return str(detail["ctx"]["error"])
    if detail["type"] == "extra_forbidden" and detail["input"] is None:
        return f"«{key}» is not a key of the format; within `{{ }}` a text with a comma needs quotes"
    template = _SENTENCES.get(detail["type"])
    if template is None:
        return f"«{key}»: {detail['msg']}"
    value = repr(detail["input"])
    shown = value if len(value) <= 60 else value[:57] + "…"  # noqa: PLR2004 - a line of a terminal
    return template.format(key=key, value=shown, **_limits(detail.get("ctx") or {}))


def _limits(context: dict[str, Any]) -> dict[str, Any]:
    wanted = ("max_length", "min_length", "ge", "le", "expected")
    return {name: context.get(name, "…") for name in wanted}
