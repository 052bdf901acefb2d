import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Acknowledgements, type Acknowledgement } from "./acknowledgements.ts";
import { openSqliteStores } from "./sqlite-stores.ts";
import type { StateScenario } from "./state-scenario.ts";

const WRITER = fileURLToPath(new URL("sqlite-writer.ts", import.meta.url));
const KILLS = 200;
/** Write at once; each is killed on its own. */
const WRITERS = 2;
const LONGEST_LIFE_MS = 120;
const LIMIT_MS = 60_000;

/** Processes that write to one file are killed, again and again; the file is looked at in between. */
export const SQLITE_SCENARIO: StateScenario = {
  name: "sqlite-kill",
  async run({ kills = KILLS, say }) {
    const folder = await mkdtemp(join(tmpdir(), "mcp-optimizer-faults-"));
    const file = join(folder, "state.sqlite");
    const acknowledged = new Acknowledgements();
    let [operations, killed, damaged] = [0, 0, 0];
    try {
      while (killed < kills) {
        const writers = Math.min(WRITERS, kills - killed);
        const lives = Array.from({ length: writers }, (_, number) => live(file, `${killed + number}`));
        for (const told of (await Promise.all(lives)).flat()) {
          acknowledged.add(told);
          operations += 1;
        }
        killed += writers;
        if (!isWhole(file)) damaged += 1;
        if (killed % 20 === 0) say(`killed ${killed} of ${kills}, ${operations} writes`);
      }
      await using stores = await openSqliteStores(file);
      const lostAcknowledged = (await acknowledged.lost(stores)) + damaged;
      return { scenario: "sqlite-kill", operations, errors: 0, lostAcknowledged, kills, slowestMs: 0 };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** Lets a process write, kills it some time after its first write, and resolves with what it was told to be kept. */
async function live(file: string, name: string): Promise<Acknowledgement[]> {
  const child = spawn(process.execPath, [WRITER, file, name], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  const limit = setTimeout(() => child.kill("SIGKILL"), LIMIT_MS);
  let death: NodeJS.Timeout | undefined;
  const told: Acknowledgement[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    // The last line may have been cut; what was not told whole was not told.
    if (!line.endsWith("]")) continue;
    told.push(JSON.parse(line) as Acknowledgement);
    death ??= setTimeout(() => child.kill("SIGKILL"), Math.random() * LONGEST_LIFE_MS);
  }
  clearTimeout(limit);
  clearTimeout(death);
  const [code, signal] = (await exited) as [number | null, string | null];
  if (signal === "SIGKILL" && told.length > 0) return told;
  throw new Error(`A process that writes ended by itself, with ${String(code ?? signal)}`);
}

function isWhole(file: string): boolean {
  const db = new DatabaseSync(file);
  try {
    return Object.values(db.prepare("PRAGMA integrity_check").get()!)[0] === "ok";
  } finally {
    db.close();
  }
}
