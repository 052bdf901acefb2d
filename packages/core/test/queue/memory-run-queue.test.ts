import { testRunQueue } from "@mcp-optimizer/testkit";
import { createMemoryRunQueue } from "../../src/queue/memory-run-queue.ts";
import { systemClock } from "../../src/system-clock.ts";

testRunQueue({
  name: "the queue in memory",
  create: () => ({ open: (settings) => createMemoryRunQueue({ clock: systemClock, ...settings }) }),
});
