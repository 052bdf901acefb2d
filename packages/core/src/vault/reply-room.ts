import { OptimizerError, type JsonValue } from "@mcp-optimizer/contracts";
import type { CallRecord } from "../run/run-report.ts";
import { jsonSize } from "../result/json-size.ts";

/** What is too large for the program has to be taken in parts. */
export const IN_PARTS =
  "take parts: vault.slice(handle, from, to), vault.select(handle, path), vault.grep(handle, pattern)";

/** Throws `output_limit` for a text that takes more bytes than a program may get at once. */
export function requireRoom(text: string, replyBytes: number, hint: string = IN_PARTS): void {
  const certain = text.length * 3 <= replyBytes;
  if (!certain && (text.length > replyBytes || Buffer.byteLength(text) > replyBytes))
    throw tooLarge(replyBytes, hint);
}

/** As {@link requireRoom}, for values that were taken from a larger one. A pause after each. */
export function* requireRoomFor(
  values: readonly JsonValue[],
  replyBytes: number,
): Generator<void, void, void> {
  let room = replyBytes;
  for (const value of values) {
    room -= 1 + jsonSize(value, room);
    if (room < 0) throw tooLarge(replyBytes, "take less of it");
    yield;
  }
}

const tooLarge = (replyBytes: number, hint: string): OptimizerError =>
  new OptimizerError("output_limit", { detail: `it takes over ${replyBytes} bytes; ${hint}` });

/** The `output_limit` error of a result that takes more than a program may get at once, with the way to get at it; undefined where it does not. */
export function roomProblem(
  { handle, size = 0 }: Pick<CallRecord, "handle" | "size"> = {},
  replyBytes: number,
): OptimizerError | undefined {
  if (size <= replyBytes) return undefined;
  const kept = JSON.stringify(handle);
  const way = `its ${size} characters are kept: vault.slice(${kept}, from, to), vault.select(${kept}, path), vault.grep(${kept}, pattern)`;
  return tooLarge(replyBytes, way);
}
