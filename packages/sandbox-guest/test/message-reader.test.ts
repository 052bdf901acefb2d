import fc from "fast-check";
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { MessageReader } from "../src/channel/message-reader.ts";

async function readAll(chunks: readonly Buffer[], maxBytes: number): Promise<string[]> {
  const reader = new MessageReader(Readable.from(chunks, { objectMode: true }), maxBytes);
  const seen: string[] = [];
  for (let message = await reader.next(); message !== undefined; message = await reader.next()) {
    seen.push(message);
  }
  return seen;
}

test("messages arrive whole, wherever the stream is cut", async () => {
  const line = fc.string({ unit: "grapheme", minLength: 1 }).map((text) => JSON.stringify(text));
  const message = fc.array(line, { minLength: 1, maxLength: 4 }).map((lines) => lines.join("\n"));
  await fc.assert(
    fc.asyncProperty(
      fc.array(message, { maxLength: 6 }),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      async (messages, cuts) => {
        const bytes = Buffer.from(messages.map((text) => `${text}\n\n`).join(""));
        const chunks: Buffer[] = [];
        for (let at = 0, turn = 0; at < bytes.length; turn++) {
          const size = cuts[turn % cuts.length]!;
          chunks.push(bytes.subarray(at, at + size));
          at += size;
        }
        expect(await readAll(chunks, 10_000)).toEqual(messages);
      },
    ),
  );
});

test("what is not ended is no message, and what is too long is refused", async () => {
  expect(await readAll([Buffer.from("a\n\nb")], 10)).toEqual(["a"]);
  await expect(readAll([Buffer.alloc(6, "x"), Buffer.alloc(6, "x")], 10)).rejects.toMatchObject({
    code: "sandbox_violation",
  });
});
