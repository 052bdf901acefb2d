"""The shape of an unknown value in a few words, as a TypeScript type with counts: the same words as in JavaScript."""

import json
import re

DEPTH, WIDTH, SAMPLES, LENGTH, STRING = 6, 25, 40, 2500, 80
NAME = re.compile(r"[A-Za-z_$][\w$]*\Z")


class _Shape:
    def __init__(self):
        self.types = []
        self.item = None
        self.lists = 0
        self.count = 0
        self.fields = None
        self.seen = 0


def outline(value):
    """A short shape of a value. A long text shows its beginning."""
    if isinstance(value, str):
        if len(value) > STRING:
            return "string(%d) %s…" % (len(value), json.dumps(value[:300], ensure_ascii=False))
        return "string " + json.dumps(value, ensure_ascii=False)
    return _clip(_print(_shape(value, 0)), LENGTH)


def _clip(text, room):
    return text if len(text) <= room else "%s… (%d characters)" % (text[:room], len(text))


def _leaf(value):
    if isinstance(value, str):
        return "string(%d)" % len(value) if len(value) > STRING else "string"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    return "number" if isinstance(value, (int, float)) else type(value).__name__


def _shape(value, depth):
    shape = _Shape()
    is_list = isinstance(value, (list, tuple))
    if not is_list and not isinstance(value, dict):
        shape.types.append(_leaf(value))
    elif depth >= DEPTH:
        shape.types.append("unknown[%d]" % len(value) if is_list else "object")
    elif is_list:
        shape.lists, shape.count = 1, len(value)
        for each in value[:SAMPLES]:
            shape.item = _merge(shape.item, _shape(each, depth + 1))
    else:
        shape.seen = 1
        shape.fields = {str(key): [_shape(each, depth + 1), 1] for key, each in value.items()}
    return shape


def _merge(into, other):
    if into is None or other is None:
        return into or other
    for name in other.types:
        same = [at for at, known in enumerate(into.types) if known == name or known[:6] == name[:6] == "string"]
        if not same:
            into.types.append(name)
        elif into.types[same[0]] != name:
            into.types[same[0]] = "string" if "string" in (name, into.types[same[0]]) else "string(long)"
    into.item = _merge(into.item, other.item)
    into.lists += other.lists
    into.count += other.count
    into.seen += other.seen
    if into.fields is None:
        into.fields = other.fields
    else:
        for key, (shape, seen) in (other.fields or {}).items():
            mine = into.fields.setdefault(key, [None, 0])
            mine[0] = _merge(mine[0], shape)
            mine[1] += seen
    return into


def _print(shape):
    parts = []
    if shape.lists > 0:
        item = "unknown" if shape.item is None else _print(shape.item)
        item = "(%s)" % item if " | " in item and item[0] != "{" else item
        parts.append("%s[%s]" % (item, shape.count if shape.lists == 1 else ""))
    if shape.fields is not None:
        parts.append(_print_fields(shape))
    return " | ".join(parts + shape.types)


def _print_fields(shape):
    if not shape.fields:
        return "{}"
    total = len(shape.fields)
    printed = [(key, _print(each), seen < shape.seen) for key, (each, seen) in shape.fields.items()]
    if total > WIDTH and len({text for _, text, _ in printed}) == 1:
        return "Record<string, %s>(%d keys)" % (printed[0][1], total)
    fields = "; ".join(
        "%s%s: %s" % (_clip(key, 60) if NAME.match(key) else json.dumps(_clip(key, 60)), "?" if rare else "", text)
        for key, text, rare in printed[:WIDTH]
    )
    return "{ %s; … %d more }" % (fields, total - WIDTH) if total > WIDTH else "{ %s }" % fields
