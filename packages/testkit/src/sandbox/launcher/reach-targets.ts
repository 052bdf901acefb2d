import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo, type Server } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";

/** Sockets on the host that note who reaches them. */
export interface ReachTargets {
  readonly tcp: readonly { readonly host: string; readonly port: number }[];
  readonly udp: { readonly host: string; readonly port: number };
  readonly unix: readonly string[];
  /** Names of the sockets that something reached. */
  reached(): readonly string[];
  close(): Promise<void>;
}

/** Listens on the loopback address, on the machine's own addresses, on a path and on an abstract name. */
export async function openReachTargets(): Promise<ReachTargets> {
  const folder = await mkdtemp(join(tmpdir(), "mcp-optimizer-reach-"));
  const reached: string[] = [];
  const servers: Server[] = [];
  const listen = async (name: string, where: { path: string } | { host: string; port: number }) => {
    const server = createServer((socket) => {
      reached.push(name);
      socket.destroy();
    });
    servers.push(server);
    server.listen(where);
    await once(server, "listening");
    return server;
  };
  const own = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  const hosts = [
    "127.0.0.1",
    ...own.filter((one) => !one.internal && one.family === "IPv4").map((one) => one.address),
  ];
  const tcp = [];
  for (const host of hosts) {
    const server = await listen(`tcp ${host}`, { host, port: 0 });
    tcp.push({ host, port: (server.address() as AddressInfo).port });
  }
  const unix = [join(folder, "socket"), `\0mcp-optimizer-reach-${process.pid}`];
  for (const path of unix) await listen(`unix ${path}`, { path });
  const datagrams = createSocket("udp4").on("message", () => reached.push("udp"));
  datagrams.bind(0, "127.0.0.1");
  await once(datagrams, "listening");
  return {
    tcp,
    udp: { host: "127.0.0.1", port: datagrams.address().port },
    unix,
    reached: () => reached,
    close: async () => {
      datagrams.close();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
