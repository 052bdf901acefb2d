import { once } from "node:events";
import { connect } from "node:net";
import { freePort } from "./free-port.ts";
import { startDaemon, type Daemon } from "./start-daemon.ts";

/** An empty Redis on the loopback interface that keeps nothing. */
export async function startRedis(): Promise<Daemon & { readonly url: string }> {
  const port = await freePort();
  const args = ["--bind", "127.0.0.1", "--port", String(port), "--save", "", "--appendonly", "no"];
  const ready = async (): Promise<void> => {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    socket.destroy();
  };
  const { stop } = await startDaemon("redis-server", args, { ready });
  return { url: `redis://127.0.0.1:${port}`, stop };
}
