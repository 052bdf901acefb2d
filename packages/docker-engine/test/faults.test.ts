import { orReason, startDockerd } from "@mcp-optimizer/services";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDockerEngine, engineFault, type ContainerEngine } from "../src/index.ts";
import { busyboxTar } from "./busybox-image.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mcp-optimizer-engine-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function faultOf(work: Promise<unknown>): Promise<string | undefined> {
  return engineFault(await work.catch((error: unknown) => error));
}

/** A daemon's side of the socket that answers as the listener says. */
async function withAnswers(
  listener: RequestListener,
  use: (engine: ContainerEngine) => Promise<void>,
): Promise<void> {
  const socketPath = join(folder, "answers.sock");
  const server = createServer(listener).listen(socketPath);
  await once(server, "listening");
  const engine = createDockerEngine({ socketPath, requestLimitMs: 300 });
  try {
    await use(engine);
  } finally {
    await engine.dispose();
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  }
}

test("no socket, and a file that is none", async () => {
  const file = join(folder, "file");
  await writeFile(file, "");
  expect(await faultOf(createDockerEngine({ socketPath: join(folder, "none.sock") }).version())).toBe(
    "daemon_missing",
  );
  expect(await faultOf(createDockerEngine({ socketPath: file }).version())).toBe("daemon_missing");
});

const old = { Version: "19.03.15", ApiVersion: "1.40", Os: "linux", Arch: "amd64" };
const answerAsOld: RequestListener = (request, answer) => {
  const known = request.url?.startsWith("/v1.") === false;
  const refusal = { message: "client version is not supported" };
  answer.writeHead(known ? 200 : 400, { "content-type": "application/json" });
  answer.end(JSON.stringify(known ? (request.url === "/version" ? old : {}) : refusal));
};

test("a daemon that is too old, and refuses a version in the path", async () => {
  await withAnswers(answerAsOld, async (engine) => {
    expect(await faultOf(engine.version())).toBe("daemon_too_old");
  });
});

test("DOCKER_HOST is not read", async () => {
  process.env["DOCKER_HOST"] = "tcp://127.0.0.1:1";
  try {
    await withAnswers(answerAsOld, async (engine) => {
      expect(await faultOf(engine.version())).toBe("daemon_too_old");
    });
  } finally {
    delete process.env["DOCKER_HOST"];
  }
});

test("a daemon that never answers, and one that hangs up in the middle", async () => {
  await withAnswers(
    () => undefined,
    async (engine) => expect(await faultOf(engine.version())).toBe("daemon_lost"),
  );
  await withAnswers(
    (request) => request.socket.destroy(),
    async (engine) => expect(await faultOf(engine.version())).toBe("daemon_lost"),
  );
  await withAnswers(
    (_, answer) => {
      answer.writeHead(200, { "content-length": "100" });
      answer.write("{", () => answer.destroy());
    },
    async (engine) => {
      expect(await faultOf(engine.version())).toBe("daemon_lost");
      expect(await engine.container("x").waitForEnd()).toBe(false);
    },
  );
});

test.skipIf(process.getuid?.() !== 0)("a socket that this user may not open", async () => {
  const socketPath = join(folder, "closed.sock");
  const server = createServer().listen(socketPath);
  await once(server, "listening");
  await chmod(folder, 0o755);
  await chmod(socketPath, 0o600);
  const script = `process.setgid(65534); process.setuid(65534);
    const { createDockerEngine, engineFault } = await import(${JSON.stringify(new URL("../src/index.ts", import.meta.url).href)});
    const error = await createDockerEngine({ socketPath: ${JSON.stringify(socketPath)} }).version().catch((e) => e);
    process.stdout.write(String(engineFault(error)));`;
  const args = ["--conditions=@mcp-optimizer/source", "--input-type=module", "--eval", script];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: import.meta.dirname,
    timeout: 20_000,
  });
  expect(stdout).toBe("socket_permission");
  server.close();
});

const small = await orReason(() => startDockerd({ diskBytes: 24 * 1024 * 1024 }));
afterAll(() => small.service?.stop());

describe.skipIf(small.reason !== undefined)(`a real daemon ${small.reason ?? ""}`, () => {
  test("a full disk leaves no image", async () => {
    const engine = createDockerEngine({ socketPath: small.service!.socketPath });
    const image = { repository: "mcp-optimizer/too-large", tag: "1", changes: [] };
    const tar = await busyboxTar(40 * 1024 * 1024);
    expect(await faultOf(engine.importImage(tar, image))).toBe("disk_full");
    expect(await engine.findImage("mcp-optimizer/too-large:1")).toBeUndefined();
    await engine.dispose();
  });

  test("a daemon that crashes: a wait ends, streams end, the next question fails, and a restart is met", async () => {
    const engine = createDockerEngine({ socketPath: small.service!.socketPath });
    await engine.importImage(await busyboxTar(), {
      repository: "mcp-optimizer/small",
      tag: "1",
      changes: [],
    });
    const container = await engine.createContainer({
      name: "engine-test-crash",
      image: "mcp-optimizer/small:1",
      command: ["/bin/sh", "-c", "cat"],
      labels: {},
      env: {},
      workingDirectory: "/",
      user: "65534:65534",
      hostname: "guest",
      memoryBytes: 64 * 1024 * 1024,
      cpus: 1,
      processes: 20,
      ulimits: [],
      tmpfs: {},
      readOnlyRoot: true,
    });
    const streams = await container.attach(() => undefined);
    await container.start();
    const waited = container.waitForEnd();
    const ended = once(streams.output.resume(), "end");
    await small.service!.crash();
    expect(await waited).toBe(false);
    await ended;
    expect(await faultOf(container.state())).toBe("daemon_missing");
    await small.service!.restart();
    await container.remove();
    expect(await container.state()).toBeUndefined();
    await engine.dispose();
  });
});
