import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type AddressInfo, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePorts, startRedis } from "@mcp-optimizer/services";
import { expect, onTestFinished, test } from "vitest";
import { openRedisLink } from "../../src/link/redis-link.ts";

/** A server that answers each command with a text of Redis's protocol. */
async function serve(answer: (command: string) => string): Promise<string> {
  const server: Server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (data) => {
      // Arguments are told by their lengths, which begin with $.
      for (const command of data
        .toString()
        .split(/^\*\d+\r\n/m)
        .slice(1)) {
        socket.write(answer(command.split("\r\n")[1]!.toLowerCase()));
      }
    });
    onTestFinished(() => void socket.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return `redis://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test.each(["5.0.14", "6.0.16"])(
  "a Redis of version %s is refused with the version that is needed",
  async (version) => {
    const info = `redis_version:${version}\r\nloading:0\r\n`;
    const url = await serve((command) => {
      if (command === "hello") return "-ERR unknown command `HELLO`, with args beginning with: `3`, \r\n";
      return command === "info" ? `$${info.length}\r\n${info}\r\n` : "+OK\r\n";
    });
    await expect(openRedisLink({ url })).rejects.toMatchObject({
      code: "store_unavailable",
      message: expect.stringContaining(`this Redis is ${version.slice(0, 3)}; 6.2 or newer is needed`),
    });
  },
);

test("a server that is no Redis, or says nothing, is store_unavailable", async () => {
  const http = await serve(() => "HTTP/1.1 400 Bad Request\r\n\r\n");
  await expect(openRedisLink({ url: http, commandMs: 300 })).rejects.toMatchObject({
    code: "store_unavailable",
  });
  const silent = await serve(() => "");
  await expect(openRedisLink({ url: silent, commandMs: 300 })).rejects.toMatchObject({
    code: "store_unavailable",
  });
}, 20_000);

test("TLS is taken with the certificate that is given, and with no other", async () => {
  const folder = await mkdtemp(join(tmpdir(), "mcp-optimizer-tls-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"];
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
  await promisify(execFile)(
    "openssl",
    ["req", "-x509", "-nodes", "-days", "2", "-keyout", key, "-out", cert].concat(curve, subject),
  );
  const [port] = await freePorts(1);
  await using _redis = await startRedis({
    config: {
      "tls-port": String(port),
      "tls-cert-file": cert,
      "tls-key-file": key,
      "tls-ca-cert-file": cert,
      "tls-auth-clients": "no",
    },
  });
  const url = `rediss://127.0.0.1:${port}`;
  await using link = await openRedisLink({ url, ca: await readFile(cert, "utf8") });
  expect(await link.command("PING")).toBe("PONG");
  const { promise: told, resolve: onNews } = Promise.withResolvers<string>();
  await link.subscribe("topic", { onNews });
  await link.publish("topic", "x");
  expect(await told).toBe("x");
  for (const ca of [undefined, "no certificate"]) {
    await expect(openRedisLink({ url, ...(ca !== undefined && { ca }) })).rejects.toMatchObject({
      code: "store_unavailable",
      message: expect.stringContaining("certificates"),
    });
  }
});
