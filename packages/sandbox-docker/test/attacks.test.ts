import { testAttacks } from "@mcp-optimizer/testkit";
import { KINDS } from "./kinds.ts";
import { sharedDockerd } from "./shared-dockerd.ts";

const { service, reason } = await sharedDockerd();

for (const { name, sandbox, slowness } of KINDS) {
  testAttacks({
    name,
    patience: slowness,
    alternate: true,
    // The whole suite takes minutes in containers: `npm run attack` runs it.
    sample: slowness,
    ...(reason !== undefined && { unavailable: reason }),
    create: (limits) => sandbox({ socketPath: service!.socketPath, pool: { size: 2, limits } }),
  });
}
