"""Request bodies made from the acts' own dataclasses: closed, bounded, and without what headers carry."""

import dataclasses
import typing
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, create_model

LONGEST = 20_000
IN_HEADERS = ("key", "version")


def _clean(text: str) -> str:
    if "\x00" in text:
        raise ValueError("a text may not hold the character NUL")
    return text


Text = Annotated[str, Field(max_length=LONGEST), AfterValidator(_clean)]
Short = Annotated[str, Field(max_length=200), AfterValidator(_clean)]


class Body(BaseModel):
    """Base of every request body: unknown keys are a fault, not a whim."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    def values(self) -> dict[str, Any]:
        """The typed values, nested bodies as the dataclasses they stand for."""
        return {name: _raw(getattr(self, name)) for name in type(self).model_fields}


def _raw(value: Any) -> Any:
    if isinstance(value, Body):
        return value.act(**value.values())  # type: ignore[attr-defined]
    return tuple(_raw(one) for one in value) if isinstance(value, tuple) else value


def _bounded(kind: Any) -> Any:
    if kind is str:
        return Text
    if dataclasses.is_dataclass(kind):
        return body_of(typing.cast(type, kind))
    arguments = typing.get_args(kind)
    if typing.get_origin(kind) is tuple:
        return Annotated[tuple[_bounded(arguments[0]), ...], Field(max_length=200)]
    if arguments:
        bounded = [_bounded(one) for one in arguments]
        return typing.Union[tuple(bounded)]  # noqa: UP007 - made from a list
    return kind


def body_of(act: type) -> type[Body]:
    """A body with the fields of what an act takes, less the key and the version, which are headers."""
    hints = typing.get_type_hints(act)
    fields: dict[str, Any] = {}
    for one in dataclasses.fields(act):
        if one.name in IN_HEADERS:
            continue
        default = ... if one.default is dataclasses.MISSING else one.default
        fields[one.name] = (_bounded(hints[one.name]), default)
    made = create_model(act.__name__, __base__=Body, __doc__=act.__doc__, **fields)
    made.act = act
    return made


class Reason(Body):
    """Why."""

    reason: Text


class Made(BaseModel):
    """The id of what was made or changed."""

    id: UUID
