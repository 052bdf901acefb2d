import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Client, StreamableHTTPClientTransport, type ElicitResult } from "@modelcontextprotocol/client";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { CLI, serve, testFolder, type TestFolder } from "./cli.ts";

const require = createRequire(import.meta.url);
const MEMORY = require.resolve("@modelcontextprotocol/server-memory/dist/index.js");
const ERAS = { legacy: { mode: "legacy" }, modern: { mode: { pin: "2026-07-28" } } } as const;
/** Starts several processes, and the client of the modern era each of them twice, since it tries the era on one. */
const SLOW = { timeout: 120_000 };
const YES: ElicitResult = { action: "accept", content: { approve: true } };
const FORMS = { elicitation: { form: {} } };
const PROGRAM = `
  for (const name of ["one", "two"]) {
    await memory.create_entities({ entities: [{ name, entityType: "note", observations: [] }] });
  }
  return (await memory.read_graph({})).entities.map(({ name }) => name);
`;

/** A configuration of the memory server, in which writes are asked about. */
async function configured(): Promise<TestFolder & { written: () => Promise<string[]> }> {
  const folder = await testFolder({});
  const optimizer = {
    policy: {
      default: { write: "ask", destructive: "ask", unknown: "ask" },
      trustAnnotations: ["memory"],
    },
    // What another process needs to take the answer to a question of this one.
    approvals: { secret: "a secret of this test that is long enough" },
    state: join(folder.folder, "state"),
  };
  const file = join(folder.folder, "memory.jsonl");
  const env = { MEMORY_FILE_PATH: file };
  const mcpServers = { memory: { command: process.execPath, args: [MEMORY], env } };
  await folder.write("mcp.json", JSON.stringify({ mcpServers, optimizer }));
  return {
    ...folder,
    async written() {
      const lines = await readFile(file, "utf8").catch(() => "");
      return lines
        .split("\n")
        .flatMap((line) => (line === "" ? [] : [(JSON.parse(line) as { name: string }).name]));
    },
  };
}

describe.each(["legacy", "modern"] as const)("over stdio, a client of the %s era", (era) => {
  test("asks its user once for the whole plan; nothing is done before the answer", SLOW, async () => {
    await using folder = await configured();
    await using served = await serve(folder.config, {
      capabilities: FORMS,
      versionNegotiation: ERAS[era],
    });
    const answers: ElicitResult[] = [{ action: "decline" }, YES];
    const asked: string[] = [];
    const before: string[][] = [];
    served.client.setRequestHandler("elicitation/create", async ({ params }) => {
      asked.push(params.message);
      before.push(await folder.written());
      return answers.shift()!;
    });
    const refused = await served.client.callTool({ name: "run_code", arguments: { code: PROGRAM } });
    expect(refused).toMatchObject({ isError: true });
    expect(JSON.stringify(refused.content)).toContain("approval_rejected");
    expect(await folder.written()).toEqual([]);
    expect(await served.run(PROGRAM)).toMatchObject({ isError: false, value: ["one", "two"] });
    expect(await folder.written()).toEqual(["one", "two"]);
    expect(before).toEqual([[], []]);
    expect(asked).toHaveLength(2);
    expect(asked[1]).toMatch(
      /1\. memory\.create_entities \(.*needs approval.*\n.*"one".*\n2\. memory\.create_entities.*\n.*"two"/,
    );
  });
});

test("the answer to a question may come to another process", SLOW, async () => {
  await using folder = await configured();
  const options = {
    capabilities: FORMS,
    versionNegotiation: ERAS.modern,
    inputRequired: { autoFulfill: false },
  };
  const request = {
    method: "tools/call",
    params: { name: "run_code", arguments: { code: PROGRAM } },
  } as const;
  let requestState: string | undefined;
  {
    await using served = await serve(folder.config, options);
    const asked = await served.client.request(request, { allowInputRequired: true });
    ({ requestState } = asked as { requestState?: string });
  }
  expect(requestState).toEqual(expect.any(String));
  expect(await folder.written()).toEqual([]);
  await using served = await serve(folder.config, options);
  const params = { ...request.params, requestState, inputResponses: { approval: YES } };
  const answer = await served.client.request({ ...request, params });
  expect(JSON.stringify(answer)).toContain('\\"value\\":[\\"one\\",\\"two\\"]');
  expect(await folder.written()).toEqual(["one", "two"]);
});

describe("over HTTP", () => {
  let folder: Awaited<ReturnType<typeof configured>>;
  let url: URL;
  let stop: () => Promise<void>;
  beforeAll(async () => {
    folder = await configured();
    const child = spawn(
      process.execPath,
      [CLI, "serve", "--config", folder.config, "--http", "127.0.0.1:0"],
      {
        stdio: ["ignore", "ignore", "pipe"],
      },
    );
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    url = new URL(await vi.waitUntil(() => /http:\S+/.exec(stderr)?.[0], { timeout: 30_000 }));
    stop = async () => {
      child.kill();
      if (child.exitCode === null) await once(child, "exit");
      await folder[Symbol.asyncDispose]();
    };
  });
  afterAll(() => stop());

  const connect = async (
    era: "legacy" | "modern",
    onAsked?: () => Promise<ElicitResult>,
  ): Promise<Client> => {
    const inputRequired = { autoFulfill: onAsked !== undefined };
    const options = { capabilities: FORMS, versionNegotiation: ERAS[era], inputRequired };
    const client = new Client({ name: "test", version: "1.0.0" }, options);
    if (onAsked !== undefined) client.setRequestHandler("elicitation/create", onAsked);
    await client.connect(new StreamableHTTPClientTransport(url));
    return client;
  };
  const write = (name: string): string =>
    `await memory.create_entities({ entities: [{ name: "${name}", entityType: "note", observations: [] }] }); return "${name}"`;

  test("the answer to a question may come by another connection", async () => {
    const first = await connect("modern");
    const request = {
      method: "tools/call",
      params: { name: "run_code", arguments: { code: write("modern") } },
    } as const;
    const asked = (await first.request(request, { allowInputRequired: true })) as { requestState?: string };
    await first.close();
    expect(asked).toMatchObject({ resultType: "input_required", requestState: expect.any(String) });
    expect(await folder.written()).not.toContain("modern");
    const second = await connect("modern");
    const answer = { requestState: asked.requestState, inputResponses: { approval: YES } };
    const params = { ...request.params, ...answer };
    const forged = { ...params, requestState: `${asked.requestState}x` };
    await expect(second.request({ ...request, params: forged })).rejects.toMatchObject({ code: -32_602 });
    const other = { ...params, arguments: { code: write("other") } };
    await expect(second.request({ ...request, params: other })).rejects.toMatchObject({ code: -32_602 });
    expect(JSON.stringify(await second.request({ ...request, params }))).toContain(
      '\\"value\\":\\"modern\\"',
    );
    // The same answer again does not write again.
    await second.request({ ...request, params });
    await second.close();
    expect((await folder.written()).toSorted()).toEqual(["modern"]);
  });

  test("an older client whose connection broke is asked again by the run's id", async () => {
    const gone = Promise.withResolvers<string>();
    const first = await connect("legacy", () => new Promise(() => {}));
    first.setRequestHandler("elicitation/create", ({ params }) => {
      gone.resolve(params.message);
      return new Promise(() => {});
    });
    first.callTool({ name: "run_code", arguments: { code: write("legacy") } }).catch(() => {});
    const [, run] = /^The run (\S+) /.exec(await gone.promise)!;
    await first.close();
    const second = await connect("legacy", async () => YES);
    const answer = await second.callTool({ name: "run_code", arguments: { run } });
    await second.close();
    expect(JSON.stringify(answer)).toContain('\\"value\\":\\"legacy\\"');
    expect(await folder.written()).toContain("legacy");
  });
});
