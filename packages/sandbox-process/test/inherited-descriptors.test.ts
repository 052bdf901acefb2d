import { ensureDebianPackages, orReason } from "@mcp-optimizer/services";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { open } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { childDescriptors } from "../src/guest/child-descriptors.ts";

const bubblewrap = await orReason(() => ensureDebianPackages(["bubblewrap"]));
const script = fileURLToPath(new URL("inherited-process.ts", import.meta.url));

test("a descriptor that would be handed on unasked is covered, and one that is given is not", () => {
  expect(childDescriptors([10, "pipe"], [], 9)).toEqual(["pipe", "pipe", "pipe", 10, "pipe"]);
  expect(childDescriptors([10, "pipe"], [4, 7], 9)).toEqual([
    "pipe",
    "pipe",
    "pipe",
    10,
    "pipe",
    "ignore",
    "ignore",
    9,
  ]);
});

test.skipIf(bubblewrap.reason !== undefined).each(["seccomp", "basic"])(
  "a guest of %s does not get a file that whoever started its host left open",
  async (kind) => {
    const secret = await open(script);
    const stdio: ("pipe" | "ignore" | number)[] = [
      ...Array.from({ length: 40 }, () => "ignore" as const),
      secret.fd,
    ];
    stdio[1] = "pipe";
    const owner = spawn(process.execPath, ["--conditions=@mcp-optimizer/source", script, kind], { stdio });
    let printed = "";
    owner.stdout!.on("data", (chunk: Buffer) => (printed += chunk.toString()));
    await once(owner, "close");
    await secret.close();
    expect(printed).toBe("guest 0\n");
  },
);
