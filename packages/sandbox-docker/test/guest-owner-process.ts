import { EVAL_AGENTS, openEvalGuest } from "@mcp-optimizer/testkit";
import { DEFAULT_GUEST_RESOURCES } from "@mcp-optimizer/sandbox-guest";
import { KINDS } from "./kinds.ts";
import { markContainers } from "./mark-containers.ts";
import { flushCompileCache } from "node:module";

/** Holds one guest until it is killed. Arguments: kind, socket and mark. Prints one line when the guest is ready. */
const [name, socketPath, mark] = process.argv.slice(2);
const { launcher } = KINDS.find((kind) => kind.name === name)!;
const engine = markContainers(socketPath!, mark!);
await openEvalGuest(await launcher({ engine }).launch(EVAL_AGENTS.javascript, DEFAULT_GUEST_RESOURCES));
// It is killed, and would else leave nothing compiled for the next.
flushCompileCache();
process.stdout.write("ready\n");
setInterval(() => undefined, 60_000);
