import { DEFAULT_GUEST_RESOURCES } from "@mcp-optimizer/sandbox-guest";
import { createBasicLauncher, createSeccompLauncher } from "@mcp-optimizer/sandbox-process";
import { EVAL_AGENTS } from "@mcp-optimizer/testkit";
import { flushCompileCache } from "node:module";

/** Launches and kills guests without end. Argument: the kind. Prints a line when it begins. */
const launcher = process.argv[2] === "seccomp" ? createSeccompLauncher() : createBasicLauncher();
await launcher.probe();
// It is killed, and would else leave nothing compiled for the next.
flushCompileCache();
process.stdout.write("begins\n");
for (;;) {
  const launch = () => launcher.launch(EVAL_AGENTS.javascript, DEFAULT_GUEST_RESOURCES);
  const channels = await Promise.all([launch(), launch(), launch()]);
  await Promise.all(channels.map((channel) => channel.kill()));
}
