// A process of the host that attacks aim at: it listens everywhere, and holds a secret in its environment, arguments and memory.
import { createSocket } from "node:dgram";
import { createServer, type Server, type Socket } from "node:net";

const [, , secret = "", unixPath = "", abstractName = ""] = process.argv;
const inMemory = Buffer.from(`in memory: ${secret}`);

/** What reached this process. */
function note(where: string, text: string): void {
  process.send?.({ where, text });
}

function take(where: string): (socket: Socket) => void {
  return (socket) => {
    let text = "";
    socket.on("error", () => undefined);
    socket.on("data", (chunk: Buffer) => (text = (text + chunk.toString("latin1")).slice(0, 4_096)));
    socket.once("close", () => note(where, text));
    socket.setTimeout(1_000, () => socket.destroy());
    socket.end(inMemory);
  };
}

function listen(server: Server, on: { port?: number; host?: string; path?: string }): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(on, () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
}

const tcpPort = await listen(createServer(take("tcp")), { port: 0, host: "::" }).catch(() =>
  listen(createServer(take("tcp")), { port: 0, host: "0.0.0.0" }),
);
await listen(createServer(take("unix socket")), { path: unixPath });
await listen(createServer(take("abstract socket")), { path: `\0${abstractName}` });
const udp = createSocket("udp4");
udp.on("message", (data) => note("udp", data.toString("latin1")));
const udpPort = await new Promise<number>((resolve) => udp.bind(0, () => resolve(udp.address().port)));
process.on("message", (ask: number) => process.send?.({ answer: ask }));
process.on("disconnect", () => process.exit(0));
process.send?.({ tcpPort, udpPort });
