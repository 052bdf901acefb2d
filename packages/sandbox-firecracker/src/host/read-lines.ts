import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";

const MAX_LINE = 65_536;

/** Calls `onLine` for each line of a stream. A longer line than 64 Ki characters is cut: its sender is not to be trusted. */
export function readLines(stream: Readable, onLine: (line: string) => void): void {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  stream.on("data", (chunk: Buffer) => {
    const lines = (rest + decoder.write(chunk)).split("\n");
    rest = (lines.pop() ?? "").slice(0, MAX_LINE);
    for (const line of lines) onLine(line.slice(0, MAX_LINE));
  });
}
