import { EVAL_AGENTS, openEvalGuest } from "@mcp-optimizer/testkit";
import { createCopyingLauncher } from "./copying-launcher.ts";
import { flushCompileCache } from "node:module";

/** Holds one guest until it is killed. Its arguments: the launcher's options and the guest's resources, as JSON. Prints one line when it runs. */
const [options = "{}", resources = "{}"] = process.argv.slice(2);
const launcher = createCopyingLauncher(JSON.parse(options));
await openEvalGuest(await launcher.launch(EVAL_AGENTS.javascript, JSON.parse(resources)));
// It is killed, and would else leave nothing compiled for the next.
flushCompileCache();
process.stdout.write("ready\n");
setInterval(() => undefined, 60_000);
