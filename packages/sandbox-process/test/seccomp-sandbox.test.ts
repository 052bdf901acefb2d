import { ensureDebianPackages, orReason } from "@mcp-optimizer/services";
import { testSandbox } from "@mcp-optimizer/testkit";
import { createSeccompSandbox } from "../src/index.ts";

const bubblewrap = await orReason(() => ensureDebianPackages(["bubblewrap"]));

testSandbox({
  name: "seccomp",
  ...(bubblewrap.reason !== undefined && { unavailable: bubblewrap.reason }),
  create: () => createSeccompSandbox(),
});
