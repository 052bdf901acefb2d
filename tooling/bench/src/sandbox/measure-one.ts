import { CONTESTANTS } from "./contestants/index.ts";
import { ENGINE_CONTESTANTS } from "./engine/index.ts";
import { measure } from "./measure.ts";

// Run as a child of main.ts: measures one contestant in a process of its own and prints its figures as one line of JSON.
// Its parent ends it: isolated-vm may hang when a process exits.
const entry = [...CONTESTANTS, ...ENGINE_CONTESTANTS].find(({ name }) => name === process.argv[2]);
if (entry === undefined) {
  throw new Error(`There is no contestant named ${process.argv[2]}.`);
}
const figures = await measure(entry);
process.stdout.write(`${JSON.stringify(figures)}\n`);
