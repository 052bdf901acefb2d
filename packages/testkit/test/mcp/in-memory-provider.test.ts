import { createInMemoryProvider, createStandardToolbox, testToolProvider } from "../../src/index.ts";

testToolProvider({
  name: "the in-memory provider",
  create: () => {
    const provider = createInMemoryProvider("memory", createStandardToolbox());
    return { provider, kill: () => provider.setStatus({ state: "failed", reason: "the server died" }) };
  },
});
