import { ensureDebianPackages, orReason } from "@mcp-optimizer/services";
import { testAttacks } from "@mcp-optimizer/testkit";
import { createSeccompSandbox } from "../src/index.ts";
import { remains } from "./remains.ts";

const bubblewrap = await orReason(() => ensureDebianPackages(["bubblewrap"]));

testAttacks({
  name: "seccomp",
  ...(bubblewrap.reason !== undefined && { unavailable: bubblewrap.reason }),
  create: (limits) => createSeccompSandbox({ pool: { size: 3, limits } }),
  remains: () => remains("seccomp"),
});
