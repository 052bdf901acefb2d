import fc from "fast-check";
import { parseArgs } from "node:util";
import type { Damage } from "./damage.ts";
import { openFaultyEngine } from "./live-through.ts";
import { SCHEDULES } from "./schedule.ts";

/** Lives through schedules of faults and prints what damage was done. Options: --schedules N (default 400), --seed S, --json. */
async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { schedules: { type: "string" }, seed: { type: "string" }, json: { type: "boolean" } },
  });
  const count = wholeNumber("schedules", values.schedules ?? "400");
  const seed = wholeNumber("seed", values.seed ?? String(Date.now() % 1_000_000));
  await using engine = await openFaultyEngine();
  const sum: Record<keyof Damage, number> = { duplicateWrites: 0, lostAcknowledged: 0, unreportedUnknown: 0 };
  for (const schedule of fc.sample(SCHEDULES, { numRuns: count, seed })) {
    const outcome = await engine.liveThrough(schedule);
    const names = Object.keys(sum) as (keyof Damage)[];
    for (const name of names) sum[name] += outcome[name];
    if (names.some((name) => outcome[name] > 0)) {
      console.error(`damage: ${JSON.stringify({ seed, schedule, outcome })}`);
    }
  }
  const result = { schedules: count, ...sum };
  if (values.json === true) console.log(JSON.stringify(result));
  else for (const [name, value] of Object.entries({ seed, ...result })) console.log(`${name}: ${value}`);
  return Object.values(sum).some((number) => number > 0) ? 1 : 0;
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new RangeError(`--${name} takes a whole number`);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const isUsage =
    error instanceof RangeError || (error as { code?: string }).code?.startsWith("ERR_PARSE_ARGS");
  console.error(isUsage === true ? (error as Error).message : error);
  process.exitCode = 2;
}
