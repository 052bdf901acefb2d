import { openSandbox, type SandboxSettings } from "@mcp-optimizer/sandbox";
import { availableParallelism } from "node:os";
import type { Contestant } from "../contestant.ts";
import { sandboxRun } from "./sandbox-run.ts";

/** A sandbox whose guests are processes, containers or machines; `pauseMs` is more than a guest takes to start. */
export async function openGuests(settings: SandboxSettings, pauseMs: number): Promise<Contestant> {
  const warm = await openSandbox(settings);
  const cold = await openSandbox({ ...settings, pool: { size: 0 } });
  let guestBytes: number | undefined;
  return {
    inFlight: availableParallelism() * 2,
    pauseMs,
    run: async () => {
      const { value, usage } = await sandboxRun(warm);
      guestBytes = usage.memoryBytes ?? guestBytes;
      return value;
    },
    runCold: async () => (await sandboxRun(cold)).value,
    guestBytes: () => guestBytes,
    close: async () => {
      await Promise.all([warm.dispose(), cold.dispose()]);
    },
  };
}
