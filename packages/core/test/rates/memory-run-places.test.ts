import { createManualClock, testRunPlaces } from "@mcp-optimizer/testkit";
import { createMemoryRunPlaces } from "../../src/rates/memory-run-places.ts";

testRunPlaces({
  name: "places in memory",
  create() {
    const clock = createManualClock();
    return { places: createMemoryRunPlaces({ clock }), pass: (ms) => clock.advance(ms) };
  },
});
