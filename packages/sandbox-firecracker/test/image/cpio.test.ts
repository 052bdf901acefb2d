import fc from "fast-check";
import { expect, test } from "vitest";
import { packCpio } from "../../src/image/cpio.ts";
import { unpackCpio } from "../firecracker/model/unpack-cpio.ts";

const entry = fc.record({
  path: fc.string({ minLength: 1, maxLength: 60 }).filter((path) => !/[\0]|^TRAILER!!!$/.test(path)),
  mode: fc.constantFrom(0o040755, 0o100644, 0o100600, 0o100755),
  content: fc.uint8Array({ maxLength: 40 }),
});

test("what is packed is what a kernel unpacks", () => {
  fc.assert(
    fc.property(fc.array(entry), (entries) => {
      const unpacked = unpackCpio(packCpio(entries));
      expect(
        unpacked.map(({ path, mode, content }) => ({ path, mode, content: new Uint8Array(content) })),
      ).toEqual(entries);
    }),
  );
});
