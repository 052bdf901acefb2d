import { parseArgs } from "node:util";
import { fuzzFrames } from "./fuzz-frames.ts";

// npm run fuzz:frames -- --seconds 60 --seed 1: repeat an input that was named with --seconds 0 --seed <its number>.
const { values } = parseArgs({ options: { seconds: { type: "string" }, seed: { type: "string" } } });
const seconds = Number(values.seconds ?? 10);
const seed = Number(values.seed ?? Date.now() % 1_000_000_007);
if (!Number.isFinite(seconds) || !Number.isSafeInteger(seed)) {
  process.stderr.write("usage: npm run fuzz:frames -- [--seconds N] [--seed S]\n");
  process.exit(2);
}
const until = performance.now() + seconds * 1_000;
const report = await fuzzFrames(seed, (inputs) => inputs === 0 || performance.now() < until);
process.stdout.write(`${JSON.stringify({ seed, ...report })}\n`);
