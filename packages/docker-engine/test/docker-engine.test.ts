import { orReason, startDockerd } from "@mcp-optimizer/services";
import { randomUUID } from "node:crypto";
import { readdir } from "node:fs/promises";
import type { Socket } from "node:net";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pack } from "tar-stream";
import { afterAll, describe, expect, test } from "vitest";
import { createDockerEngine, engineFault, type ContainerSpec } from "../src/index.ts";
import { busyboxTar } from "./busybox-image.ts";

const started = await orReason(startDockerd);
afterAll(() => started.service?.stop());

const IMAGE = "mcp-optimizer/engine-test";

function shell(script: string, changes: Partial<ContainerSpec> = {}): ContainerSpec {
  return {
    name: `engine-test-${randomUUID()}`,
    image: `${IMAGE}:1`,
    command: ["/bin/sh", "-c", script],
    labels: {},
    env: { GREETING: "hello" },
    workingDirectory: "/",
    user: "65534:65534",
    hostname: "guest",
    memoryBytes: 64 * 1024 * 1024,
    cpus: 1,
    processes: 20,
    ulimits: [{ name: "nofile", value: 64 }],
    tmpfs: { "/scratch": "size=65536,mode=1777" },
    readOnlyRoot: true,
    ...changes,
  };
}

describe.skipIf(started.reason !== undefined)(`a real daemon ${started.reason ?? ""}`, async () => {
  const engine = createDockerEngine({ socketPath: started.service?.socketPath ?? "" });
  if (started.service) {
    const changes = ["USER 65534", "LABEL colour=blue"];
    await engine.importImage(await busyboxTar(), { repository: IMAGE, tag: "1", changes });
  }

  async function run(
    script: string,
    changes?: Partial<ContainerSpec>,
  ): Promise<{ code: number; out: string; err: string }> {
    const container = await engine.createContainer(shell(script, changes));
    let err = "";
    const streams = await container.attach((chunk) => (err += chunk.toString()));
    await container.start();
    streams.input.end();
    const out = await text(streams.output);
    await container.waitForEnd();
    const state = await container.state();
    await container.remove();
    return { code: state?.exitCode ?? -1, out, err };
  }

  test("tells its version, runtimes and abilities", async () => {
    const version = await engine.version();
    expect(version.engine).toMatch(/^\d+\.\d+/);
    expect(version.components["runc"]).toBeDefined();
    expect(version.runtimes["runsc"]).toContain("--platform=ptrace");
    expect(version).toMatchObject({ os: "linux", architecture: process.arch, seccomp: true });
    expect(version.canLimit).toMatchObject({ memory: true, processes: true, cpu: true });
  });

  test("finds an image with its labels, and none that is not there", async () => {
    expect((await engine.findImage(`${IMAGE}:1`))?.labels).toEqual({ colour: "blue" });
    expect(await engine.findImage(`${IMAGE}:2`)).toBeUndefined();
  });

  test("runs a command: streams, environment, exit code", async () => {
    const ended = await run('echo "$GREETING"; echo oops >&2; exit 7');
    expect(ended).toEqual({ code: 7, out: "hello\n", err: "oops\n" });
  });

  test("the stdin of a container takes what is written and its end", async () => {
    const container = await engine.createContainer(shell("cat"));
    const streams = await container.attach(() => undefined);
    await container.start();
    streams.input.write("one\n");
    streams.input.end("two\n");
    expect(await text(streams.output)).toBe("one\ntwo\n");
    await container.remove();
  });

  test("what a spec does not name is off", async () => {
    const script =
      "grep -E 'CapBnd|NoNewPrivs|Seccomp:' /proc/self/status; cat /proc/net/dev; (echo x > /x) 2>&1; (echo y > /scratch/y) && echo kept";
    const { out } = await run(script);
    expect(out).toMatch(/CapBnd:\s+0+\n/);
    expect(out).toMatch(/NoNewPrivs:\s+1\n/);
    expect(out).toMatch(/Seccomp:\s+2\n/);
    expect(out).not.toContain("eth0");
    expect(out).toContain("Read-only file system");
    expect(out).toContain("kept");
  });

  test("puts files in and commits an image", async () => {
    const draft = await engine.createContainer(shell("", { readOnlyRoot: false }));
    const archive = pack();
    archive.entry({ name: "note" }, "from the host");
    archive.finalize();
    await draft.putFiles(Readable.from(archive, { objectMode: false }));
    await draft.commit({ repository: IMAGE, tag: "noted", changes: ["LABEL colour=red"] });
    await draft.remove();
    expect((await engine.findImage(`${IMAGE}:noted`))?.labels["colour"]).toBe("red");
    expect((await run("cat /note", { image: `${IMAGE}:noted` })).out).toBe("from the host");
  });

  test("lists by label, running or not, and removal is proved", async () => {
    const labels = { "engine-test.group": randomUUID() };
    const waiting = await engine.createContainer(shell("cat", { labels }));
    const running = await engine.createContainer(shell("cat", { labels }));
    await running.start();
    const listed = await engine.listContainers(labels);
    expect(new Map(listed.map(({ id, running }) => [id, running]))).toEqual(
      new Map([
        [waiting.id, false],
        [running.id, true],
      ]),
    );
    expect(Math.abs(listed[0]!.createdAt - Date.now())).toBeLessThan(600_000);
    await Promise.all([waiting.remove(), running.remove(), running.remove()]);
    expect(await engine.listContainers(labels)).toEqual([]);
    expect(await running.state()).toBeUndefined();
    await running.remove();
  });

  test("measures and kills a running container, and neither once it is gone", async () => {
    const container = await engine.createContainer(shell("while :; do :; done"));
    expect(await container.kill()).toBe(false);
    expect(await container.usage()).toBeUndefined();
    await container.start();
    await expect.poll(async () => (await container.usage())?.cpuMs, { timeout: 10_000 }).toBeGreaterThan(20);
    expect(await container.kill()).toBe(true);
    expect(await container.waitForEnd()).toBe(true);
    expect(await container.state()).toMatchObject({ running: false, exitCode: 137, outOfMemory: false });
    await container.remove();
    expect(await container.usage()).toBeUndefined();
    expect(await container.kill()).toBe(false);
    expect(await container.waitForEnd()).toBe(true);
  });

  test("an end by memory is told", async () => {
    const container = await engine.createContainer(
      shell("x=aaaaaaaaaaaaaaaa; while :; do x=$x$x; done", { memoryBytes: 16 * 1024 * 1024 }),
    );
    await container.start();
    await container.waitForEnd();
    expect(await container.state()).toMatchObject({ exitCode: 137, outOfMemory: true });
    await container.remove();
  });

  test.each([
    ["an image that is not there", { image: `${IMAGE}:none` }, "image_missing"],
    ["a runtime that is not there", { runtime: "none" }, "runtime_missing"],
  ])("%s is a fault", async (_, changes, fault) => {
    const error: unknown = await engine
      .createContainer(shell("", changes))
      .catch((thrown: unknown) => thrown);
    expect(engineFault(error)).toBe(fault);
  });

  test("a command that is not in the image is a fault, and a name in use", async () => {
    const spec = shell("", { command: ["/usr/bin/node"] });
    const container = await engine.createContainer(spec);
    expect(engineFault(await container.start().catch((error: unknown) => error))).toBe("image_unfit");
    expect(engineFault(await engine.createContainer(spec).catch((error: unknown) => error))).toBe("conflict");
    await container.remove();
  });

  test("a flood that nobody reads is held back, not kept in memory", async () => {
    const container = await engine.createContainer(
      shell("while :; do echo 0123456789012345678901234567890123456789; done"),
    );
    const streams = await container.attach(() => undefined);
    await container.start();
    const received = (): number => (streams.input as Socket).bytesRead;
    let before = 0;
    const settled = (): boolean => before === (before = received()) && before > 0;
    await expect.poll(settled, { timeout: 10_000, interval: 200 }).toBe(true);
    expect(received()).toBeLessThan(4 * 1024 * 1024);
    const files = join(dirname(started.service!.socketPath), "data/containers", container.id);
    expect((await readdir(files)).filter((file) => file.includes(".log"))).toEqual([]);
    // While nobody takes the output, the daemon sees no end of the container.
    streams.destroy();
    await container.remove();
  });
});
