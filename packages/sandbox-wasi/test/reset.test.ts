import { DEFAULT_RUN_LIMITS } from "@mcp-optimizer/contracts";
import { encodeStart, readHarness } from "@mcp-optimizer/sandbox-guest";
import { randomBytes } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { EngineModules } from "../src/pool/engine-modules.ts";
import { GuestHost } from "../src/worker/guest-host.ts";
import type { FromWorker, WorkerSettings } from "../src/worker/messages.ts";
import { buildRealmTemplate } from "../src/vm/realm-template.ts";

// The inside of a worker, driven in this thread.

/** An address in the stack. */
const FILLED = 4_096;

let settings: WorkerSettings;
beforeAll(async () => {
  settings = {
    module: await new EngineModules().get(64 * 1024 * 1024),
    harness: await readHarness(),
    freshInstance: false,
    verifyEvery: 1,
    warmUpRuns: 0,
    stopFlag: new SharedArrayBuffer(4),
  };
});

let generation = 0;
/** Runs a program that makes no call, and gives what the worker posted. */
function run(host: GuestHost, posts: FromWorker[], body: string): FromWorker[] {
  posts.length = 0;
  const program = { language: "javascript", source: `async () => {${body}\n}`, namespaces: [] } as const;
  host.receive({
    kind: "run",
    generation: ++generation,
    source: program.source,
    start: encodeStart(program, DEFAULT_RUN_LIMITS, randomBytes(32)),
    cpuMs: 10_000,
    wallMs: 10_000,
    memoryBytes: 64 * 1024 * 1024,
    frameBytes: 1_000_000,
  });
  return [...posts];
}

function open(overrides: Partial<WorkerSettings> = {}): { host: GuestHost; posts: FromWorker[] } {
  const posts: FromWorker[] = [];
  const post = (message: FromWorker): number => posts.push(message);
  return { host: new GuestHost({ ...settings, ...overrides }, { post, now: () => Date.now() }), posts };
}

const value = (posts: readonly FromWorker[]): unknown => {
  const message = posts.find((post) => post.kind === "frames");
  return JSON.parse(message!.frames.at(-1)!.split("\n")[2]!);
};

test("memory is the image again after every kind of run, and random numbers differ", () => {
  const { host, posts } = open();
  const drawn = new Set<unknown>();
  for (let i = 0; i < 40; i++) {
    for (const body of [
      "return Math.random()",
      "globalThis.x = 'leak'; Object.prototype.y = 1; return 1",
      "Promise.resolve().then(() => 0); setTimeout(() => 0, 1_000); return 1",
      "(function f() { f() })()",
      "new Map([[{}, Symbol.for('s')]]); throw new Error('x')",
      "return",
    ]) {
      const said = run(host, posts, body);
      expect(said.filter(({ kind }) => kind === "tainted")).toEqual([]);
      if (body.includes("random")) {
        drawn.add(value(said));
      }
    }
  }
  expect(drawn.size).toBe(40);
  expect(host.realm.instances).toBe(1);
});

test("a guest whose memory grew is replaced, and its successor is fresh", () => {
  const { host, posts } = open();
  run(host, posts, "globalThis.kept = []; for (let i = 0; i < 200_000; i++) kept.push({ i })");
  expect(host.realm.instances).toBe(2);
  expect(value(run(host, posts, "return [typeof kept, 1]"))).toEqual(["undefined", 1]);
  expect(host.realm.instances).toBe(2);
});

test("a new instance per run where it is asked for", () => {
  const { host, posts } = open({ freshInstance: true });
  for (let i = 0; i < 3; i++) {
    run(host, posts, "return 1");
  }
  expect(host.realm.instances).toBe(4);
});

test("a reset that leaves something is noticed, and then nothing runs any more", () => {
  const { host, posts } = open();
  expect(run(host, posts, "return 1").map(({ kind }) => kind)).toEqual(["frames"]);
  // A byte that the reset fills with zero, and that the image now says is none.
  host.realm.image.bytes[FILLED] = 7;
  expect(run(host, posts, "return 1").map(({ kind }) => kind)).toEqual(["frames", "tainted"]);
  expect(run(host, posts, "return 1")).toEqual([]);
});

test("only one reset in so many is checked", () => {
  const { host, posts } = open({ verifyEvery: 3 });
  host.realm.image.bytes[FILLED] = 7;
  const kinds = [1, 2, 3].map(() => run(host, posts, "return 1").map(({ kind }) => kind));
  expect(kinds).toEqual([["frames"], ["frames"], ["frames", "tainted"]]);
});

test("a message for a run that is over does nothing", () => {
  const { host, posts } = open();
  run(host, posts, "return 1");
  posts.length = 0;
  host.receive({ kind: "deliver", generation, answers: '[[1,1,"late"]]' });
  host.receive({ kind: "stop", generation });
  host.receive({ kind: "deliver", generation: generation - 1, answers: "[]" });
  expect(posts).toEqual([]);
});

test("the seed of Math.random is one word, found by how it steps", () => {
  const template = buildRealmTemplate(settings.module, settings.harness, () => 0);
  expect(template.randomState % 8).toBe(0);
  expect(template.randomState).toBeGreaterThan(template.image.stackPointer);
});
