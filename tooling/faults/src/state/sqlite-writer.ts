import { writeSync } from "node:fs";
import { runLoad } from "./run-load.ts";
import { openSqliteStores } from "./sqlite-stores.ts";

// A process that writes to a state file until it is killed, and tells on stdout what the file has said to be kept.
const [file, name] = process.argv.slice(2) as [string, string];
const OUT = 1;

await runLoad({
  name,
  stores: await openSqliteStores(file),
  signal: new AbortController().signal,
  // At once: what is told before the kill is with the reader.
  acknowledge: (told) => void writeSync(OUT, `${JSON.stringify(told)}\n`),
});
