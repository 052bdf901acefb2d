import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { connectVsock } from "../../src/index.ts";
import { openFolder } from "../test-machine.ts";
import { serveVsock } from "./model/serve-vsock.ts";

let folder: Awaited<ReturnType<typeof openFolder>>;
let path: string;
let server: Server | undefined;

beforeEach(async () => {
  folder = await openFolder();
  path = join(folder.path, "v.sock");
});
afterEach(async () => {
  server?.close();
  await folder.remove();
});

/** A server whose answer to `CONNECT` a test writes. */
async function serve(answer: (socket: Socket, head: string, attempt: number) => void): Promise<void> {
  let attempt = 0;
  server = createServer((socket) => {
    socket.on("error", () => undefined);
    const number = attempt++;
    socket.once("data", (chunk: Buffer) => answer(socket, chunk.toString(), number));
  });
  await new Promise<void>((resolve) => server!.listen(path, resolve));
}

test("connects to the port, and passes bytes both ways", async () => {
  server = await serveVsock(path, (port) => (port === 52 ? (socket) => socket.pipe(socket) : undefined));
  const socket = await connectVsock(path, 52, AbortSignal.timeout(5_000));
  socket.write("there");
  expect(String((await once(socket, "data"))[0])).toBe("there");
  socket.destroy();
});

test("tries again until somebody listens", async () => {
  await serve((socket, head, attempt) => {
    expect(head).toBe("CONNECT 1026\n");
    if (attempt < 3) socket.destroy();
    else socket.write("OK 1073741824\n");
  });
  (await connectVsock(path, 1026, AbortSignal.timeout(5_000))).destroy();
});

test("waits for a socket that is not there yet", async () => {
  const connecting = connectVsock(path, 7, AbortSignal.timeout(5_000));
  await serve((socket) => socket.write("OK 1\n"));
  (await connecting).destroy();
});

test("keeps what the guest says right after the greeting, and a greeting in pieces", async () => {
  await serve((socket) => {
    socket.write("OK 10");
    setImmediate(() => socket.write("24\nfirst words"));
  });
  const socket = await connectVsock(path, 7, AbortSignal.timeout(5_000));
  expect(String((await once(socket, "data"))[0])).toBe("first words");
  socket.destroy();
});

test("takes no other greeting, and gives up with the signal's reason", async () => {
  await serve(
    (socket, _head, attempt) => void socket.write(["no\n", "OK x\n", "y".repeat(64)][attempt % 3]!),
  );
  const controller = new AbortController();
  const connecting = connectVsock(path, 7, controller.signal);
  let attempts = 0;
  server!.on("connection", () => {
    if (++attempts === 4) controller.abort(new Error("enough"));
  });
  await expect(connecting).rejects.toThrow("enough");
});
