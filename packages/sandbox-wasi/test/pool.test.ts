import {
  DEFAULT_RUN_LIMITS,
  type GuestOutcome,
  type HostReply,
  type SandboxBackend,
} from "@mcp-optimizer/contracts";
import { createWasiSandbox, type WasiSandboxOptions } from "@mcp-optimizer/sandbox-wasi";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, expect, test, vi } from "vitest";

let open: SandboxBackend[] = [];
afterEach(async () => {
  await Promise.all(open.map((sandbox) => sandbox.dispose()));
  open = [];
});

function create(options: WasiSandboxOptions): SandboxBackend {
  const sandbox = createWasiSandbox({ warmUpRuns: 0, ...options });
  open.push(sandbox);
  return sandbox;
}

const REQUEST = { tenant: "pool", limits: DEFAULT_RUN_LIMITS };
const program = (body: string) =>
  ({
    language: "javascript",
    source: `async () => {${body}}`,
    namespaces: [{ name: "a", tools: [] }],
  }) as const;

/** Runs whose one call waits until `open` is called. */
function gate(): { host: { call: () => Promise<HostReply> }; waiting: () => number; open: () => void } {
  const opened = Promise.withResolvers<void>();
  let waiting = 0;
  const call = async (): Promise<HostReply> => {
    waiting++;
    await opened.promise;
    return { ok: true };
  };
  return { host: { call }, waiting: () => waiting, open: opened.resolve };
}

async function runWaiting(
  sandbox: SandboxBackend,
  host: { call: () => Promise<HostReply> },
): Promise<GuestOutcome> {
  const lease = await sandbox.lease(REQUEST);
  try {
    return await lease.session.run(program("await a.b(); return 1"), host);
  } finally {
    await lease.dispose();
  }
}

test("guests that wait for tools do not hold up others: more workers start", async () => {
  const sandbox = create({ workers: 1, maxWorkers: 4 });
  const { host, waiting, open: release } = gate();
  const runs = [1, 2, 3, 4].map(() => runWaiting(sandbox, host));
  await vi.waitFor(() => expect(waiting()).toBe(4), { timeout: 20_000 });
  release();
  expect((await Promise.all(runs)).map(({ value }) => value)).toEqual([1, 1, 1, 1]);
});

test("leases beyond the workers wait in order, and one that is cancelled leaves the queue", async () => {
  const sandbox = create({ workers: 1, maxWorkers: 1 });
  const first = await sandbox.lease(REQUEST);
  const order: number[] = [];
  const controller = new AbortController();
  const queue = [1, 2, 3].map(async (n) => {
    const request = n === 2 ? { ...REQUEST, signal: controller.signal } : REQUEST;
    const lease = await sandbox.lease(request);
    order.push(n);
    await lease.dispose();
  });
  controller.abort();
  await expect(queue[1]).rejects.toMatchObject({ code: "cancelled" });
  expect(order).toEqual([]);
  await first.dispose();
  await Promise.all([queue[0], queue[2]]);
  expect(order).toEqual([1, 3]);
});

test("a waiting lease is refused when the sandbox ends", async () => {
  const sandbox = create({ workers: 1, maxWorkers: 1 });
  await sandbox.lease(REQUEST);
  const waiting = sandbox.lease(REQUEST);
  await Promise.all([sandbox.dispose(), expect(waiting).rejects.toMatchObject({ code: "shutting_down" })]);
});

test("a lease whose worker was ended says so, and the next lease has a new one", async () => {
  const sandbox = create({ workers: 1, maxWorkers: 1 });
  const lease = await sandbox.lease({
    ...REQUEST,
    limits: { ...DEFAULT_RUN_LIMITS, cpuMs: 50, wallMs: 300 },
  });
  const outcome = await lease.session.run(program("return new Array(2 ** 31).join('x')"), gate().host);
  expect(["cpu_limit", "timeout"]).toContain(outcome.failure?.code);
  await expect(lease.session.run(program("return 1"), gate().host)).rejects.toMatchObject({
    code: "sandbox_unavailable",
  });
  await lease.dispose();
  const { host, open: release } = gate();
  release();
  expect((await runWaiting(sandbox, host)).value).toBe(1);
});

test("memory limits of each lease hold, one after another", async () => {
  const sandbox = create({ workers: 1, maxWorkers: 1 });
  const grow = program(
    "const a = []; for (let i = 0; i < 24; i++) a.push(new Uint8Array(1024 * 1024)); return a.length",
  );
  for (const [mebibytes, code] of [
    [64, undefined],
    [16, "memory_limit"],
    [64, undefined],
  ] as const) {
    const limits = { ...DEFAULT_RUN_LIMITS, memoryBytes: mebibytes * 1024 * 1024 };
    const lease = await sandbox.lease({ ...REQUEST, limits });
    const outcome = await lease.session.run(grow, gate().host);
    expect(outcome.failure?.code, `${mebibytes} MiB`).toBe(code);
    expect(outcome.usage.memoryBytes).toBeLessThanOrEqual(limits.memoryBytes);
    await lease.dispose();
  }
});

test("a new instance per run works the same", async () => {
  const sandbox = create({ workers: 1, maxWorkers: 1, freshInstance: true });
  const lease = await sandbox.lease(REQUEST);
  const { host, open: release } = gate();
  release();
  const body = program(
    "await a.b(); globalThis.count = (globalThis.count ?? 0) + 1; return [count, Math.random()]",
  );
  const seen = new Set<unknown>();
  for (let i = 0; i < 3; i++) {
    const { value } = await lease.session.run(body, host);
    expect(value).toEqual([1, expect.any(Number)]);
    seen.add(JSON.stringify(value));
  }
  expect(seen.size).toBe(3);
});

test("another language is refused", async () => {
  const lease = await create({ workers: 1 }).lease(REQUEST);
  const python = { ...program(""), language: "python" as const };
  await expect(lease.session.run(python, gate().host)).rejects.toMatchObject({ code: "sandbox_unavailable" });
});

test("the host's event loop goes on while guests compute and large values come", async () => {
  const sandbox = create({ workers: 1, maxWorkers: 1 });
  const lease = await sandbox.lease(REQUEST);
  const rows =
    "const rows = []; for (let i = 0; i < 150_000; i++) rows.push({ i, name: 'row ' + i, tags: ['x', 'y'] });";
  let turns = 0;
  const counter = setInterval(() => turns++, 0);
  const outcome = await lease.session.run(program(`${rows} return rows`), gate().host);
  clearInterval(counter);
  expect(outcome.value).toHaveLength(150_000);
  expect(turns).toBeGreaterThan(50);
});

test("a process with an idle sandbox may end by itself, one with a run may not", async () => {
  const script = `
    import { createWasiSandbox } from "@mcp-optimizer/sandbox-wasi";
    import { DEFAULT_RUN_LIMITS } from "@mcp-optimizer/contracts";
    const lease = await createWasiSandbox({ workers: 1 }).lease({ tenant: "t", limits: DEFAULT_RUN_LIMITS });
    const source = "async () => { await new Promise((r) => setTimeout(r, 50)); return 'ran' }";
    const { value } = await lease.session.run({ language: "javascript", source, namespaces: [] }, { call: async () => ({ ok: true }) });
    process.stdout.write(value);
    await lease.dispose();`;
  const child = spawn(
    process.execPath,
    ["--conditions=@mcp-optimizer/source", "--input-type=module", "--eval", script],
    { cwd: new URL("..", import.meta.url).pathname, stdio: ["ignore", "pipe", "inherit"], timeout: 25_000 },
  );
  const chunks: string[] = [];
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => chunks.push(chunk));
  expect(await once(child, "exit")).toEqual([0, null]);
  expect(chunks.join("")).toBe("ran");
});
