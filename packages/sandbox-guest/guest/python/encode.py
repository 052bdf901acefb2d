"""JSON text out of any value: what JSON cannot hold is named in brackets, and refused in arguments."""

import collections.abc
import dataclasses
import datetime
import decimal
import enum
import inspect
import json
import math
import re
import types
import uuid

DEPTH = 100
SAFE_INTEGER = 2**53 - 1


class TooLong(Exception):
    """The text would be over its limit."""


class CannotSend(Exception):
    """An argument holds something that JSON cannot."""


def to_json(value):
    """JSON text without a raw line break, and without a lone surrogate."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def encode_value(value, limit):
    """Text of what a program returned; None for nothing."""
    if value is None:
        return None
    text = to_json(_plain(value, (), None, 0))
    if len(text.encode("utf-8")) > limit:
        raise TooLong
    return text


def encode_arguments(arguments, limit):
    text = to_json([_plain(each, (), "arguments[%d]" % index, 1) for index, each in enumerate(arguments)])
    if len(text.encode("utf-8")) > limit:
        raise TooLong
    return text


def _plain(value, up, path, depth):
    kind = type(value)
    if value is None or kind is bool or kind is str:
        return value
    if kind is int:
        return value if -SAFE_INTEGER <= value <= SAFE_INTEGER else str(value)
    if kind is float:
        if math.isfinite(value):
            return int(value) if value.is_integer() and abs(value) <= SAFE_INTEGER else value
        name = "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
        return name if path is None else _name(name, path)
    if any(value is each for each in up):
        return _name("Circular", path)
    if depth >= DEPTH:
        return _name("nested deeper than %d" % DEPTH, path)
    return _part(value, (*up, value), path, depth)


def _part(value, up, path, depth):
    if isinstance(value, dict):
        return _plain_dict(value, up, path, depth)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return list(bytes(value))
    if isinstance(value, enum.Enum):
        return _plain(value.value, up, path, depth + 1)
    if isinstance(value, (bool, int, float, str)):
        base = next(each for each in (bool, int, float, str) if isinstance(value, each))
        return _plain(base(value), (), path, depth)
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return _plain_dict(value._asdict(), up, path, depth)
    if isinstance(value, (list, tuple, set, frozenset, collections.deque, range)):
        return [_plain(each, up, path and "%s[%d]" % (path, index), depth + 1) for index, each in enumerate(value)]
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, (decimal.Decimal, complex, datetime.timedelta, uuid.UUID)):
        return str(value)
    if isinstance(value, re.Pattern):
        return "/%s/" % (value.pattern,)
    if isinstance(value, BaseException):
        return {"name": type(value).__name__, "message": safe_text(value)}
    return _plain_object(value, up, path, depth)


def _plain_dict(value, up, path, depth):
    if all(isinstance(key, str) for key in value):
        return {
            str(key): _plain(each, up, path and "%s.%s" % (path, key), depth + 1) for key, each in value.items()
        }
    return [
        [_plain(key, up, path, depth + 1), _plain(each, up, path, depth + 1)] for key, each in value.items()
    ]


def _plain_object(value, up, path, depth):
    label = getattr(type(value), "guest_label", None)
    if label is not None:
        return _name(label(value), path)
    if inspect.isawaitable(value):
        return _name("Promise: not awaited", path)
    if isinstance(value, type):
        return _name("class: %s" % value.__name__, path)
    if isinstance(value, (types.ModuleType, types.FunctionType, types.BuiltinFunctionType, types.MethodType)):
        return _name("Function: %s" % getattr(value, "__name__", "unnamed"), path)
    if isinstance(value, collections.abc.Mapping):
        return _plain_dict(dict(value), up, path, depth)
    if isinstance(value, collections.abc.Iterator):
        return _name("%s: use list()" % type(value).__name__, path)
    if dataclasses.is_dataclass(value):
        fields = {each.name: getattr(value, each.name) for each in dataclasses.fields(value)}
        return _plain_dict(fields, up, path, depth)
    if isinstance(value, (collections.abc.Set, collections.abc.Sequence, collections.abc.ValuesView)):
        return [_plain(each, up, path, depth + 1) for each in value]
    fields = getattr(value, "__dict__", None)
    if isinstance(fields, dict):
        return _plain_dict({key: each for key, each in fields.items() if not key.startswith("_")}, up, path, depth)
    return _name(type(value).__name__, path)


def _name(what, path):
    if path is not None:
        raise CannotSend("%s is [%s], which cannot be sent" % (path, what))
    return "[%s]" % what


def safe_text(value):
    """The text of a value whose own methods may fail."""
    try:
        return str(value)
    except BaseException:
        return "[not printable]"
