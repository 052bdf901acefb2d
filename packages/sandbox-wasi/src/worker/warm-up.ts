import type { Realm } from "../vm/realm.ts";
import { Meter } from "./meter.ts";
import { Program } from "./program.ts";
import { Rejections } from "./rejections.ts";

const SOURCE = `async () => {
  const parts = await Promise.all([1, 2, 3].map((n) => warm.up({ n, text: "x".repeat(n) })));
  const rows = [];
  for (let i = 0; i < 60; i++) {
    rows.push({ id: i, name: "row " + i, rank: (i * 37) % 11, part: parts[i % 3] });
  }
  rows.sort((a, b) => a.rank - b.rank || b.id - a.id);
  console.log("rows", rows.length);
  return { rows, names: rows.map((row) => row.name.toUpperCase()).filter((name) => name.includes("1")) };
}`;
const START = JSON.stringify({
  names: ["warm"],
  calls: 8,
  argumentBytes: 4_096,
  valueBytes: 65_536,
  consoleBytes: 4_096,
  entropy: "00".repeat(32),
});
const ANSWERS = '[[1,1,{"value":1}],[2,1,{"value":2}],[3,1,{"value":3}]]';
const LIMITS = { cpuMs: 10_000, wallMs: 10_000 };

/** Runs a program of our own through every step, so that V8 compiles the engine well before a user's program comes. */
export function warmUpRun(realm: Realm, stopFlag: Int32Array): void {
  const program = new Program(realm, new Meter(LIMITS, -1, stopFlag), new Rejections(), 1_000_000);
  program.start({ source: SOURCE, start: `${START}\n["up"]` });
  program.deliver(ANSWERS);
}
