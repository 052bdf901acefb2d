import type { Language } from "@mcp-optimizer/contracts";
import { readFile } from "node:fs/promises";
import type { GuestAgent } from "../guest-launcher.ts";
import { readHarness } from "../read-harness.ts";
import { warmUpText } from "./warm-up.ts";

const PYTHON_FILES = ["agent", "bindings", "encode", "outline", "program"];

/** Reads the programs that run inside guests with Node or Python: each says that it is ready, and runs one program. */
export async function readGuestAgents(): Promise<Readonly<Record<Language, GuestAgent>>> {
  const guest = new URL("../../guest/", import.meta.url);
  const read = (name: string): Promise<string> => readFile(new URL(name, guest), "utf8");
  const [agent, world, warmUp, web, harness, ...python] = await Promise.all([
    read("agent.cjs"),
    read("world.cjs"),
    read("warm-up.cjs"),
    read("web-globals.js"),
    readHarness(),
    ...PYTHON_FILES.map((name) => read(`python/${name}.py`)),
  ]);
  return {
    javascript: {
      language: "javascript",
      command: ["node", "/guest/agent.cjs"],
      files: {
        "agent.cjs": agent,
        "world.cjs": world,
        "warm-up.cjs": warmUp,
        "warm-up.json": warmUpText(),
        "web-globals.js": web,
        "harness.js": harness,
      },
      clonable: true,
    },
    python: {
      language: "python",
      // The folder of its files is read-only: no byte code.
      command: ["python3", "-B", "/guest/agent.py"],
      files: Object.fromEntries(PYTHON_FILES.map((name, index) => [`${name}.py`, python[index]!])),
      clonable: true,
    },
  };
}
