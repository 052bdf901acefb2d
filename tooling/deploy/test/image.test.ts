import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePorts, orReason, startDockerd } from "@mcp-optimizer/services";
import { startFixtureHttpServer } from "@mcp-optimizer/testkit";
import { expect, test } from "vitest";
import { buildImage } from "../src/build-image.ts";
import { makeApp } from "../src/make-app.ts";
import { importNodeImage } from "./import-node-image.ts";

const run = promisify(execFile);
const { service: dockerd, reason } = await orReason(() => startDockerd());

test.skipIf(reason !== undefined)(
  "the image serves as nobody, on a root that it cannot write, and stops when it is asked to",
  { timeout: 240_000 },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "mcp-optimizer-image-"));
    const docker = async (...args: string[]): Promise<string> =>
      (await run("docker", ["--host", host, ...args], { maxBuffer: 1 << 26 })).stdout;
    const host = `unix://${dockerd!.socketPath}`;
    const upstream = await startFixtureHttpServer({});
    try {
      await importNodeImage(host, "local/node:24");
      await makeApp(join(folder, "app"));
      await buildImage({ folder, tag: "mcp-optimizer:test", nodeImage: "local/node:24", host });
      const [port] = await freePorts(1);
      const config = join(folder, "mcp-optimizer.json");
      await writeFile(
        config,
        JSON.stringify({ mcpServers: { fixture: { url: upstream.url } }, optimizer: { state: "memory" } }),
        { mode: 0o644 },
      );
      const limits = "--read-only --tmpfs=/tmp:mode=1777 --cap-drop=ALL --security-opt=no-new-privileges";
      const mount = `--volume=${config}:/etc/mcp-optimizer/mcp-optimizer.json:ro`;
      const served = `serve --http 127.0.0.1:${port} --config /etc/mcp-optimizer/mcp-optimizer.json`;
      const id = await docker(
        ...`run --detach --network=host ${limits} ${mount} mcp-optimizer:test ${served}`.split(" "),
      );
      const container = id.trim();
      await expect
        .poll(() => fetch(`http://127.0.0.1:${port}/healthz`).then(({ status }) => status, String), {
          timeout: 40_000,
        })
        .toBe(200)
        .catch(async (cause: unknown) => {
          const { stdout, stderr } = await run("docker", ["--host", host, "logs", container]);
          throw new Error(`it does not serve:\n${stdout}${stderr}`, { cause });
        });
      const who = await docker("exec", container, "node", "-e", "console.log(process.getuid())");
      expect(who.trim()).toBe("10001");
      await docker("stop", "--time=20", container);
      expect((await docker("inspect", "--format={{.State.ExitCode}}", container)).trim()).toBe("0");
    } finally {
      await upstream.close();
      await dockerd!.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
);
