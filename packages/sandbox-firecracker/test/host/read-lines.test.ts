import { PassThrough } from "node:stream";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readLines } from "../../src/host/read-lines.ts";

function linesOf(chunks: readonly Uint8Array[]): string[] {
  const stream = new PassThrough();
  const lines: string[] = [];
  readLines(stream, (line) => lines.push(line));
  for (const chunk of chunks) stream.emit("data", Buffer.from(chunk));
  return lines;
}

test("lines are the same however a stream is cut", () => {
  const text = fc.array(fc.string({ unit: "grapheme" }).map((line) => line.replaceAll("\n", "")));
  fc.assert(
    fc.property(text, fc.array(fc.nat(), { maxLength: 8 }), (lines, cuts) => {
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
      const places = [
        0,
        ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b),
        bytes.length,
      ];
      const chunks = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
      expect(linesOf(chunks)).toEqual(lines);
    }),
  );
});

test("a line without end is cut", () => {
  const [line] = linesOf([Buffer.alloc(50_000, "a"), Buffer.alloc(50_000, "b"), Buffer.from("\n")]);
  expect(line).toHaveLength(65_536);
});
