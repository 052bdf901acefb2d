import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { describeEnd, GuestControl } from "../../src/launcher/guest-control.ts";
import type { Machine, MachineEnd } from "../../src/vmm/vmm.ts";

function open(): {
  control: GuestControl;
  say: (line: string) => void;
  heard: PassThrough;
  end: (end: MachineEnd) => void;
} {
  const [toHost, toGuest] = [new PassThrough(), new PassThrough()];
  const { promise: ended, resolve: end } = Promise.withResolvers<MachineEnd>();
  const machine: Machine = {
    pid: 1,
    ended,
    controlOutput: toHost,
    controlInput: toGuest,
    input: new PassThrough(),
    output: new PassThrough(),
    kill: async () => undefined,
  };
  return {
    control: new GuestControl(machine),
    say: (line) => void toHost.write(`${line}\n`),
    heard: toGuest,
    end,
  };
}

test("a copy gets the time, randomness of its own, and is woken", async () => {
  const lines: string[][] = [];
  for (let copy = 0; copy < 2; copy++) {
    const { control, say, heard } = open();
    const own: string[] = [];
    heard.on("data", (chunk: Buffer) => {
      own.push(chunk.toString().trim());
      say("ok");
      if (own.at(-1) === "wake") say("idle");
    });
    await control.refresh(1_700_000_000_250);
    lines.push(own);
  }
  expect(lines[0]).toEqual([
    "clock 1700000000 250000000",
    expect.stringMatching(/^entropy [0-9a-f]{128}$/),
    "wake",
  ]);
  expect(lines[0]![1]).not.toBe(lines[1]![1]);
});

test("a guest that cannot be prepared, or a machine that ends, is an error to whoever waits and comes", async () => {
  const failed = open();
  const idle = failed.control.idle();
  failed.say("failed /dev/vda: No such device");
  await expect(idle).rejects.toMatchObject({
    code: "sandbox_unavailable",
    cause: expect.objectContaining({ message: expect.stringContaining("/dev/vda") }),
  });
  const gone = open();
  gone.end({ code: 1, signal: null, detail: "no such kernel" });
  await expect(gone.control.idle()).rejects.toMatchObject({ code: "sandbox_unavailable" });
  await expect(gone.control.refresh(0)).rejects.toMatchObject({ code: "sandbox_unavailable" });
});

test("an agent that has ended is not waited for, and its last words are made fit for a log", async () => {
  const { control, say } = open();
  const idle = control.idle();
  say(`end exit 3 oom 0 stderr ${Buffer.from("\u001b[31mred\nlast\u202e words").toString("hex")}`);
  say("end exit 0 oom 9 stderr ");
  await idle;
  expect(control.end).toMatchObject({ how: "exit", number: 3, outOfMemory: 0 });
  expect(describeEnd(control.end)).toBe("exit code 3; stderr: [31mred last  words");
});
