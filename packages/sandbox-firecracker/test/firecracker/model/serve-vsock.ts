import { createServer, type Server, type Socket } from "node:net";

/** Serves host connections into a guest: `CONNECT port` is answered by `OK number`, or by an end when nobody listens on the port. */
export async function serveVsock(
  socketPath: string,
  connect: (port: number) => ((socket: Socket) => void) | undefined,
): Promise<Server> {
  let assigned = 1_073_741_824;
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    let head = "";
    const read = (chunk: Buffer): void => {
      head += chunk.toString("latin1");
      const end = head.indexOf("\n");
      if (end < 0) return;
      socket.off("data", read);
      const port = /^CONNECT (\d+)$/.exec(head.slice(0, end))?.[1];
      const accept = port === undefined ? undefined : connect(Number(port));
      if (!accept) {
        socket.destroy();
        return;
      }
      socket.write(`OK ${assigned++}\n`);
      accept(socket);
    };
    socket.on("data", read);
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  return server;
}
