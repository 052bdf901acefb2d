import {
  fixtureServerCommand,
  startFixtureHttpServer,
  testToolProvider,
  type FixtureEra,
} from "@mcp-optimizer/testkit";
import { createMcpProvider } from "../src/index.ts";
import { processesWith } from "./processes-with.ts";

const log = (): void => {};
const options = { log, connectTimeoutMs: 20_000, closeGraceMs: 500, debounceMs: 10 };

for (const era of ["legacy", "modern", "dual"] satisfies FixtureEra[]) {
  testToolProvider({
    name: `a ${era} server over stdio`,
    create: () => {
      const { command, args } = fixtureServerCommand({ era, pageSize: 4 });
      const marker = `conformance-${crypto.randomUUID()}`;
      const provider = createMcpProvider(
        { name: "fixture", kind: "stdio", command, args, env: { FIXTURE_MARKER: marker } },
        options,
      );
      return { provider, kill: () => processesWith(marker).forEach((pid) => process.kill(pid, "SIGKILL")) };
    },
  });

  testToolProvider({
    name: `a ${era} server over streamable HTTP`,
    create: async () => {
      const server = await startFixtureHttpServer({ era });
      const provider = createMcpProvider(
        { name: "fixture", kind: "remote", url: server.url, transport: "auto", headers: {} },
        options,
      );
      return { provider, kill: () => server.close(), dispose: () => server.close() };
    },
  });
}

testToolProvider({
  name: "a server over SSE",
  create: async () => {
    const server = await startFixtureHttpServer({ era: "legacy", sseOnly: true });
    const provider = createMcpProvider(
      { name: "fixture", kind: "remote", url: server.url, transport: "auto", headers: {} },
      options,
    );
    return { provider, kill: () => server.close(), dispose: () => server.close() };
  },
});
