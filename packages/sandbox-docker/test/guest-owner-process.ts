import { createDockerLauncher, createGvisorLauncher } from "@mcp-optimizer/sandbox-docker";
import { nodeAgent } from "./agents.ts";
import { openGuest } from "./open-guest.ts";

/** Holds one guest until it is killed. Arguments: kind and socket. Prints one line when the guest is ready. */
const [kind, socketPath] = process.argv.slice(2);
const create = kind === "gvisor" ? createGvisorLauncher : createDockerLauncher;
await openGuest(create({ socketPath: socketPath! }), nodeAgent);
process.stdout.write("ready\n");
setInterval(() => undefined, 60_000);
