import { ensureDebianPackages, orReason } from "@mcp-optimizer/services";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { createBasicLauncher, createSeccompLauncher } from "../src/index.ts";
import { remains } from "./remains.ts";

const bubblewrap = await orReason(() => ensureDebianPackages(["bubblewrap"]));
const script = fileURLToPath(new URL("launching-process.ts", import.meta.url));

test.skipIf(bubblewrap.reason !== undefined).each(["seccomp", "basic"] as const)(
  "whatever an owner of %s was doing when it was killed, a sweep leaves nothing of it",
  async (kind) => {
    const launcher = kind === "seccomp" ? createSeccompLauncher() : createBasicLauncher({ environment: {} });
    for (const afterMs of [3, 17, 43]) {
      const owner = spawn(process.execPath, ["--conditions=@mcp-optimizer/source", script, kind], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      await once(owner.stdout, "data");
      // Not to wait for anything: to be in the middle of something.
      await delay(afterMs);
      owner.kill("SIGKILL");
      await once(owner, "exit");
      await launcher.sweep();
      await expect.poll(() => remains(kind, [owner.pid!]), { timeout: 5000 }).toEqual([]);
    }
    await launcher.dispose();
  },
  60_000,
);
