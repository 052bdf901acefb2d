import { createManualClock, testResultVault } from "@mcp-optimizer/testkit";
import { createMemoryResultVault } from "../../src/vault/memory-result-vault.ts";

testResultVault({
  name: "the vault in memory",
  create({ maxSize }) {
    const clock = createManualClock();
    let ids = 0;
    const randomId = (): string => String((ids += 1));
    const vault = createMemoryResultVault({ clock, randomId, maxSize, ttlMs: 1_000 });
    return { vault, pass: (part) => clock.advance(part * 1_000) };
  },
});
