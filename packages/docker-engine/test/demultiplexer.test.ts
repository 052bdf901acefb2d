import fc from "fast-check";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { expect, test } from "vitest";
import { Demultiplexer } from "../src/demultiplexer.ts";

function frame(type: number, payload: Uint8Array): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt8(type, 0);
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
}

function cut(bytes: Buffer, lengths: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  let rest = bytes;
  for (let index = 0; rest.length > 0; index++) {
    const length = lengths.length === 0 ? rest.length : lengths[index % lengths.length]!;
    pieces.push(rest.subarray(0, length));
    rest = rest.subarray(length);
  }
  return pieces;
}

test("gives back stdout and stderr, wherever the stream is cut", async () => {
  const frames = fc.array(
    fc.record({ type: fc.constantFrom(1, 2), payload: fc.uint8Array({ maxLength: 40 }) }),
  );
  const lengths = fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(frames, lengths, async (list, sizes) => {
      const stderr: Buffer[] = [];
      const stream = Buffer.concat(list.map(({ type, payload }) => frame(type, payload)));
      const output = Readable.from(cut(stream, sizes)).pipe(new Demultiplexer((chunk) => stderr.push(chunk)));
      const expected = (type: number) =>
        Buffer.concat(list.filter((one) => one.type === type).map(({ payload }) => payload));
      expect(await buffer(output)).toEqual(expected(1));
      expect(Buffer.concat(stderr)).toEqual(expected(2));
    }),
  );
});

test("holds the source back while nobody reads", async () => {
  const output = new Demultiplexer(() => undefined);
  const payload = Buffer.alloc(1024 * 1024);
  expect(output.write(frame(1, payload))).toBe(false);
  output.end();
  expect((await buffer(output)).length).toBe(payload.length);
});

test("stops at a frame that Docker does not send", async () => {
  const stream = Buffer.concat([
    frame(1, Buffer.from("good")),
    frame(7, Buffer.from("bad")),
    frame(1, Buffer.from("late")),
  ]);
  const output = new Demultiplexer(() => undefined);
  let broken = 0;
  output.on("broken", () => broken++);
  output.end(stream);
  expect((await buffer(output)).toString()).toBe("good");
  expect(broken).toBe(1);
});
