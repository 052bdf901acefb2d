import { OptimizerError, type ConsoleLine, type JsonObject, type JsonValue } from "@mcp-optimizer/contracts";
import type { FrameCall, GuestFrame } from "./guest-frame.ts";
import { parseGuestJson } from "./parse-guest-json.ts";
import { readFailure } from "./read-failure.ts";
import { runInSteps } from "./run-in-steps.ts";

const LEVELS = ["log", "info", "warn", "error", "debug"] as const;
const NAME_ROOM = 300;
const MAX_UNHANDLED = 100;
const LINES_PER_STEP = 1_000;

/** The error for a guest that breaks the protocol. */
export function violation(detail: string): OptimizerError {
  return new OptimizerError("sandbox_violation", { detail });
}

/**
 * Reads a frame: a letter and a JSON header on the first line, console lines on the second, then one line for each
 * call's arguments, or for the value. Throws `sandbox_violation` for anything else.
 */
export async function parseFrame(frame: string): Promise<GuestFrame> {
  const headEnd = lineEnd(frame, 0);
  const head = await parseGuestJson(frame.slice(1, headEnd));
  const consoleEnd = lineEnd(frame, headEnd + 1);
  const lines = await parseGuestJson(frame.slice(headEnd + 1, consoleEnd));
  if (!isObject(head) || !isCount(head["lost"])) {
    throw violation("the header of a frame is malformed");
  }
  const base = { console: await runInSteps(readConsole(lines)), lost: head["lost"] };
  const rest = consoleEnd < frame.length ? consoleEnd + 1 : undefined;
  switch (frame.charAt(0)) {
    case "C":
      return { kind: "calls", ...base, calls: readCalls(head, frame, rest) };
    case "W": {
      const due = head["due"];
      if (rest !== undefined || (due !== undefined && !isCount(due))) {
        throw violation("a waiting frame is malformed");
      }
      return { kind: "wait", ...base, due };
    }
    case "D":
      return { kind: "done", ...base, ...readDone(head, frame, rest) };
    default:
      throw violation("a frame of an unknown kind");
  }
}

function lineEnd(frame: string, from: number): number {
  const end = frame.indexOf("\n", from);
  return end < 0 ? frame.length : end;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCount(value: JsonValue | undefined): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function* readConsole(lines: JsonValue): Generator<void, ConsoleLine[]> {
  if (!Array.isArray(lines)) {
    throw violation("console lines are malformed");
  }
  const read: ConsoleLine[] = [];
  for (const line of lines) {
    const [level, text] = Array.isArray(line) ? line : [];
    const name = typeof level === "number" ? LEVELS[level] : undefined;
    if (name === undefined || typeof text !== "string") {
      throw violation("a console line is malformed");
    }
    read.push({ level: name, text });
    if (read.length % LINES_PER_STEP === 0) {
      yield;
    }
  }
  return read;
}

function readCalls(head: JsonObject, frame: string, rest: number | undefined): FrameCall[] {
  const { ids, names } = head;
  if (!Array.isArray(ids) || !Array.isArray(names) || ids.length !== names.length || ids.length === 0) {
    throw violation("a frame of calls is malformed");
  }
  let at = rest;
  const calls = ids.map((id, index): FrameCall => {
    const name = names[index];
    if (!isCount(id) || typeof name !== "string" || name.length > NAME_ROOM || at === undefined) {
      throw violation("a call is malformed");
    }
    const end = lineEnd(frame, at);
    const args = frame.slice(at, end);
    at = end < frame.length ? end + 1 : undefined;
    return { id, name, args };
  });
  if (at !== undefined) {
    throw violation("a frame of calls has lines too many");
  }
  return calls;
}

type Done = Pick<Extract<GuestFrame, { kind: "done" }>, "failure" | "unhandled" | "moreUnhandled" | "value">;

function readDone(head: JsonObject, frame: string, rest: number | undefined): Done {
  const { failure, unhandled, moreUnhandled } = head;
  const value = rest === undefined ? undefined : frame.slice(rest);
  if (
    !Array.isArray(unhandled) ||
    unhandled.length > MAX_UNHANDLED ||
    (moreUnhandled !== undefined && !isCount(moreUnhandled)) ||
    value?.includes("\n") === true ||
    (failure !== undefined && value !== undefined)
  ) {
    throw violation("the last frame is malformed");
  }
  return {
    failure: failure === undefined ? undefined : readFailure(failure),
    unhandled: unhandled.map(readFailure),
    moreUnhandled: moreUnhandled ?? 0,
    value,
  };
}
