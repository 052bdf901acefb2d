import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testLedgerStore } from "@mcp-optimizer/testkit";
import { expect, test } from "vitest";
import { createSqliteLedgerStore } from "../../src/ledger/sqlite-ledger-store.ts";
import { stateFolder } from "../state-folder.ts";

testLedgerStore({
  name: "sqlite",
  create: async (options) => {
    let now = 0;
    const folder = await mkdtemp(join(tmpdir(), "mcp-optimizer-ledger-"));
    const store = await createSqliteLedgerStore({
      file: join(folder, "state.db"),
      clock: { now: () => now },
      ...options,
    });
    return {
      store,
      pass: (ms) => void (now += ms),
      dispose: async () => {
        await store.dispose();
        await rm(folder, { recursive: true });
      },
    };
  },
});

test("what two that have the file open add is there when it is opened again", async () => {
  const file = join(stateFolder(), "state.db");
  const entry = {
    tenant: "t",
    session: "s",
    at: 1,
    part: "search",
    subject: "",
    count: 1,
    tokens: 3,
    estimated: 0,
  } as const;
  const [one, other] = await Promise.all(
    [0, 1].map(() => createSqliteLedgerStore({ file, clock: { now: () => 1 } })),
  );
  await Promise.all(Array.from({ length: 10 }, (_, at) => (at % 2 ? one! : other!).append([entry])));
  await one!.dispose();
  await other!.dispose();
  await expect(one!.append([entry])).rejects.toMatchObject({ code: "store_unavailable" });
  await using again = await createSqliteLedgerStore({ file, clock: { now: () => 1 } });
  expect(await again.sum({ tenant: "t", session: "s" })).toMatchObject([{ count: 10, tokens: 30 }]);
});
