import { readdir, readFile } from "node:fs/promises";
import { request } from "node:http";
import { basename, dirname } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { startDockerd } from "../src/index.ts";

const isRoot = process.getuid?.() === 0;

async function ask(socketPath: string, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const call = request({ socketPath, path }, (answer) => resolve(text(answer)));
    call.once("error", reject);
    call.end();
  });
}

test.skipIf(!isRoot)(
  "answers on its socket with both runtimes, survives a crash, and leaves nothing",
  async () => {
    const dockerd = await startDockerd();
    try {
      const info = JSON.parse(await ask(dockerd.socketPath, "/info")) as {
        Runtimes: Record<string, unknown>;
      };
      expect(Object.keys(info.Runtimes)).toEqual(expect.arrayContaining(["runc", "runsc"]));
      await dockerd.crash();
      await expect(ask(dockerd.socketPath, "/_ping")).rejects.toThrow(/ENOENT|ECONNREFUSED/);
      await dockerd.restart();
      expect(await ask(dockerd.socketPath, "/_ping")).toBe("OK");
    } finally {
      await dockerd.stop();
    }
    const root = dirname(dockerd.socketPath);
    expect(await readdir(dirname(root))).not.toContain(basename(root));
    expect(await readFile("/proc/self/mountinfo", "utf8")).not.toContain(basename(root));
    expect(await namesInProcesses(root)).toEqual([]);
    await dockerd.stop();
  },
);

async function namesInProcesses(root: string): Promise<string[]> {
  const pids = (await readdir("/proc")).filter(
    (entry) => /^\d+$/.test(entry) && entry !== String(process.pid),
  );
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")),
  );
  return lines.filter((line) => line.includes(root));
}
