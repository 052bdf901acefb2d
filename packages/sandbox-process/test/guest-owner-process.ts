import { DEFAULT_GUEST_RESOURCES } from "@mcp-optimizer/sandbox-guest";
import { createBasicLauncher, createSeccompLauncher } from "@mcp-optimizer/sandbox-process";
import { EVAL_AGENTS, openEvalGuest } from "@mcp-optimizer/testkit";
import { flushCompileCache } from "node:module";

/** Holds one guest until it is killed. Arguments: kind, and whether cgroups are used. Prints one line when the guest runs. */
const [kind, cgroups] = process.argv.slice(2);
const create = kind === "seccomp" ? createSeccompLauncher : createBasicLauncher;
const launcher = create({ cgroups: cgroups === "none" ? "none" : "auto" });
const guest = await openEvalGuest(await launcher.launch(EVAL_AGENTS.javascript, DEFAULT_GUEST_RESOURCES));
// A child that ignores what a guest is told when its owner ends.
await guest.ask(
  `children.spawn("node", ["-e", "setInterval(() => {}, 1e6)"], { stdio: "ignore", detached: true })`,
);
// It is killed, and would else leave nothing compiled for the next.
flushCompileCache();
process.stdout.write("ready\n");
setInterval(() => undefined, 60_000);
