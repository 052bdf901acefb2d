import fc from "fast-check";

/** Lives through schedules of faults and prints what damage was done. Options: --schedules N (default 400), --seed S, --json. */
async function main(): Promise<void> {
  const { openFaultyEngine } = await import("./live-through.ts");
  const { SCHEDULES } = await import("./schedule.ts");
  const count = numberOption("schedules", 400);
  const seed = numberOption("seed", Date.now() % 1_000_000);
  await using engine = await openFaultyEngine();
  const damage = { duplicateWrites: 0, lostAcknowledged: 0, unreportedUnknown: 0 };
  let attempts = 0;
  for (const schedule of fc.sample(SCHEDULES, { numRuns: count, seed })) {
    const outcome = await engine.liveThrough(schedule);
    attempts += outcome.attempts;
    for (const name of Object.keys(damage) as (keyof typeof damage)[]) damage[name] += outcome[name];
    if (outcome.duplicateWrites + outcome.lostAcknowledged + outcome.unreportedUnknown > 0) {
      console.error(`damage: ${JSON.stringify({ schedule, outcome })}`);
    }
  }
  const result = { schedules: count, attempts, seed, ...damage };
  console.log(process.argv.includes("--json") ? JSON.stringify(result) : lines(result));
  process.exitCode = Object.values(damage).some((number) => number > 0) ? 1 : 0;
}

function numberOption(name: string, otherwise: number): number {
  const index = process.argv.indexOf(`--${name}`);
  if (index < 0) return otherwise;
  const value = Number(process.argv[index + 1]);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  console.error(`--${name} takes a whole number`);
  process.exit(2);
}

const lines = (result: object): string =>
  Object.entries(result)
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");

await main();
