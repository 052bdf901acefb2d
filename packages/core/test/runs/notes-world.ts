import { DEFAULT_RUN_LIMITS } from "@mcp-optimizer/contracts";
import type { ExecutionLog, JsonObject, JsonValue, ToolResult } from "@mcp-optimizer/contracts";
import {
  createFixtureToolbox,
  createInMemoryProvider,
  createManualClock,
  type FixtureTool,
} from "@mcp-optimizer/testkit";
import { createApprovalDesk } from "../../src/approvals/approval-desk.ts";
import { createApprovalStates } from "../../src/approvals/approval-states.ts";
import { createCaches } from "../../src/cache/create-caches.ts";
import { createMemoryResponseCache } from "../../src/cache/memory-response-cache.ts";
import { buildCatalogue } from "../../src/catalogue/build-catalogue.ts";
import { createMemoryExecutionLog } from "../../src/log/memory-execution-log.ts";
import { createPolicy } from "../../src/policy/create-policy.ts";
import type { PolicySettings } from "../../src/policy/policy-rules.ts";
import { createMemoryResultVault } from "../../src/vault/memory-result-vault.ts";
import { LIMITLESS } from "../../src/rates/usage-limits.ts";
import { createResilience } from "../../src/resilience/resilience.ts";
import { createArgumentCheck } from "../../src/run/check-arguments.ts";
import { createDirectCaller, type DirectAnswer } from "../../src/run/direct-call.ts";
import { createDirectRunner } from "../../src/run/direct-run.ts";
import type { RunReport, RunRequest } from "../../src/run/run-report.ts";
import { createToolCaller } from "../../src/run/tool-caller.ts";
import { toolSignature } from "../../src/signatures/tool-signature.ts";
import { createRuns } from "../../src/runs/create-runs.ts";
import { memorySessions } from "../sessions/memory-sessions.ts";
import type { Inverses } from "../../src/runs/inverses.ts";
import type { Runs } from "../../src/runs/runs.ts";

/** How the calls of the notes server are taken back. */
export const INVERSES: Inverses = {
  "notes.create": { tool: "notes.remove", args: { id: { $from: "result.id" } } },
  "notes.change": {
    tool: "notes.change",
    args: { id: { $from: "args.id" }, text: { $from: "result.before" } },
  },
  "notes.remove": { tool: "notes.restore", args: { note: { $from: "result" } } },
};

type Call = (name: string, args: JsonObject) => Promise<JsonValue>;

/** Settings of a {@link createNotesWorld}. */
export interface NotesWorldOptions {
  readonly inverses?: Inverses;
  readonly policy?: PolicySettings;
  /** Told of each call before it has its effect; what it throws is the server's error. */
  readonly before?: (tool: string, args: JsonObject) => void;
}

/** A server of notes with an engine in front of it, as far as runs need one. */
export interface NotesWorld {
  readonly runs: Runs;
  readonly log: ExecutionLog;
  /** What the server has. */
  readonly notes: ReadonlyMap<string, string>;
  /** Every call that reached the server. */
  readonly calls: string[];
  /** Lets time pass. */
  readonly pass: (ms: number) => void;
  /** Gives a tool another definition, or takes it away. */
  replaceTool(name: string, description: string | undefined): void;
  /** Runs what stands for a program of this text. */
  program(code: string, body: (call: Call) => Promise<JsonValue | void>, runId?: string): Promise<void>;
  callDirect(name: string, args: JsonObject, runId: string): Promise<DirectAnswer>;
}

/** Makes a world without notes. */
export function createNotesWorld(options: NotesWorldOptions = {}): NotesWorld {
  const { inverses = INVERSES, before = () => undefined } = options;
  const clock = createManualClock();
  const notes = new Map<string, string>();
  const calls: string[] = [];
  let ids = 0;
  const randomId = (): string => `id${(ids += 1)}`;
  let made = 0;

  const text = { type: "string" } as const;
  const tool = (
    name: string,
    properties: JsonObject,
    work: (args: Record<string, string>) => JsonValue,
  ): FixtureTool => ({
    definition: { name, inputSchema: { type: "object", properties, required: Object.keys(properties) } },
    call: (args): ToolResult => {
      calls.push(`${name} ${JSON.stringify(args)}`);
      before(name, args);
      return { content: [{ type: "text", text: JSON.stringify(work(args as Record<string, string>)) }] };
    },
  });
  const known = (id: string): string => {
    const note = notes.get(id);
    if (note === undefined) throw new Error(`there is no note ${id}`);
    return note;
  };
  const tools = [
    tool("list", {}, () => [...notes.keys()]),
    tool("create", { text }, ({ text: content }) => {
      const id = `n${(made += 1)}`;
      notes.set(id, content!);
      return { id };
    }),
    tool("change", { id: text, text }, ({ id, text: content }) => {
      const old = known(id!);
      notes.set(id!, content!);
      return { before: old };
    }),
    tool("remove", { id: text }, ({ id }) => {
      const old = known(id!);
      notes.delete(id!);
      return { id: id!, text: old };
    }),
    tool("restore", { note: { type: "object" } }, ({ note }) => {
      const { id, text: content } = note as unknown as { id: string; text: string };
      notes.set(id, content);
      return { ok: true };
    }),
  ];
  const toolbox = createFixtureToolbox(tools);
  const provider = createInMemoryProvider("notes", toolbox);
  let definitions = provider.tools;
  const catalogue = () => buildCatalogue([{ name: "notes", status: { state: "ready" }, tools: definitions }]);

  const policy = createPolicy({
    effects: { "notes.list": "read", "notes.remove": "destructive", "notes.*": "write" },
    ...options.policy,
  });
  const log = createMemoryExecutionLog({ clock });
  const checkArguments = createArgumentCheck();
  const runDirect = createDirectRunner({
    catalogue,
    callTool: createToolCaller({
      log: () => undefined,
      providers: new Map([["notes", provider]]),
      signature: toolSignature,
      checkArguments,
      policy,
      vault: createMemoryResultVault({ clock, randomId }),
      usage: LIMITLESS,
      resilience: createResilience({}, { clock }),
      cache: createCaches({
        cache: createMemoryResponseCache({ clock }),
        flags: { enableCaching: false, cacheTtlSeconds: 0 },
        policy,
        catalogue,
        clock,
        log: () => undefined,
        randomId,
      }).calls,
      observers: [],
      clock,
    }),
    usage: LIMITLESS,
    sessions: memorySessions(clock, log),
    approvals: createApprovalDesk({
      states: createApprovalStates({ clock, secret: new Uint8Array(32) }),
      executionLog: log,
      clock,
    }),
    executionLog: log,
    clock,
    limits: DEFAULT_RUN_LIMITS,
    log: () => undefined,
    randomId,
  });
  const callDirect = createDirectCaller(runDirect, catalogue);
  const bodies = new Map<string, (call: Call) => Promise<JsonValue | void>>();
  const run = async ({ code, language = "javascript", ...request }: RunRequest): Promise<RunReport> => {
    const report = {
      omitted: [],
      warnings: [],
      console: [],
      consoleOmittedBytes: 0,
      shown: [],
      durationMs: 0,
    };
    const work = bodies.get(code)!;
    const {
      runId,
      value,
      calls: made,
    } = await runDirect(
      { kind: "program", code, language },
      request,
      async (direct) => (await work((name, args) => direct.call(name, args))) ?? null,
    );
    return { ...report, runId, value, calls: made, tokens: { program: 0, answer: 0 } };
  };
  return {
    runs: createRuns({
      executionLog: log,
      catalogue,
      run,
      callDirect,
      runDirect,
      policy,
      checkArguments,
      inverses,
    }),
    log,
    notes,
    calls,
    pass: (ms) => clock.advance(ms),
    replaceTool(name, description) {
      definitions = definitions.flatMap((definition) =>
        definition.name !== name
          ? definition
          : description === undefined
            ? []
            : { ...definition, description },
      );
    },
    async program(code, body, runId = "r") {
      bodies.set(code, body);
      await run({ code, runId }).catch(() => undefined);
    },
    callDirect: async (name, args, runId) => await callDirect({ name, args, runId }),
  };
}
