import { testLedgerStore } from "@mcp-optimizer/testkit";
import { createMemoryLedgerStore } from "../../src/ledger/memory-ledger-store.ts";

testLedgerStore({
  name: "memory",
  create: (options) => {
    let now = 0;
    const store = createMemoryLedgerStore({ clock: { now: () => now }, ...options });
    return { store, pass: (ms) => void (now += ms) };
  },
});
