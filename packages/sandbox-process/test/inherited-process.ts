import { DEFAULT_GUEST_RESOURCES } from "@mcp-optimizer/sandbox-guest";
import { createBasicLauncher, createSeccompLauncher } from "@mcp-optimizer/sandbox-process";

/** Prints what descriptor 40 is here, and in a guest. Argument: the kind. */
const launcher = process.argv[2] === "seccomp" ? createSeccompLauncher() : createBasicLauncher();
const look = `
let size;
try { size = require("node:fs").readFileSync(40, "utf8").length } catch (error) { size = error.code }
console.log(size);`;
const agent = { language: "javascript", command: ["node", "-e", look], files: {} } as const;
const guest = await launcher.launch(agent, DEFAULT_GUEST_RESOURCES);
for await (const chunk of guest.output) process.stdout.write(`guest ${String(chunk)}`);
await launcher.dispose();
