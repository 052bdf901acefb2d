"""A program as a function, and its failures in words."""

import ast
import inspect
import json

from bindings import CODES, ToolError
from encode import encode_value, safe_text

FILE = "program.py"
MESSAGE_ROOM = 4_000
DATA_ROOM = 65_536


def compile_program(source, world):
    """An async function of the source. Its last expression is what it returns; `await` and `return` may stand anywhere."""
    tree = ast.parse(source, FILE)
    outer = ast.parse("async def __program__(): pass", FILE)
    body = tree.body
    first = 0
    if body and isinstance(body[0], ast.Expr) and isinstance(getattr(body[0], "value", None), ast.Constant) and len(body) > 1:
        first = 1
    while first < len(body) and isinstance(body[first], ast.ImportFrom) and body[first].module == "__future__":
        first += 1
    rest = body[first:]
    if rest and isinstance(rest[-1], ast.Expr):
        rest[-1] = ast.copy_location(ast.Return(rest[-1].value), rest[-1])
    if rest:
        outer.body[0].body = rest
    outer.body = [*body[:first], *outer.body]
    exec(compile(outer, FILE, "exec", dont_inherit=True), world)
    function = world.pop("__program__")
    if inspect.isasyncgenfunction(function):
        raise SyntaxError("'yield' outside function", (FILE, 1, 1, None))
    return function


def describe_failure(error):
    """What is told of an exception."""
    failure = {
        "code": "program_failed",
        "message": safe_text(error)[:MESSAGE_ROOM],
        "name": type(error).__name__[:100],
    }
    if isinstance(error, ToolError):
        # A program may have put anything there.
        failure["code"] = error.code if isinstance(error.code, str) and error.code in CODES else "program_failed"
        failure["tool"] = error.tool if isinstance(error.tool, str) else None
        failure["data"] = _data(error.data)
    elif isinstance(error, MemoryError):
        failure.update(code="memory_limit", message="The program ran out of memory.")
    cause = error.__cause__
    if cause is not None:
        failure["message"] += " (cause: %s)" % safe_text(cause)[:300]
    failure["position"] = _position(error)
    return {key: value for key, value in failure.items() if value is not None}


def describe_syntax_error(error):
    failure = describe_failure(error)
    failure["code"] = "program_invalid"
    # The parser's MemoryError says nothing.
    failure["message"] = safe_text(getattr(error, "msg", error))[:MESSAGE_ROOM] or "it is nested too deeply"
    if getattr(error, "lineno", None):
        failure["position"] = {"line": error.lineno, "column": max(1, error.offset or 1)}
    return failure


def _data(data):
    try:
        return json.loads(encode_value(data, DATA_ROOM)) if isinstance(data, dict) else None
    except Exception:
        return None


def _position(error):
    """The innermost place of the program."""
    place = None
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_filename == FILE and trace.tb_lineno:
            column = 1
            if hasattr(code, "co_positions"):
                found = list(code.co_positions())[trace.tb_lasti // 2][2]
                column = 1 if found is None else found + 1
            place = {"line": trace.tb_lineno, "column": column}
        trace = trace.tb_next
    return place
