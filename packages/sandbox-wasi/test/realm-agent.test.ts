import { DEFAULT_RUN_LIMITS } from "@mcp-optimizer/contracts";
import { encodeStart, parseFrame, readHarness } from "@mcp-optimizer/sandbox-guest";
import { beforeEach, expect, test } from "vitest";
import { RealmAgent } from "../src/agent/realm-agent.ts";
import { EngineModules } from "../src/pool/engine-modules.ts";
import { packTemplate, unpackTemplate } from "../src/vm/packed-template.ts";
import { buildRealmTemplate } from "../src/vm/realm-template.ts";

const MEMORY = 32 * 1024 * 1024;
const module = await new EngineModules().get(MEMORY);
const built = buildRealmTemplate(module, await readHarness(), () => Date.now());
const READY = /^\{"ready":1,"language":"javascript"/;

let said: string[] = [];
let ended: string[] = [];
let agent: RealmAgent;
beforeEach(() => {
  said = [];
  ended = [];
  agent = new RealmAgent({
    template: unpackTemplate(packTemplate(built)),
    module,
    memoryBytes: MEMORY,
    warmUpRuns: 2,
    write: (text) => said.push(...text.split("\n\n").slice(0, -1)),
    exit: (words) => ended.push(words),
    now: () => Date.now(),
  });
  agent.open();
});

function run(body: string): void {
  const program = { language: "javascript", source: `async () => {${body}\n}`, namespaces: [] } as const;
  const start = encodeStart(program, DEFAULT_RUN_LIMITS, new Uint8Array(32));
  agent.receive(JSON.stringify({ source: program.source, start, random: 1 }));
}

async function outcome(body: string): Promise<unknown> {
  said = [];
  run(body);
  await expect.poll(() => said.at(-1)).toMatch(READY);
  const last = await parseFrame(said.at(-2)!);
  return last.kind === "done" ? (last.failure ?? last.value) : last;
}

test("a packed template is the template", () => {
  const unpacked = unpackTemplate(packTemplate(built));
  expect(Buffer.compare(unpacked.image.bytes, built.image.bytes)).toBe(0);
  expect({ ...unpacked, image: undefined }).toEqual({ ...built, image: undefined });
});

test("programs run one after another, each afresh, and the agent says when it is ready again", async () => {
  expect(said[0]).toMatch(READY);
  for (let i = 0; i < 3; i++) {
    expect(await outcome("globalThis.n = (globalThis.n ?? 0) + 1; return n")).toBe("1");
  }
  expect(await outcome("await new Promise((r) => setTimeout(r, 5)); console.log('x'); return 2")).toBe("2");
  said = [];
  agent.receive("{}");
  expect(said).toEqual([expect.stringMatching(READY)]);
});

test("programs that use up their memory or their stack fail, and the next one runs", async () => {
  expect(await outcome("const a = []; for (;;) a.push(new Uint8Array(1e5))")).toMatchObject({
    code: "memory_limit",
  });
  expect(await outcome("const f = () => f() + 1; return f()")).toMatchObject({ code: "program_failed" });
  expect(await outcome("return 3")).toBe("3");
  expect(ended).toEqual([]);
});

test("answers that come after the end are dropped", async () => {
  await outcome("return 1");
  const before = said.length;
  agent.receive('[[1,1,{"value":1}]]');
  agent.receive("");
  expect(said).toHaveLength(before);
});
