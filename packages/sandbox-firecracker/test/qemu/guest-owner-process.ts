import { DEFAULT_GUEST_RESOURCES } from "@mcp-optimizer/sandbox-guest";
import { EVAL_AGENTS, openEvalGuest } from "@mcp-optimizer/testkit";
import { createFirecrackerLauncher } from "../../src/index.ts";

/** Holds one guest until it is killed. Its argument: the launcher's options as JSON. Prints one line when the guest runs. */
const launcher = createFirecrackerLauncher(JSON.parse(process.argv[2] ?? "{}"));
await openEvalGuest(await launcher.launch(EVAL_AGENTS.javascript, DEFAULT_GUEST_RESOURCES));
process.stdout.write("ready\n");
setInterval(() => undefined, 60_000);
