import { DEFAULT_GUEST_RESOURCES } from "@mcp-optimizer/sandbox-guest";
import { createSeccompLauncher } from "@mcp-optimizer/sandbox-process";
import { EVAL_AGENTS, openEvalGuest } from "@mcp-optimizer/testkit";

/** Uses the sandbox as whoever runs this, and prints what came of it as JSON. */
const launcher = createSeccompLauncher();
const probe = await launcher.probe();
const open = async (language: "javascript" | "python") =>
  openEvalGuest(
    await launcher.launch(EVAL_AGENTS[language], { ...DEFAULT_GUEST_RESOURCES, memoryBytes: 2 ** 28 }),
  );
const js = await open("javascript");
const identity = await js.ask("return process.getuid()");
js.tell("for (;;);");
await js.channel.kill();
const python = await open("python");
const bomb = await python.ask(`
import os, time
result = 0
try:
    while result < 200:
        if os.fork() == 0: time.sleep(600)
        result += 1
except OSError: pass`);
await python.channel.kill();
const greedy = await open("python");
const memory = await greedy.ask(`kept = []\nwhile True: kept.append(b"x" * 2**23)`);
await launcher.dispose();
process.stdout.write(JSON.stringify({ own: process.getuid?.(), probe, identity, bomb, memory }));
