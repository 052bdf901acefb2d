import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Acknowledgements, type Acknowledgement } from "./acknowledgements.ts";
import type { LoadFigures } from "./run-load.ts";
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
    let [operations, errors, slowestMs, killed, damaged] = [0, 0, 0, 0, 0];
    try {
      while (killed < kills) {
        const writers = Math.min(WRITERS, kills - killed);
        const lives = Array.from({ length: writers }, (_, number) => live(file, `${killed + number}`));
        for (const { told, worst } of await Promise.all(lives)) {
          for (const one of told) acknowledged.add(one);
          operations += told.length;
          errors += worst.errors;
          slowestMs = Math.max(slowestMs, Math.round(worst.slowestMs));
        }
        killed += writers;
        if (!isWhole(file)) damaged += 1;
        if (killed % 20 === 0) say(`killed ${killed} of ${kills}, ${operations} writes`);
      }
      await using stores = await openSqliteStores(file);
      const lostAcknowledged = (await acknowledged.lost(stores)) + damaged;
      return { scenario: "sqlite-kill", operations, errors, lostAcknowledged, kills, slowestMs };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

interface Life {
  readonly told: readonly Acknowledgement[];
  readonly worst: Pick<LoadFigures, "errors" | "slowestMs">;
}

/** Lets a process write, kills it some time after its first write, and resolves with what it was told to be kept. */
async function live(file: string, name: string): Promise<Life> {
  const child = spawn(process.execPath, [WRITER, file, name], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  const limit = setTimeout(() => child.kill("SIGKILL"), LIMIT_MS);
  let death: NodeJS.Timeout | undefined;
  const told: Acknowledgement[] = [];
  let worst: Life["worst"] = { errors: 0, slowestMs: 0 };
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith("{") && line.endsWith("}")) worst = JSON.parse(line) as Life["worst"];
    // The last line may have been cut; what was not told whole was not told.
    if (!line.endsWith("]")) continue;
    told.push(JSON.parse(line) as Acknowledgement);
    death ??= setTimeout(() => child.kill("SIGKILL"), Math.random() * LONGEST_LIFE_MS);
  }
  clearTimeout(limit);
  clearTimeout(death);
  const [code, signal] = (await exited) as [number | null, string | null];
  if (signal === "SIGKILL" && told.length > 0) return { told, worst };
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
