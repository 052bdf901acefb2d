import { testLearnedTypeStore } from "@mcp-optimizer/testkit";
import { createMemoryLearnedTypeStore } from "../../src/learning/memory-learned-type-store.ts";

testLearnedTypeStore({
  name: "memory",
  create: ({ maxTools }) => ({ store: createMemoryLearnedTypeStore({ maxTools }) }),
});
