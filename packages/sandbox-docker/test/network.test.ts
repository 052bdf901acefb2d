import { createDockerEngine } from "@mcp-optimizer/docker-engine";
import { orReason, startDockerd } from "@mcp-optimizer/services";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import { afterAll, describe, expect, test } from "vitest";
import { createDockerLauncher, createGvisorLauncher } from "../src/index.ts";
import { nodeAgent, pythonAgent } from "./agents.ts";
import { openGuest } from "./open-guest.ts";

const dockerd = await orReason(startDockerd);
afterAll(() => dockerd.service?.stop());

const kinds = [
  { name: "docker", create: createDockerLauncher },
  { name: "gvisor", create: createGvisorLauncher },
];

describe.skipIf(dockerd.reason !== undefined).each(kinds)(`$name ${dockerd.reason ?? ""}`, ({ create }) => {
  const launcher = create({ engine: createDockerEngine({ socketPath: dockerd.service?.socketPath ?? "" }) });
  afterAll(() => launcher.dispose());

  test("reaches no listener of the host: TCP, UDP, abstract socket", async () => {
    const abstract = `\0mcp-optimizer-test-${process.pid}`;
    let reached = 0;
    const count = (): void => void reached++;
    const tcp = createServer(count).listen(0, "0.0.0.0");
    const local = createServer(count).listen(abstract);
    const udp = createSocket("udp4", count).bind(0);
    await Promise.all([once(tcp, "listening"), once(local, "listening"), once(udp, "listening")]);
    const ports = [(tcp.address() as AddressInfo).port, udp.address().port];
    const addresses = Object.values(networkInterfaces()).flatMap((list) =>
      (list ?? []).map(({ address }) => address),
    );
    const source = `import socket
tried = []
for address in ${JSON.stringify([...addresses.filter((one) => !one.includes(":")), "169.254.169.254"])}:
    for family, kind, port in ((socket.AF_INET, socket.SOCK_STREAM, ${ports[0]}), (socket.AF_INET, socket.SOCK_DGRAM, ${ports[1]})):
        try:
            s = socket.socket(family, kind)
            s.settimeout(1)
            s.connect((address, port))
            s.send(b"x")
            if kind == socket.SOCK_STREAM: tried.append(address)
        except OSError: pass
try:
    s = socket.socket(socket.AF_UNIX)
    s.connect(${JSON.stringify(abstract)})
    tried.append("abstract")
except OSError: pass
result = tried`;
    const guest = await openGuest(launcher, pythonAgent);
    expect(await guest.ask(source)).toEqual([]);
    expect(reached).toBe(0);
    await guest.channel.kill();
    for (const server of [tcp, local, udp]) server.close();
  });

  test("resolves no name", async () => {
    const guest = await openGuest(launcher, nodeAgent);
    const source = `const { lookup } = await import("node:dns/promises");
      return lookup("example.com").then(() => "found", () => "not found");`;
    expect(await guest.ask(source)).toBe("not found");
    await guest.channel.kill();
  });
});
