import { readFileSync } from "node:fs";
import { unpackTemplate } from "../vm/packed-template.ts";
import { PAGE_BYTES, withMemoryMaximum } from "../vm/with-memory-maximum.ts";
import { RealmAgent } from "./realm-agent.ts";

/** The program in a guest's process. Its argument is the memory that a program may take, in bytes. */
const memoryBytes = Number(process.argv[2]);
const folder = new URL("../", import.meta.url);
const template = unpackTemplate(readFileSync(new URL("realm.bin", folder)));
const pages = Math.ceil(Math.max(memoryBytes, 2 * template.image.bytes.length) / PAGE_BYTES);
const engine = withMemoryMaximum(readFileSync(new URL("engine.wasm", folder)), Math.min(pages, 65_535));

const agent = new RealmAgent({
  template,
  module: await WebAssembly.compile(engine),
  memoryBytes,
  warmUpRuns: 100,
  write: (text) => void process.stdout.write(text),
  exit: (words) => {
    process.stderr.write(`${words}\n`);
    process.exit(70);
  },
  now: () => Date.now(),
});

let pending: Buffer[] = [];
process.stdin.on("data", (chunk: Buffer) => {
  let from = 0;
  for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
    const line = Buffer.concat([...pending, chunk.subarray(from, end)]).toString("utf8");
    pending = [];
    from = end + 1;
    agent.receive(line);
  }
  if (from < chunk.length) {
    pending.push(chunk.subarray(from));
  }
});
process.stdin.on("end", () => process.exit(0));
agent.open();
