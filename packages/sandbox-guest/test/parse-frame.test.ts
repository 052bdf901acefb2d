import { OptimizerError } from "@mcp-optimizer/contracts";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseFrame } from "../src/parse-frame.ts";

const codeOf = (error: unknown): string =>
  OptimizerError.is(error) ? error.code : `not typed: ${String(error)}`;

test("frames of every kind are read", async () => {
  expect(await parseFrame('C{"ids":[1,2],"names":["a.b","c.d"],"lost":0}\n[[0,"hi"]]\n[1]\n[]')).toEqual({
    kind: "calls",
    console: [{ level: "log", text: "hi" }],
    lost: 0,
    calls: [
      { id: 1, name: "a.b", args: "[1]" },
      { id: 2, name: "c.d", args: "[]" },
    ],
  });
  expect(await parseFrame('W{"due":5,"lost":3}\n[]')).toEqual({ kind: "wait", console: [], lost: 3, due: 5 });
  expect(await parseFrame('D{"unhandled":[],"lost":0}\n[]\n{"a":1}')).toMatchObject({
    kind: "done",
    value: '{"a":1}',
  });
  const failed =
    '{"code":"tool_failed","message":"m","tool":"a.b","position":{"line":1,"column":2},"data":{"x":1}}';
  expect(await parseFrame(`D{"failure":${failed},"unhandled":[],"lost":0}\n[]`)).toMatchObject({
    failure: {
      code: "tool_failed",
      message: "m",
      tool: "a.b",
      position: { line: 1, column: 2 },
      data: { x: 1 },
    },
  });
});

test("a code that only the host gives is not taken from a guest", async () => {
  const frame = 'D{"failure":{"code":"sandbox_violation","message":"m"},"unhandled":[],"lost":0}\n[]';
  expect(await parseFrame(frame)).toMatchObject({ failure: { code: "program_failed" } });
});

test("malformed frames are violations", async () => {
  for (const frame of [
    "",
    "X{}",
    'W{"lost":-1}\n[]',
    'W{"lost":0}\n{}',
    'W{"lost":0}\n[[9,"x"]]',
    'W{"lost":0}\n[]\n1',
    'W{"lost":0,"due":"soon"}\n[]',
    'C{"ids":[1],"names":[],"lost":0}\n[]',
    'C{"ids":[1],"names":["a.b"],"lost":0}\n[]',
    'C{"ids":[1],"names":["a.b"],"lost":0}\n[]\n[]\n[]',
    'C{"ids":[1.5],"names":["a.b"],"lost":0}\n[]\n[]',
    `C{"ids":[1],"names":["${"x".repeat(400)}"],"lost":0}\n[]\n[]`,
    'D{"lost":0}\n[]',
    'D{"unhandled":[],"lost":0}\n[]\n1\n2',
    'D{"unhandled":[1],"lost":0}\n[]',
    'D{"failure":{"code":"no_such_code","message":""},"unhandled":[],"lost":0}\n[]',
    'D{"failure":{"code":"internal","message":""},"unhandled":[],"lost":0}\n[]\n1',
  ]) {
    expect(await parseFrame(frame).then(() => "accepted", codeOf), frame).toBe("sandbox_violation");
  }
});

test("no text makes the reader fail in another way", async () => {
  const line = fc.oneof(fc.json({ maxDepth: 3 }), fc.string());
  const frames = fc.tuple(fc.constantFrom("C", "W", "D", ""), fc.array(line, { maxLength: 4 }));
  await fc.assert(
    fc.asyncProperty(frames, async ([letter, lines]) => {
      const said = await parseFrame(letter + lines.join("\n")).then(() => "accepted", codeOf);
      expect(["accepted", "sandbox_violation", "output_limit"]).toContain(said);
    }),
    { numRuns: 1_000 },
  );
});

test("a frame is read as it was written", async () => {
  const text = fc.string({ unit: "binary" }).map((one) => JSON.stringify(one));
  const lines = fc.array(fc.tuple(fc.nat(4), fc.string({ unit: "binary" })), { maxLength: 4 });
  const calls = fc.array(fc.tuple(fc.nat(), fc.string({ maxLength: 300 }), fc.json()), {
    minLength: 1,
    maxLength: 4,
  });
  const levels = ["log", "info", "warn", "error", "debug"];
  await fc.assert(
    fc.asyncProperty(lines, calls, fc.maxSafeNat(), text, async (written, called, lost, value) => {
      const console = written.map(([level, line]) => ({ level: levels[level], text: line }));
      const second = JSON.stringify(written);
      const head = JSON.stringify({
        ids: called.map(([id]) => id),
        names: called.map(([, name]) => name),
        lost,
      });
      const args = called.map(([, , json]) => json);
      expect(await parseFrame(`C${head}\n${second}\n${args.join("\n")}`)).toEqual({
        kind: "calls",
        console,
        lost,
        calls: called.map(([id, name, json]) => ({ id, name, args: json })),
      });
      expect(await parseFrame(`D{"unhandled":[],"lost":${lost}}\n${second}\n${value}`)).toMatchObject({
        console,
        lost,
        value,
      });
    }),
    { numRuns: 50 },
  );
});
