import { OptimizerError } from "@mcp-optimizer/contracts";
import { createSqliteContextStore } from "../../src/context/sqlite-context-store.ts";
import { createSqliteSessionStore } from "../../src/sessions/sqlite-session-store.ts";

// A process that counts in a session that others count in, too, and fills a context that others fill. It says what was acknowledged, step by step.
const [file, name, rounds] = process.argv.slice(2) as [string, string, string];
await using sessions = await createSqliteSessionStore({ file, clock: Date, name: "sessions" });
await using contexts = await createSqliteContextStore({ file, clock: Date });
const scope = { tenant: "t", session: "s", namespace: "n" };
for (let round = 0; round < Number(rounds); round++) {
  for (;;) {
    const { version, data } = (await sessions.get("t", "s"))!;
    try {
      await sessions.update("t", "s", version, { n: Number(data["n"]) + 1 });
      break;
    } catch (error) {
      if (!OptimizerError.is(error) || error.code !== "conflict") throw error;
    }
  }
  await contexts.set(scope, `${name}${round}`, "x".repeat(1_000), { ttlMs: 600_000, limitBytes: 10_000 });
  const size = await contexts.size("t", "s");
  process.stdout.write(`${round} ${size}\n`);
}
