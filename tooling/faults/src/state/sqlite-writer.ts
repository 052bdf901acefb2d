import { writeSync } from "node:fs";
import { runLoad, type LoadFigures } from "./run-load.ts";
import { openSqliteStores } from "./sqlite-stores.ts";

// A process that writes to a state file until it is killed, and tells on stdout what the file has said to be kept, and how it goes.
const [file, name] = process.argv.slice(2) as [string, string];
const OUT = 1;
// At once: what is told before the kill is with the reader.
const tell = (what: unknown): void => void writeSync(OUT, `${JSON.stringify(what)}\n`);
let worst: Pick<LoadFigures, "errors" | "slowestMs"> = { errors: 0, slowestMs: 0 };

await runLoad({
  name,
  stores: await openSqliteStores(file),
  signal: new AbortController().signal,
  acknowledge: tell,
  progress({ errors, slowestMs }) {
    if (errors === worst.errors && slowestMs === worst.slowestMs) return;
    worst = { errors, slowestMs };
    tell(worst);
  },
});
