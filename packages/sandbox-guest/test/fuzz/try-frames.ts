import {
  DEFAULT_RUN_LIMITS,
  OptimizerError,
  type HostCall,
  type HostReply,
  type JsonValue,
} from "@mcp-optimizer/contracts";
import { strict as assert } from "node:assert";
import { Readable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { MessageReader } from "../../src/channel/message-reader.ts";
import { GuestRun, type GuestResult } from "../../src/index.ts";
import { DROPPED_KEYS, MAX_DEPTH } from "../../src/parse-guest-json.ts";
import type { Draw } from "./mutate.ts";

/** Small enough that inputs reach them. */
const LIMITS = {
  ...DEFAULT_RUN_LIMITS,
  calls: 12,
  callsAtOnce: 3,
  argumentBytes: 2_000,
  replyBytes: 2_000,
  valueBytes: 200_000,
  consoleBytes: 5_000,
};
const MESSAGE_BYTES = 500_000;
const BUILT_IN = [Object, Array, Function, String, Number, Promise, Map, Error].map((one) => one.prototype);
const shapes = (): string =>
  BUILT_IN.map((one) => Reflect.ownKeys(one).map(String).join()).join("|") +
  Reflect.ownKeys(globalThis).length;
const SHAPES = shapes();

/** How an input ended. */
export type FramesEnd = "done" | "cut" | "sandbox_violation" | "output_limit";

/**
 * Gives bytes to the host's side of a run, as a guest would, in pieces. Throws an AssertionError when the host does anything but take
 * them or refuse them with its own error, or lets more through than a run may.
 */
export async function tryFrames(input: Buffer, draw: Draw): Promise<FramesEnd> {
  let calls = 0;
  let underWay = 0;
  // What a tool throws is an answer to the guest, so that it is kept for the end.
  const broken: unknown[] = [];
  const keep = (check: () => void): void => {
    try {
      check();
    } catch (error) {
      broken.push(error);
    }
  };
  const call = async ({ name, args }: HostCall): Promise<HostReply> => {
    calls++;
    underWay++;
    keep(() => {
      assert.ok(underWay <= LIMITS.callsAtOnce, "too many calls at once");
      assert.ok(name.length <= 300, "a name that is too long");
      assert.ok(Buffer.byteLength(JSON.stringify(args)) <= 6 * LIMITS.argumentBytes, "too long arguments");
      args.forEach(assertSafe);
    });
    await Promise.resolve();
    underWay--;
    return draw(2) === 0 ? { ok: true, value: [...args] } : { ok: true };
  };
  const deliver = (answers: string): undefined => {
    const isLine = (): boolean => Array.isArray(JSON.parse(answers)) && !answers.includes("\n");
    keep(() => assert.ok(isLine(), "answers are not one line of JSON"));
  };
  const run = new GuestRun({ limits: LIMITS, host: { call }, deliver });
  const reader = new MessageReader(Readable.from(pieces(input, draw), { objectMode: true }), MESSAGE_BYTES);
  const most = input.toString("latin1").split("\n\n").length;
  let end: FramesEnd = "cut";
  try {
    for (let taken = 0; ; taken++) {
      assert.ok(taken <= most, "more messages than there are");
      const frame = await reader.next();
      if (frame === undefined) {
        await answered(run);
        break;
      }
      const result = await run.accept(frame);
      if (result !== undefined) {
        assertWithin(result);
        end = "done";
        break;
      }
    }
  } catch (error) {
    if (!OptimizerError.is(error)) {
      throw error;
    }
    const { code } = error;
    assert.ok(code === "sandbox_violation" || code === "output_limit", `refused with ${code}`);
    end = code;
  } finally {
    run.end();
  }
  assert.deepEqual(broken, []);
  assert.ok(calls <= LIMITS.calls, "too many calls");
  assert.equal(shapes(), SHAPES, "a built-in changed");
  return end;
}

/** Lets calls come to their answers. */
async function answered(run: GuestRun): Promise<void> {
  for (let turns = 0; run.openCalls > 0; turns++) {
    assert.ok(turns < 1_000, "a call is never answered");
    await setImmediate();
  }
}

function assertWithin({ value, console, failure, unhandled }: GuestResult): void {
  const kept = console.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  assert.ok(kept <= LIMITS.consoleBytes, "too much console");
  assert.ok(unhandled.length <= 101, "too many failures");
  assert.ok(failure === undefined || value === undefined, "a value and a failure");
  assert.ok(!["cpu_limit", "timeout"].includes(failure?.code ?? ""), "a code that only the host gives");
  if (value !== undefined) {
    assertSafe(value);
  }
}

/** No trap for code that copies objects, no endless depth. */
function assertSafe(value: JsonValue): void {
  const left: [value: JsonValue, depth: number][] = [[value, 0]];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const [one, depth] = next;
    assert.ok(depth <= MAX_DEPTH, "nested too deeply");
    if (typeof one === "object" && one !== null) {
      assert.ok([Object.prototype, Array.prototype].includes(Object.getPrototypeOf(one)), "a prototype");
      for (const [key, item] of Object.entries(one)) {
        assert.ok(!DROPPED_KEYS.has(key), `the key ${key}`);
        left.push([item as JsonValue, depth + 1]);
      }
    }
  }
}

function* pieces(input: Buffer, draw: Draw): Generator<Buffer> {
  const longest = [1, 7, 64, 65_536][draw(4)]!;
  const step = input.length > 20_000 ? 65_536 : longest;
  for (let at = 0; at < input.length;) {
    const size = 1 + draw(step);
    yield input.subarray(at, at + size);
    at += size;
  }
}
