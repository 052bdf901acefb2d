"""What a program finds in its world: namespaces of tools, and a console with a budget."""

import io
import re

from encode import CannotSend, TooLong, encode_arguments, to_json

NAME_ROOM = 256
FRAME_ROOM = 4 * 1024 * 1024


#: What the code of a failed call may be; the host adds its own. It takes no other from a program.
CODES = {"tool_failed", "unknown_tool", "call_limit", "output_limit", "invalid_params"}


class ToolError(Exception):
    """Raised by a failed tool call. `code` is stable, `tool` names the tool, `data` holds further facts."""

    def __init__(self, message="", code="tool_failed", tool=None, data=None):
        super().__init__(message)
        self.message = message
        self.code = code
        self.tool = tool
        self.data = data


class Console:
    """Lines of text within a budget of bytes; what is over is counted, not kept."""

    def __init__(self, room):
        self.room = room
        self.lost = 0
        self.lines = []

    def write_line(self, level, text):
        data = text.encode("utf-8", "replace")
        if not data:
            # Empty lines are not free.
            if self.room == 0:
                self.lost += 1
                return
            self.room -= 1
        kept = data[: self.room]
        if len(kept) < len(data):
            kept = kept.decode("utf-8", "ignore").encode("utf-8")
            self.lost += len(data) - len(kept)
            self.room = 0
            if not kept:
                return
        else:
            self.room -= len(kept)
        self.lines.append([level, kept.decode("utf-8")])

    def take(self):
        lines = to_json(self.lines)
        self.lines = []
        return lines


class ConsoleStream(io.TextIOBase):
    """A text stream whose lines go to the console."""

    def __init__(self, console, level):
        super().__init__()
        self._console = console
        self._level = level
        self._begun = ""

    def writable(self):
        return True

    def write(self, text):
        lines = (self._begun + text).split("\n")
        self._begun = lines.pop()
        for line in lines:
            self._console.write_line(self._level, line)
        if len(self._begun) > 65_536:
            self.end()
        return len(text)

    def end(self):
        if self._begun:
            self._console.write_line(self._level, self._begun)
            self._begun = ""


class HostCalls:
    """Calls to the host: queued as text, answered together."""

    def __init__(self, loop, call_limit, argument_limit):
        self._loop = loop
        self._call_limit = call_limit
        self._argument_limit = argument_limit
        self._made = 0
        self._next_id = 1
        self.queue = []
        self.waiting = {}
        #: Every future that was given to the program, to find failures that nothing looked at.
        self.given = []

    def call(self, name, arguments):
        future = self._loop.create_future()
        self.given.append(future)
        tool = arguments[0] if name == "tools.call" and arguments and isinstance(arguments[0], str) else name
        refusal = self._enqueue(name, arguments, tool[:NAME_ROOM], future)
        if refusal is not None:
            future.set_exception(refusal)
        return future

    def _enqueue(self, name, arguments, tool, future):
        self._made += 1
        if len(name) > NAME_ROOM:
            return ToolError("There is no such tool: " + name[:80], "unknown_tool")
        if self._made > self._call_limit:
            return ToolError("The run made more tool calls than it may: %d." % self._call_limit, "call_limit", tool)
        try:
            text = encode_arguments(arguments, self._argument_limit)
        except TooLong:
            return ToolError("The arguments are over %d bytes." % self._argument_limit, "output_limit", tool)
        except CannotSend as error:
            return ToolError("The arguments cannot be sent: %s." % error, "invalid_params", tool)
        self.queue.append((self._next_id, name, text))
        self.waiting[self._next_id] = (future, tool)
        self._next_id += 1
        return None

    def take(self):
        """Queued calls, as many as fit into one frame."""
        size = 0
        for count, (_, _, text) in enumerate(self.queue):
            size += len(text.encode("utf-8"))
            if count > 0 and size > FRAME_ROOM:
                break
        else:
            count = len(self.queue)
        taken, self.queue = self.queue[:count], self.queue[count:]
        return taken

    def deliver(self, replies):
        for reply in replies:
            future, tool = self.waiting.pop(reply[0], (None, None))
            if future is None or future.done():
                continue
            if reply[1] == 1:
                future.set_result(reply[2] if len(reply) > 2 else None)
            else:
                error = reply[2]
                data = error.get("data")
                CODES.add(error["code"])
                future.set_exception(ToolError(error["message"], error["code"], error.get("tool", tool), data))


def _arguments(positional, named, merged):
    if not named:
        return list(positional)
    if merged and positional and isinstance(positional[-1], dict):
        return [*positional[:-1], {**positional[-1], **named}]
    if not merged and positional and list(named) == ["default"]:
        return [*positional, named["default"]]
    return [*positional, named]


def snake_case(name):
    return re.sub(r"\W+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)).lower()


class Namespace:
    """An object whose every attribute is a function of tools. Listed tools are also found by their name in snake case."""

    def __init__(self, calls, name, tools, merged=True):
        """`merged`: named arguments join a dict that comes last; otherwise that is a value, and they come after it, `default` as what it is."""
        self.__dict__["_parts"] = (calls, name, tools, {snake_case(tool): tool for tool in reversed(tools)}, merged)

    def __getattr__(self, key):
        if key.startswith("__") and key.endswith("__"):
            raise AttributeError(key)
        return self[key]

    def __getitem__(self, key):
        calls, name, tools, by_snake, merged = self._parts
        tool = key if key in tools else by_snake.get(key, key)

        def function(*positional, **named):
            return calls.call("%s.%s" % (name, tool), _arguments(positional, named, merged))

        function.__name__ = tool
        return function

    def __setattr__(self, key, value):
        raise AttributeError("tools cannot be replaced")

    def __contains__(self, key):
        return key in self._parts[2]

    def __dir__(self):
        return list(self._parts[2])

    def __repr__(self):
        return "[%s]" % self.guest_label()

    def guest_label(self):
        return "tools: " + self._parts[1]
