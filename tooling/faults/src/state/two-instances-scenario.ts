import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { startInstances, startRedis } from "@mcp-optimizer/services";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { openLedgerServer } from "./ledger-server.ts";
import type { StateOutcome, StateScenario, StateScenarioOptions } from "./state-scenario.ts";

const KILLS = 2;
const ERAS = [{ mode: "legacy" }, { mode: "legacy" }, { mode: { pin: "2026-07-28" } }] as const;
const DOWN_MS = 300;
const CALL_LIMIT_MS = 20_000;
/** Longer than the lease of a run whose process died. */
const TAKE_OVER_MS = 60_000;

/**
 * Two processes of `mcp-optimizer serve --http` behind nginx on one Redis. Clients count in their sessions, each time with a write to a server, while one
 * process after the other is killed in the middle of what it does and started again. An acknowledged run that is not kept is lost; a write that is
 * made twice ends the scenario.
 */
export const TWO_INSTANCES_SCENARIO: StateScenario = { name: "two-instances", run };

/** A client, and what was said to it to be kept. */
interface Counter {
  readonly name: string;
  readonly client: Client;
  session: string | undefined;
  acknowledged: number;
}

async function run({ seconds, kills = KILLS, say }: StateScenarioOptions): Promise<StateOutcome> {
  await using stack = new AsyncDisposableStack();
  const ledger = stack.use(await openLedgerServer());
  const redis = stack.use(await startRedis({ config: { appendonly: "yes", appendfsync: "always" } }));
  const folder = await mkdtemp(join(tmpdir(), "mcp-optimizer-two-instances-"));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const config = join(folder, "mcp.json");
  const mcpServers = { ledger: { type: "http", url: ledger.url } };
  const optimizer = { state: redis.url, features: { executionMode: "code_execution" } };
  await writeFile(config, JSON.stringify({ mcpServers, optimizer }));
  const { url, instances } = stack.use(await startInstances(config, 2));
  const counters: Counter[] = [];
  for (const [index, versionNegotiation] of ERAS.entries()) {
    const client = new Client({ name: `client ${index}`, version: "1.0.0" }, { versionNegotiation });
    await client.connect(new StreamableHTTPClientTransport(url));
    stack.defer(() => client.close());
    counters.push({ name: `client-${index}`, client, session: undefined, acknowledged: 0 });
  }

  let [operations, errors, slowestMs] = [0, 0, 0];
  const stop = new AbortController();
  const count = async (counter: Counter): Promise<void> => {
    for (let turn = 1; !stop.signal.aborted; turn += 1) {
      const started = performance.now();
      operations += 1;
      try {
        const value = await counted(counter, `${counter.name}.${turn}`);
        counter.acknowledged = Math.max(counter.acknowledged, value);
      } catch {
        // The connection broke, or the process that answered could not.
        errors += 1;
        await pause(5);
      }
      slowestMs = Math.max(slowestMs, Math.round(performance.now() - started));
    }
  };
  const load = Promise.all(counters.map(count));
  const between = (seconds * 1_000) / (kills + 1);
  for (let kill = 0; kill < kills; kill += 1) {
    await pause(between);
    const instance = instances[kill % instances.length]!;
    say(`kills ${instance.address}`);
    await instance.end("SIGKILL");
    await pause(DOWN_MS);
    await instance.restart();
  }
  await pause(between);
  stop.abort();
  await load;

  let lostAcknowledged = 0;
  for (const counter of counters) {
    const now = await patiently(() => runCode(counter, `return await session.get("n", 0);`));
    lostAcknowledged += Math.max(0, counter.acknowledged - Number(now.value));
    say(`${counter.name}: ${counter.acknowledged} acknowledged, ${Number(now.value)} kept`);
  }
  const written = Map.groupBy(ledger.written, (text) => text);
  const twice = [...written].filter(([, all]) => all.length > 1).map(([text]) => text);
  if (twice.length > 0) throw new Error(`Written twice: ${twice.join(", ")}`);
  return { scenario: "two-instances", operations, errors, lostAcknowledged, kills, slowestMs };
}

/** Writes, and counts one up; resolves with the count. Both are kept when it is told. */
async function counted(counter: Counter, text: string): Promise<number> {
  const { value, session } = await runCode(
    counter,
    `const n = (await session.get("n", 0)) + 1; await ledger.write({ text: "${text}" }); await session.set("n", n); return n;`,
  );
  counter.session ??= session;
  return Number(value);
}

/** Runs a program in the counter's session. */
async function runCode(
  counter: Counter,
  code: string,
): Promise<{ value: unknown; session: string | undefined }> {
  const { client, session } = counter;
  const args = { code, ...(session !== undefined && { session }) };
  const result = await client.callTool({ name: "run_code", arguments: args }, { timeout: CALL_LIMIT_MS });
  const [block] = result.content;
  const text = block?.type === "text" ? block.text : "";
  if (result.isError === true) throw new Error(text);
  const answer = JSON.parse(text) as { value?: unknown; session?: string };
  if (!("value" in answer)) throw new Error(text);
  return { value: answer.value, session: /session: "([\w-]+)"/.exec(answer.session ?? "")?.[1] };
}

async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  const end = Date.now() + TAKE_OVER_MS;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (Date.now() > end) throw error;
      await pause(100);
    }
  }
}
