import { DEFAULT_RUN_LIMITS } from "@mcp-optimizer/contracts";
import { expect, test } from "vitest";
import { GuestRun } from "../src/guest-run.ts";

const host = { call: () => new Promise<never>(() => undefined) };
const newRun = (limits = {}): GuestRun =>
  new GuestRun({ limits: { ...DEFAULT_RUN_LIMITS, ...limits }, host, deliver: () => undefined });
const done = (value: string): string => `D{"unhandled":[],"lost":7}\n[[3,"last"]]\n${value}`;

test("console lines of all frames join the result", async () => {
  const run = newRun();
  expect(await run.accept('W{"lost":0}\n[[0,"first"]]')).toBeUndefined();
  expect(await run.accept(done("[1]"))).toEqual({
    value: [1],
    unhandled: [],
    console: [
      { level: "log", text: "first" },
      { level: "error", text: "last" },
    ],
    consoleOmittedBytes: 7,
  });
});

test("a frame after the last one is a violation", async () => {
  const run = newRun();
  await run.accept(done("1"));
  await expect(run.accept(done("2"))).rejects.toMatchObject({ code: "sandbox_violation" });
});

test("a guest that says more than it may is caught", async () => {
  const run = newRun({ consoleBytes: 4 });
  await expect(run.accept('W{"lost":0}\n[[0,"12345"]]')).rejects.toMatchObject({ code: "sandbox_violation" });
  expect((await newRun({ valueBytes: 4 }).accept(done('"12345"')))?.failure?.code).toBe("output_limit");
  expect((await newRun().accept(done("[".repeat(300) + "]".repeat(300))))?.failure?.code).toBe(
    "output_limit",
  );
  expect((await newRun().accept(done("{nope")))?.failure?.code).toBe("sandbox_violation");
});

test("a run that failed keeps its console and takes nothing more", async () => {
  const run = newRun();
  await run.accept('W{"lost":0}\n[[0,"before"]]');
  const result = run.fail({ code: "timeout", message: "m" });
  expect(result).toMatchObject({ failure: { code: "timeout" }, console: [{ text: "before" }] });
  expect(await run.accept(done("1"))).toBeUndefined();
});
