import { parseArgs } from "node:util";
import type { StateOutcome } from "./state-scenario.ts";
import { STATE_SCENARIOS } from "./state-scenarios.ts";

/**
 * Kills what keeps state, under load, and prints what was lost of it. Options: --scenario NAME (default all), --seconds N of load around the kills
 * (default 8), --kills N (default 2 of a Redis, 4 of its pairs, 200 of SQLite's writers), --json. The exit code is 1 when anything was lost.
 */
async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      scenario: { type: "string", multiple: true },
      seconds: { type: "string" },
      kills: { type: "string" },
      json: { type: "boolean" },
    },
  });
  const seconds = numberOf("seconds", values.seconds ?? "8");
  const kills = values.kills === undefined ? undefined : numberOf("kills", values.kills);
  const names = STATE_SCENARIOS.map(({ name }) => name);
  const chosen = values.scenario ?? names;
  const unknown = chosen.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new RangeError(`--scenario is one of ${names.join(", ")}`);
  const outcomes: StateOutcome[] = [];
  for (const scenario of STATE_SCENARIOS.filter(({ name }) => chosen.includes(name))) {
    const say = (line: string): void => console.error(`${scenario.name}: ${line}`);
    const outcome = await scenario.run({ seconds, ...(kills !== undefined && { kills }), say });
    outcomes.push(outcome);
    if (values.json !== true) console.log(JSON.stringify(outcome));
  }
  if (values.json === true) console.log(JSON.stringify(outcomes, undefined, 2));
  return outcomes.some(({ lostAcknowledged }) => lostAcknowledged > 0) ? 1 : 0;
}

function numberOf(name: string, text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new RangeError(`--${name} takes a number over 0`);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const isUsage =
    error instanceof RangeError || (error as { code?: string }).code?.startsWith("ERR_PARSE_ARGS");
  console.error(isUsage === true ? (error as Error).message : error);
  process.exitCode = 2;
}
