"""Runs one program for the host: JSON lines on stdin, frames on stdout, each with a blank line after it."""

import asyncio
import builtins
import gc
import inspect
import io
import json
import os
import random
import selectors
import sys
import threading

sys.path.pop(0)
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from bindings import Console, ConsoleStream, HostCalls, Namespace, ToolError, snake_case  # noqa: E402
from encode import TooLong, encode_value, safe_text, to_json  # noqa: E402
from outline import outline  # noqa: E402
from program import compile_program, describe_failure, describe_syntax_error  # noqa: E402

RESERVED = {"tools", "vault", "session", "outline", "show", "ToolError", "print"}
UNHANDLED_LIMIT = 20
STUCK = "The program waits for a promise that nothing settles: no tool call and no timer is under way."


class Waiting(selectors.DefaultSelector):
    """A selector that says when the event loop is about to wait."""

    before = staticmethod(lambda timeout: timeout)

    def select(self, timeout=None):
        return super().select(self.before(timeout))


class Agent:
    def __init__(self):
        # What the program writes to the descriptors of its process is no protocol.
        self._input = os.dup(0)
        self._output = os.dup(1)
        os.dup2(2, 1)
        self._selector = Waiting()
        self._loop = asyncio.SelectorEventLoop(self._selector)
        asyncio.set_event_loop(self._loop)
        self._pending = b""
        self._unhandled = []
        self._stuck = False

    def run(self):
        version = ".".join(str(part) for part in sys.version_info[:3])
        message = {}
        while "source" not in message:
            self._send(to_json({"ready": 1, "language": "python", "version": version}))
            message = json.loads(self._first_line())
        # A copy of a started agent must not draw what the others draw.
        head, *lists = message["start"].split("\n")
        header = json.loads(head)
        random.seed(header["seed"] if "seed" in header else header["entropy"])
        self._console = Console(header["consoleBytes"])
        self._value_limit = header["valueBytes"]
        self._streams = [ConsoleStream(self._console, 0), ConsoleStream(self._console, 3)]
        sys.stdout, sys.stderr = self._streams
        sys.stdin = io.StringIO("")
        self._calls = HostCalls(self._loop, header["calls"], header["argumentBytes"])
        world = self._world(header["names"], [json.loads(text) for text in lists])
        try:
            function = compile_program(message["source"], world)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            self._finish({"failure": describe_syntax_error(error)}, None)
            return
        self._finish(*self._outcome(function))

    def _world(self, names, lists):
        calls = self._calls
        world = {"__name__": "__main__", "outline": outline, "ToolError": ToolError}
        world["tools"] = Namespace(calls, "tools", ["search", "describe", "call", "parse", "show"])
        world["show"] = world["tools"].show
        world["vault"] = Namespace(calls, "vault", ["open", "slice", "select", "grep"])
        world["session"] = Namespace(calls, "session", ["get", "set", "delete", "keys"], merged=False)
        spaces = {name: Namespace(calls, name, tools) for name, tools in zip(names, lists) if name not in RESERVED}
        # A name in snake case gives way to a server that is called so, and to what Python itself calls so.
        free = {snake_case(name): each for name, each in spaces.items() if not hasattr(builtins, snake_case(name))}
        return {**free, **spaces, **world}

    def _outcome(self, function):
        loop = self._loop
        loop.set_exception_handler(self._note_lost)
        loop.add_reader(self._input, self._read)
        self._selector.before = self._before_wait

        async def main():
            value = await function()
            return await value if inspect.isawaitable(value) else value

        task = loop.create_task(main())
        task.add_done_callback(self._ended)
        try:
            loop.run_forever()
            if not task.done():
                return {"failure": {"code": "program_failed", "message": STUCK}}, None
            value = task.result()
        except BaseException as error:
            return {"failure": describe_failure(error)}, None
        try:
            return {}, encode_value(value, self._value_limit)
        except TooLong:
            message = "The returned value is over %d bytes. Return less." % self._value_limit
            return {"failure": {"code": "output_limit", "message": message}}, None
        except BaseException as error:
            return {"failure": describe_failure(error)}, None

    def _ended(self, task):
        # Now, before an answer that is on its way makes a call look awaited.
        if not task.cancelled() and task.exception() is None:
            self._note_calls_under_way()
        self._loop.stop()

    def _before_wait(self, timeout):
        while self._calls.queue:
            taken = self._calls.take()
            head = {"ids": [each[0] for each in taken], "names": [each[1] for each in taken]}
            self._send_frame("C", head, *(each[2] for each in taken))
        if timeout == 0:
            return timeout
        # Beside the host and the loop's own wake-up, a descriptor that is watched may be a subprocess or a socket of the program.
        watches = len(self._selector.get_map()) > 2
        if timeout is None and not self._calls.waiting and not watches and threading.active_count() == 1:
            self._stuck = True
            self._loop.stop()
            return 0
        if self._console.lines:
            self._send_frame("W", {})
        return timeout

    def _read(self):
        for line in self._lines():
            self._calls.deliver(json.loads(line))

    def _lines(self):
        chunk = os.read(self._input, 1 << 20)
        if not chunk:
            os._exit(0)
        *lines, self._pending = (self._pending + chunk).split(b"\n")
        return lines

    def _first_line(self):
        parts = [self._pending]
        while b"\n" not in parts[-1]:
            chunk = os.read(self._input, 1 << 20)
            if not chunk:
                os._exit(0)
            parts.append(chunk)
        line, self._pending = b"".join(parts).split(b"\n", 1)
        # A copy of a machine is sent an empty line when it goes on.
        return line or self._first_line()

    def _note_lost(self, _loop, context):
        error = context.get("exception")
        if error is not None:
            self._unhandled.append(describe_failure(error))

    def _note_calls_under_way(self):
        for future, tool in self._calls.waiting.values():
            if not future.done():
                message = "The program ended before this call: await %s." % tool
                self._unhandled.append({"code": "cancelled", "message": message, "tool": tool, "name": "ToolError"})

    def _note_failures(self):
        # A future tells the handler of its failure when it goes, if nothing has looked at it.
        self._calls.given.clear()
        self._calls.waiting.clear()
        gc.collect()

    def _finish(self, head, value):
        for stream in self._streams:
            stream.end()
        self._note_failures()
        unhandled = self._unhandled[:UNHANDLED_LIMIT]
        more = len(self._unhandled) - len(unhandled)
        head = {**head, "unhandled": unhandled, **({"moreUnhandled": more} if more > 0 else {})}
        self._send_frame("D", head, *([] if value is None else [value]))
        # The host ends this process; what the program left running must not.
        while os.read(self._input, 65_536):
            pass
        os._exit(0)

    def _send_frame(self, kind, head, *lines):
        text = kind + to_json({**head, "lost": self._console.lost})
        self._send("\n".join([text, self._console.take(), *lines]))

    def _send(self, text):
        data = memoryview((text + "\n\n").encode("utf-8"))
        while data:
            data = data[os.write(self._output, data) :]


if __name__ == "__main__":
    try:
        Agent().run()
    except BaseException as error:  # The host takes the end of this process as the end of the run.
        os.write(2, safe_text(error).encode("utf-8", "replace")[:2_000])
        os._exit(70)
