import { createConnection, type Socket } from "node:net";
import { setTimeout } from "node:timers/promises";

const RETRY_MS = 20;
const GREETING_BYTES = 32;
const GREETING = /^OK \d+$/;

/**
 * Connects to a vsock port of a guest by way of the socket that Firecracker listens on: `CONNECT port`, answered by `OK` and a
 * number once the guest accepts. Tries again until the guest listens; rejects with the signal's reason when that comes first.
 */
export async function connectVsock(socketPath: string, port: number, signal: AbortSignal): Promise<Socket> {
  for (;;) {
    signal.throwIfAborted();
    const socket = await tryOnce(socketPath, port, signal);
    if (socket) return socket;
    await setTimeout(RETRY_MS, undefined, { signal }).catch(() => {});
  }
}

/** `undefined` when nobody listens yet. */
function tryOnce(socketPath: string, port: number, signal: AbortSignal): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = createConnection(socketPath);
    let greeting = Buffer.alloc(0);
    const settle = (result: Socket | undefined): void => {
      socket.off("readable", read).off("close", fail);
      signal.removeEventListener("abort", fail);
      if (!result) socket.destroy();
      resolve(result);
    };
    const fail = (): void => settle(undefined);
    const read = (): void => {
      const chunk = socket.read() as Buffer | null;
      if (!chunk) return;
      greeting = Buffer.concat([greeting, chunk]);
      const end = greeting.indexOf("\n");
      if (end < 0 && greeting.length < GREETING_BYTES) return;
      if (end < 0 || !GREETING.test(greeting.toString("latin1", 0, end))) return fail();
      if (greeting.length > end + 1) socket.unshift(greeting.subarray(end + 1));
      settle(socket);
    };
    // Stays for the socket's life: an error without a listener would end our own process. A "close" follows it.
    socket.on("error", () => {});
    socket.once("close", fail).on("readable", read);
    signal.addEventListener("abort", fail, { once: true });
    socket.once("connect", () => socket.write(`CONNECT ${port}\n`));
  });
}
