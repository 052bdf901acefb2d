import { testRateWindow } from "@mcp-optimizer/testkit";
import { vi } from "vitest";
import { createMemoryRateWindow } from "../../src/rates/memory-rate-window.ts";

testRateWindow({
  name: "windows in memory",
  create() {
    // The limiter takes time from the machine and keeps timers of its own.
    vi.useFakeTimers();
    return {
      createWindow: createMemoryRateWindow,
      pass: (ms) => void vi.advanceTimersByTime(ms),
      dispose: () => void vi.useRealTimers(),
    };
  },
});
