import { inspect } from "node:util";
import { fixtureServerCommand, misbehavingServerCommand } from "@mcp-optimizer/testkit";
import { expect, test, vi } from "vitest";
import { BOUND, codeOf, connect, counted, misbehaving, reasonOf, stdio, until } from "./harness.ts";
import { processesWith } from "./processes-with.ts";

const MIB = 1024 * 1024;
const echoed = { content: [{ type: "text", text: "hi" }] };

test("a server that does not start is failed with what it said, and the others work", async () => {
  const upstreams = connect([
    misbehaving("exits"),
    stdio("missing", { command: "no-such-command-anywhere", args: [] }),
    stdio("astray", fixtureServerCommand(), { cwd: "/no/such/folder" }),
    {
      name: "refused",
      kind: "unusable",
      reason: "env.KEY needs the environment variable KEY, which is not set",
    },
    stdio("fine", fixtureServerCommand()),
  ]);
  expect(upstreams.providers.map((provider) => provider.status.state)).toEqual(Array(5).fill("connecting"));
  await upstreams.settled();
  const [exits, missing, astray, refused, fine] = upstreams.providers;
  expect(reasonOf(exits!)).toBe("exited with code 1: fatal: the database is not configured");
  expect(reasonOf(missing!)).toContain("there is no command no-such-command-anywhere");
  expect(reasonOf(astray!)).toContain("its working directory does not exist");
  expect(reasonOf(refused!)).toBe("env.KEY needs the environment variable KEY, which is not set");
  expect(await fine!.callTool("echo", { text: "hi" })).toMatchObject(echoed);
  await expect(exits!.callTool("echo", {})).rejects.toMatchObject({
    code: "upstream_failed",
    message: 'The MCP server failed: "exits" exited with code 1: fatal: the database is not configured',
  });
});

test("a server that hangs at the handshake costs its time limit and no more", async () => {
  const marker = `hang-${crypto.randomUUID()}`;
  const upstreams = connect([misbehaving("silent", { env: { MARKER: marker } })], { connectTimeoutMs: 500 });
  await upstreams.settled();
  expect(reasonOf(upstreams.providers[0]!)).toBe("did not finish the handshake within 0.5 s");
  await vi.waitFor(() => expect(processesWith(marker)).toEqual([]), BOUND);
});

test("a server that waits for something says for what", async () => {
  const server = { command: "sh", args: ["-c", "echo open http://login to continue >&2; sleep 60"] };
  const upstreams = connect([stdio("waiting", server)], { connectTimeoutMs: 500 });
  await upstreams.settled();
  expect(reasonOf(upstreams.providers[0]!)).toBe(
    "did not finish the handshake within 0.5 s: open http://login to continue",
  );
});

test("a server that hangs on the list says so", async () => {
  const upstreams = connect([misbehaving("hangs-on-list")], { connectTimeoutMs: 2_000 });
  await upstreams.settled();
  expect(reasonOf(upstreams.providers[0]!)).toBe("did not list its tools within 2 s");
});

test("a server that ignores the era probe is started once and works", async () => {
  const { server, starts } = counted(misbehavingServerCommand("ignores-probe"));
  const { providers } = connect([stdio("old", server)], { probeTimeoutMs: 50 });
  await until(providers[0]!, "ready");
  expect(await providers[0]!.callTool("echo", { text: "hi" })).toMatchObject(echoed);
  expect(starts()).toBe(1);
});

test("a server that dies at the era probe is started again without it", async () => {
  const { server, starts } = counted(misbehavingServerCommand("dies-at-probe"));
  const { providers } = connect([stdio("old", server)]);
  await until(providers[0]!, "ready");
  expect(await providers[0]!.callTool("echo", { text: "hi" })).toMatchObject(echoed);
  expect(starts()).toBe(2);
});

test("a modern server that is slow to start is started once and works", async () => {
  const { server, starts } = counted(misbehavingServerCommand("slow-modern"));
  const { providers } = connect([stdio("slow", server)], { probeTimeoutMs: 50 });
  await until(providers[0]!, "ready");
  expect(await providers[0]!.callTool("echo", { text: "hi" })).toMatchObject(echoed);
  expect(starts()).toBe(1);
});

test("a server that floods stderr neither blocks nor fills the log", async () => {
  const { providers, entries } = connect([misbehaving("floods-stderr")]);
  await until(providers[0]!, "ready");
  expect(await providers[0]!.callTool("echo", { text: "hi" })).toMatchObject(echoed);
  expect(entries.some((entry) => entry.message === "stderr")).toBe(true);
  expect(JSON.stringify(entries).length).toBeLessThan(MIB);
});

test("garbage on stdout is skipped with one warning", async () => {
  const { providers, entries } = connect([misbehaving("garbage")]);
  await until(providers[0]!, "ready");
  expect(await providers[0]!.callTool("echo", { text: "hi" })).toMatchObject(echoed);
  const warnings = entries.filter((entry) => entry.level === "warn");
  expect(warnings).toMatchObject([{ fields: { server: "garbage", line: "starting up..." } }]);
});

test.each([
  ["a message of 100 MB", "huge-message", "huge"],
  ["300 MB without a line break", "endless-line", "flood"],
] as const)("%s ends the call with output_limit, and the server comes back", async (_name, mode, tool) => {
  const { providers } = connect([misbehaving(mode)], { maxMessageBytes: 8 * MIB });
  const [provider] = providers;
  await until(provider!, "ready");
  const before = process.memoryUsage.rss();
  await expect(provider!.callTool(tool, {})).rejects.toMatchObject({
    code: "output_limit",
    message: expect.stringContaining(`sent a message of more than ${8 * MIB} bytes`),
  });
  expect(process.memoryUsage.rss() - before).toBeLessThan(80 * MIB);
  await until(provider!, "ready");
  expect(await provider!.callTool("echo", { text: "hi" })).toMatchObject(echoed);
});

test("a server that dies in a call fails that call once, and a later call works", async () => {
  const { server, starts } = counted(misbehavingServerCommand("dies-mid-call"));
  const { providers } = connect([stdio("mortal", server)]);
  const [provider] = providers;
  await until(provider!, "ready");
  const other = codeOf(provider!.callTool("wait", {}));
  await expect(provider!.callTool("die", {})).rejects.toMatchObject({
    code: "upstream_failed",
    message: expect.stringContaining("exited with code 3; whether the call took effect is not known"),
  });
  expect(await other).toBe("upstream_failed");
  expect(provider!.status).toMatchObject({
    state: "failed",
    reason: expect.stringContaining("it is tried again in"),
  });
  expect(provider!.tools.map((tool) => tool.name)).toContain("die");
  await expect(provider!.callTool("echo", {})).rejects.toMatchObject({ code: "upstream_failed" });
  await until(provider!, "ready");
  expect(await provider!.callTool("echo", { text: "hi" })).toMatchObject(echoed);
  expect(starts()).toBe(2);
});

test("a server that ignores EOF and signals is gone after dispose, with its wrapper", async () => {
  const marker = `unkillable-${crypto.randomUUID()}`;
  const { server } = counted(misbehavingServerCommand("unkillable"));
  const upstreams = connect([stdio("stubborn", server, { env: { MARKER: marker } })]);
  await until(upstreams.providers[0]!, "ready");
  expect(processesWith(marker).length).toBeGreaterThanOrEqual(2);
  await upstreams.dispose();
  await vi.waitFor(() => expect(processesWith(marker)).toEqual([]), BOUND);
});

test("dispose while connecting leaves nothing", async () => {
  const marker = `early-${crypto.randomUUID()}`;
  const upstreams = connect([misbehaving("silent", { env: { MARKER: marker } })], {
    connectTimeoutMs: 600_000,
  });
  await vi.waitFor(() => expect(processesWith(marker)).not.toEqual([]), BOUND);
  const waiting = codeOf(upstreams.providers[0]!.callTool("echo", {}));
  await upstreams.dispose();
  expect(await waiting).toBe("upstream_failed");
  expect(processesWith(marker)).toEqual([]);
});

test("pages without end are refused", async () => {
  const upstreams = connect([misbehaving("endless-pages")]);
  await upstreams.settled();
  expect(reasonOf(upstreams.providers[0]!)).toBe("lists its tools in pages that never end");
});

test("entries that are no tools are left out, and the rest stays", async () => {
  const { providers, entries } = connect([misbehaving("bad-tools")]);
  await until(providers[0]!, "ready");
  expect(providers[0]!.tools).toMatchObject([
    { name: "no_schema", inputSchema: { type: "object" } },
    { name: "echo", description: "Answers with the given text." },
  ]);
  expect(entries.filter((entry) => entry.level === "warn")).toHaveLength(4);
});

test("10,000 tools arrive", async () => {
  const { providers } = connect([misbehaving("many-tools")]);
  await until(providers[0]!, "ready");
  expect(providers[0]!.tools).toHaveLength(10_009);
  expect(await providers[0]!.callTool("tool_9999", {})).toMatchObject({ content: [{ text: "9999" }] });
});

test("secrets of the configuration stay out of reasons and logs", async () => {
  const secret = "sk-live-0123456789";
  const server = { command: "sh", args: ["-c", 'echo "bad key $KEY" >&2; exit 1'] };
  const upstreams = connect([
    stdio("leaky", server, { env: { KEY: secret }, secrets: [secret] }),
    stdio(
      "missing",
      { command: "no-such-command-anywhere", args: [`--key=${secret}`] },
      { secrets: [secret] },
    ),
  ]);
  await upstreams.settled();
  expect(reasonOf(upstreams.providers[0]!)).toBe("exited with code 1: bad key ***");
  const logged = inspect(upstreams.entries, { depth: null, maxStringLength: null });
  expect(logged).toContain("bad key ***");
  expect(logged).not.toContain(secret);
});
