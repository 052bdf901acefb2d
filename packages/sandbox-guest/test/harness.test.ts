import { DEFAULT_RUN_LIMITS, type GuestProgram } from "@mcp-optimizer/contracts";
import { createContext, runInContext } from "node:vm";
import { beforeAll, expect, test } from "vitest";
import { encodeStart } from "../src/encode-start.ts";
import type { GuestFrame } from "../src/guest-frame.ts";
import { parseFrame } from "../src/parse-frame.ts";
import { readHarness } from "../src/read-harness.ts";

// The harness is one text for every kind of guest: here it runs in V8, where backends with Node in the guest run it.
interface Harness {
  start(program: unknown, text: string): void;
  poll(nowMs: number): string;
  deliver(text: string): void;
  finish(): string;
}

let text: string;
beforeAll(async () => {
  text = await readHarness();
});

const NAMESPACES: GuestProgram["namespaces"] = [{ name: "git", tools: ["log"] }];

function start(source: string): Omit<Harness, "start"> {
  const context = createContext({}, { microtaskMode: "afterEvaluate" });
  const harness = runInContext(text, context) as Harness;
  Object.assign(context, { $harness: harness });
  const program = { language: "javascript", source, namespaces: NAMESPACES } as const;
  context["$text"] = encodeStart(program, DEFAULT_RUN_LIMITS, new Uint8Array(32));
  runInContext(`$harness.start((${source}), $text)`, context, { filename: "program.js" });
  return {
    poll: (now) => {
      context["$now"] = now;
      return runInContext("$harness.poll($now)", context) as string;
    },
    deliver: (answers) => {
      context["$answers"] = answers;
      runInContext("$harness.deliver($answers)", context);
    },
    finish: () => runInContext("$harness.finish()", context) as string,
  };
}

async function finish(guest: Omit<Harness, "start">): Promise<Extract<GuestFrame, { kind: "done" }>> {
  for (let turn = 0; turn < 100; turn++) {
    const frame = guest.poll(turn * 1_000);
    if (frame === "F") {
      return (await parseFrame(guest.finish())) as Extract<GuestFrame, { kind: "done" }>;
    }
    if (frame.startsWith("C")) {
      const { calls } = (await parseFrame(frame)) as Extract<GuestFrame, { kind: "calls" }>;
      guest.deliver(`[${calls.map(({ id, args }) => `[${id},1,${args}]`).join(",")}]`);
    }
  }
  throw new Error("The program did not end.");
}

test("a program calls, waits and returns", async () => {
  const guest = start(
    "async () => { await new Promise((r) => setTimeout(r, 500)); return git.log(1, { a: 2 }) }",
  );
  expect(await parseFrame(guest.poll(0))).toMatchObject({ kind: "wait", due: expect.any(Number) });
  expect(guest.poll(1_000)).toBe("R");
  expect(await finish(guest)).toMatchObject({ value: '[1,{"a":2}]', failure: undefined });
});

test("calls that do not fit into one frame go in several", async () => {
  const body =
    "Promise.all(Array.from({ length: 8 }, () => git.log('x'.repeat(900_000)).then((a) => a[0].length)))";
  const guest = start(`async () => ${body}`);
  const sizes: number[] = [];
  const waiting: number[] = [];
  for (let frame = guest.poll(0); frame.startsWith("C"); frame = guest.poll(0)) {
    sizes.push(frame.length);
    const parsed = (await parseFrame(frame)) as Extract<GuestFrame, { kind: "calls" }>;
    waiting.push(...parsed.calls.map(({ id }) => id));
  }
  expect(waiting).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(sizes.length).toBeGreaterThan(1);
  expect(Math.max(...sizes)).toBeLessThan(5 * 1024 * 1024);
});

test("an answer to an unknown call, or a second one, is ignored", async () => {
  const guest = start("async () => git.log(1)");
  guest.poll(0);
  guest.deliver('[[99,1,"forged"],[1,1,"first"],[1,1,"second"]]');
  expect(await finish(guest)).toMatchObject({ value: '"first"' });
});

test("a namespace cannot take the place of the harness's own names", async () => {
  const context = createContext({}, { microtaskMode: "afterEvaluate" });
  const harness = runInContext(text, context) as Harness;
  const namespaces = [
    { name: "tools", tools: ["evil"] },
    { name: "console", tools: [] },
  ];
  const program: GuestProgram = { language: "javascript", source: "", namespaces };
  harness.start(() => 1, encodeStart(program, DEFAULT_RUN_LIMITS, new Uint8Array(32)));
  expect(runInContext("[Object.keys(tools), typeof console.log]", context)).toEqual([
    ["search", "describe", "call", "parse", "show"],
    "function",
  ]);
});

test("text of the console is what Node prints, for what programs print", async () => {
  const cases: readonly (readonly [string, string])[] = [
    ["'plain'", "plain"],
    ["['it\\'s', \"q\"]", "[ \"it's\", 'q' ]"],
    ["{ a: { b: { c: {} } } }", "{ a: { b: { c: {} } } }"],
    ["[1, , 3]", "[ 1, <empty>, 3 ]"],
    ["-0", "-0"],
    ["10n", "10n"],
    ["new Date(0)", "1970-01-01T00:00:00.000Z"],
    ["[undefined, null, Symbol('s')]", "[ undefined, null, Symbol(s) ]"],
    ["class A {}", "[class: A]"],
    ["new (class P { x = 1 })()", "P { x: 1 }"],
    ["Object.create(null)", "[Object: null prototype] {}"],
    ["new Uint8Array(2)", "Uint8Array(2) [ 0, 0 ]"],
    ["{ get a() { return 1 } }", "{ a: [Getter] }"],
    ["(() => { const a = {}; a.a = a; return a })()", "{ a: [Circular] }"],
  ];
  for (const [expression, expected] of cases) {
    const guest = start(`async () => { console.log(${expression}) }`);
    expect((await finish(guest)).console[0]?.text, expression).toBe(expected);
  }
});
