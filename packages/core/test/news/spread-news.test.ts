import type { Bulletin } from "@mcp-optimizer/contracts";
import { createFixtureToolbox, createInMemoryProvider, type FixtureTool } from "@mcp-optimizer/testkit";
import { expect, test } from "vitest";
import { spreadNews } from "../../src/news/spread-news.ts";
import { createMemoryBulletin } from "../../src/state/memory-bulletin.ts";

const tool = (name: string): FixtureTool => ({
  definition: { name, inputSchema: { type: "object" } },
  call: async () => ({ content: [] }),
});

/** A process that hears of new tools only when it lists them again. */
async function openDeaf(bulletin: Bulletin, listed: () => readonly FixtureTool[]) {
  const toolbox = createFixtureToolbox([...listed()]);
  let relists = 0;
  let loads = 0;
  const provider = Object.assign(createInMemoryProvider("files", toolbox), {
    relist() {
      relists += 1;
      for (const one of listed().slice(toolbox.tools.length)) toolbox.add(one);
    },
  });
  const news = await spreadNews({
    bulletin,
    providers: [provider],
    loadPrograms: async () => void (loads += 1),
    log: () => {},
  });
  return { toolbox, provider, news, counts: () => ({ relists, loads }) };
}

test("what one process hears of a server's tools, the others list too, and who has them does nothing", async () => {
  const bulletin = createMemoryBulletin();
  const tools = [tool("read")];
  const one = await openDeaf(bulletin, () => tools);
  const other = await openDeaf(bulletin, () => tools);
  tools.push(tool("write"));
  one.toolbox.add(tools[1]!);
  await expect.poll(() => other.provider.tools.map(({ name }) => name)).toEqual(["read", "write"]);
  expect(one.counts().relists).toBe(0);
  expect(other.counts().relists).toBe(1);
  await other.news[Symbol.asyncDispose]();
  tools.push(tool("move"));
  one.toolbox.add(tools[2]!);
  await bulletin.publish("tools", JSON.stringify(["files", "hash"]));
  expect(other.counts().relists).toBe(1);
});

test("a server that lists something else each time is not asked for ever", async () => {
  const bulletin = createMemoryBulletin();
  let listed = 0;
  let relists = 0;
  const open = async () => {
    const listeners = new Set<() => void>();
    const change = (): void => {
      listed += 1;
      provider.tools = [tool(`t${listed}`).definition];
      for (const listener of listeners) listener();
    };
    const provider = {
      name: "files",
      status: { state: "ready" as const },
      tools: [tool("read").definition],
      onChange: (listener: () => void) => (listeners.add(listener), () => listeners.delete(listener)),
      // No more often than a test can bear.
      relist: () => void (++relists < 100 && setImmediate(change)),
    };
    await spreadNews({ bulletin, providers: [provider], loadPrograms: async () => {}, log: () => {} });
    return change;
  };
  const [change] = [await open(), await open(), await open()];
  change();
  for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
  expect(relists).toBe(2);
  change();
  for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
  expect(relists).toBe(4);
});

test("where news may have been missed, all is looked at again", async () => {
  const gaps: (() => void)[] = [];
  const bulletin: Bulletin = {
    publish: async () => undefined,
    subscribe: async (_topic, { onGap }) => {
      gaps.push(onGap!);
      return async () => undefined;
    },
  };
  const { counts } = await openDeaf(bulletin, () => [tool("read")]);
  for (const gap of gaps) gap();
  expect(counts()).toEqual({ relists: 1, loads: 1 });
});
