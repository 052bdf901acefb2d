import { Buffer } from "node:buffer";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { OptimizerError } from "@mcp-optimizer/contracts";
import { openSocketFolder } from "../host/socket-folder.ts";
import type { QmpClient } from "./qmp-client.ts";

const STEP_MS = 2;
const NAME = "state";

/** Keeps the guest's memory, which is a file already, out of the saved state. */
export const SKIP_MEMORY: Readonly<Record<string, unknown>> = {
  capabilities: [{ capability: "x-ignore-shared", state: true }],
};

/** Saves the state of a stopped machine's devices and processor, some 400 KB, by way of a socket in QEMU's own folder. */
export async function saveState(monitor: QmpClient, folder: string): Promise<Buffer> {
  const server = createServer();
  const sockets = await openSocketFolder(folder);
  try {
    const received = once(server, "connection").then(([socket]) => readAll(socket as Socket));
    received.catch(() => undefined);
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ path: sockets.path(NAME), readableAll: true, writableAll: true }, resolve);
    });
    await monitor.execute("migrate", { uri: `unix:${NAME}` });
    const state = await received;
    await waitForMigration(monitor);
    return state;
  } finally {
    server.close();
    await rm(join(folder, NAME), { force: true });
    await sockets.close();
  }
}

/** Resolves when QEMU has saved or loaded a state. Rejects with `sandbox_unavailable` when it could not. */
export async function waitForMigration(monitor: QmpClient): Promise<void> {
  for (;;) {
    const { status } = (await monitor.execute("query-migrate")) as { status?: string };
    if (status === "completed") return;
    if (status === "failed" || status === "cancelled") {
      throw new OptimizerError("sandbox_unavailable", {
        detail: "QEMU cannot save or load the machine's state",
      });
    }
    await setTimeout(STEP_MS);
  }
}

async function readAll(socket: Socket): Promise<Buffer> {
  return Buffer.concat((await socket.toArray()) as Buffer[]);
}
