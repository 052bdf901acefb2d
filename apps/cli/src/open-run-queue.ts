import { OptimizerError, type Log, type RunQueue } from "@mcp-optimizer/contracts";
import { systemClock as clock } from "@mcp-optimizer/core";
import type { State } from "@mcp-optimizer/state";
import type { QueueSettings } from "./queue-settings.ts";

/** Opens the queue of a Redis. Rejects with `config_invalid` where state is elsewhere: fronts and workers meet in a Redis. */
export async function openRunQueue(
  { redis: link }: Pick<State, "redis">,
  { enabled: _asked, ...settings }: QueueSettings,
  log: Log,
): Promise<RunQueue> {
  if (link === undefined) {
    throw new OptimizerError("config_invalid", {
      detail:
        "a queue of runs is in a Redis, and optimizer.state names none; set it to redis://host:port, the same for fronts and workers",
    });
  }
  const { createBullRunQueue } = await import("@mcp-optimizer/run-queue");
  return createBullRunQueue({ link, clock, log, ...settings });
}
