import { Duplex } from "node:stream";
import { expect, test } from "vitest";
import { connectQmp } from "../../src/qemu/qmp-client.ts";

/** QEMU's end of a QMP stream: answers what it is asked. */
function qemu(answer: (command: string) => object | undefined): Duplex {
  const stream = new Duplex({
    read: () => undefined,
    write(chunk: Buffer, _encoding, done) {
      const { execute } = JSON.parse(chunk.toString()) as { execute: string };
      const said = execute === "qmp_capabilities" ? { return: {} } : answer(execute);
      if (said) stream.push(`{"event":"STOP"}\nnonsense\n${JSON.stringify(said)}\n`);
      else stream.destroy();
      done();
    },
  });
  stream.push('{"QMP":{"version":{}}}\n');
  return stream;
}

test("commands are answered in order, events and noise passed over", async () => {
  const client = await connectQmp(qemu((command) => ({ return: { command } })));
  const answers = await Promise.all([client.execute("stop"), client.execute("cont")]);
  expect(answers).toEqual([{ command: "stop" }, { command: "cont" }]);
});

test("a refusal is an error that says what was refused", async () => {
  const client = await connectQmp(qemu(() => ({ error: { class: "GenericError", desc: "not now" } })));
  await expect(client.execute("migrate")).rejects.toMatchObject({
    code: "sandbox_unavailable",
    message: expect.stringContaining("migrate: not now"),
  });
});

test("QEMU's end is an error to who waits and who comes", async () => {
  const client = await connectQmp(qemu(() => undefined));
  await expect(client.execute("stop")).rejects.toMatchObject({ code: "sandbox_unavailable" });
  await expect(client.execute("cont")).rejects.toMatchObject({ code: "sandbox_unavailable" });
});
