import { createManualClock, testResponseCache } from "@mcp-optimizer/testkit";
import { createMemoryResponseCache } from "../../src/cache/memory-response-cache.ts";

testResponseCache({
  name: "the cache in memory",
  create(sizes) {
    const clock = createManualClock();
    return { cache: createMemoryResponseCache({ clock, ...sizes }), pass: (ms) => clock.advance(ms) };
  },
});
