import { startInstances, startRedis, type ServedInstances } from "@mcp-optimizer/services";
import type { ElicitResult } from "@modelcontextprotocol/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openBank, type Bank } from "./bank.ts";
import { testFolder } from "./cli.ts";
import { connectRunClient, type RunClient } from "./run-client.ts";

const ERAS = { legacy: { mode: "legacy" }, modern: { mode: { pin: "2026-07-28" } } } as const;
const YES: ElicitResult = { action: "accept", content: { approve: true } };
const COUNT = `const seen = (await session.get("seen", 0)) + 1; await session.set("seen", seen); return seen;`;

const services = new AsyncDisposableStack();
let bank: Bank;
let served: ServedInstances;
beforeAll(async () => {
  bank = services.use(await openBank());
  const redis = services.use(await startRedis());
  const folder = services.use(await testFolder({}));
  const optimizer = {
    state: redis.url,
    features: { executionMode: "code_execution" },
    policy: {
      trustAnnotations: ["bank"],
      rules: [{ decide: "ask", server: "bank", tool: "note" }],
    },
    rates: { session: { runsPerMinute: 12 } },
    foregroundSeconds: 1,
  };
  const mcpServers = { bank: { type: "http", url: bank.url } };
  await folder.write("mcp.json", JSON.stringify({ mcpServers, optimizer }));
  served = services.use(await startInstances(folder.config, 2));
}, 120_000);
afterAll(() => services.disposeAsync());

/** A client of an era, which says yes to everything. */
async function connect(era: keyof typeof ERAS): Promise<RunClient> {
  const options = { capabilities: { elicitation: { form: {} } }, versionNegotiation: ERAS[era] };
  return await connectRunClient(served.url, options, (client) =>
    client.setRequestHandler("elicitation/create", async () => YES),
  );
}

describe.each(["legacy", "modern"] as const)(
  "a client of the %s era, whose requests alternate between two processes",
  (era) => {
    test("keeps its variables", async () => {
      await using client = await connect(era);
      let handle = {};
      for (const count of [1, 2, 3, 4]) {
        const answer = await client.value({ code: COUNT, ...handle });
        expect(answer).toContain(`"value":${count}`);
        // Without a connection that has a session, the answer tells one.
        if (era === "modern" && count === 1)
          handle = { session: /session: \\"([\w-]+)\\"/.exec(answer)?.[1] ?? answer };
      }
      expect(new Set(client.servedBy).size).toBe(2);
    });

    test("is asked by one, and answers another", async () => {
      await using client = await connect(era);
      const before = bank.written.length;
      for (const text of ["a", "b", "c"]) {
        const code = `return await bank.note({ text: "${era} ${text}" });`;
        expect(await client.value({ code })).toContain(`wrote ${era} ${text}`);
      }
      expect(bank.written.slice(before)).toEqual(["a", "b", "c"].map((text) => ({ text: `${era} ${text}` })));
      expect(new Set(client.servedBy).size).toBe(2);
    });

    test("opens what was kept by the other", async () => {
      await using client = await connect(era);
      const [handle] = /h_[\w-]+/.exec(await client.value({ code: "return await bank.large({})" }))!;
      for (let time = 0; time < 3; time += 1) {
        const code = `return (await vault.open("${handle}")).length`;
        expect(await client.value({ code })).toContain('"value":5000');
      }
    });
  },
);

test("what a session may do in a minute is counted over both processes", async () => {
  await using client = await connect("legacy");
  const answers: string[] = [];
  for (let run = 0; run < 13; run += 1) answers.push(await client.value({ code: `return ${run}` }));
  const refused = answers.map((answer) => answer.includes("rate_limit"));
  expect(refused).toEqual([...Array.from({ length: 12 }, () => false), true]);
});

/** It waits for the lease of the process that died. */
const SLOW = { timeout: 90_000 };

test(
  "a run that one process has is waited for at the other; when that one is killed, its write is not repeated",
  SLOW,
  async () => {
    await using client = await connect("legacy");
    expect(await client.value({ code: COUNT })).toContain('"value":1');
    const begun = await client.run({ code: `return await bank.slow({ text: "once" });` });
    const [run] = /r_[\w-]+/.exec(begun)!;
    const holder = client.servedBy.at(-1);
    expect(await client.run({ run })).toContain("run_code");
    expect(client.servedBy.at(-1)).not.toBe(holder);
    expect(bank.written.filter(({ text }) => text === "once")).toHaveLength(1);

    const question = await askedBy(holder!);
    await served.instances.find(({ address }) => address === holder)!.end("SIGKILL");
    expect(await client.value({ code: COUNT })).toContain('"value":2');
    expect(await client.value({ run })).toContain("outcome_unknown");
    expect(bank.written.filter(({ text }) => text === "once")).toHaveLength(1);
    expect(client.servedBy.at(-1)).not.toBe(holder);

    // Nobody has answered, so nothing was done; whoever asks for the run is asked again.
    expect(await client.value({ run: question })).toContain("wrote a question");
    expect(bank.written.filter(({ text }) => text === "a question")).toHaveLength(1);
  },
);

/** Has a process ask a person who does not answer; resolves with the run that waits. */
async function askedBy(address: string): Promise<string> {
  const options = { capabilities: { elicitation: { form: {} } }, versionNegotiation: ERAS.legacy };
  for (;;) {
    const asked = Promise.withResolvers<string>();
    const client = await connectRunClient(served.url, options, (one) =>
      one.setRequestHandler("elicitation/create", ({ params }) => {
        asked.resolve(params.message);
        return new Promise(() => {});
      }),
    );
    services.use(client);
    client.run({ code: `return await bank.note({ text: "a question" });` }).catch(() => {});
    const [run] = /r_[\w-]+/.exec(await asked.promise)!;
    if (client.servedBy.at(-1) === address) return run;
  }
}
