import { createDockerEngine } from "@mcp-optimizer/docker-engine";
import { DEFAULT_GUEST_RESOURCES } from "@mcp-optimizer/sandbox-guest";
import { orReason, startDockerd } from "@mcp-optimizer/services";
import { EVAL_AGENTS } from "@mcp-optimizer/testkit";
import { afterAll, describe, expect, test } from "vitest";
import { createDockerLauncher, createGvisorLauncher } from "../src/index.ts";
import { emptyTar, loadForeign } from "./images.ts";
import { KINDS } from "./kinds.ts";

const small = await orReason(() => startDockerd({ diskBytes: 24 * 1024 * 1024 }));
afterAll(() => small.service?.stop());

const refused = (words: string) => ({
  code: "sandbox_unavailable",
  message: expect.stringContaining(words) as string,
});

describe.skipIf(small.reason !== undefined)(`a real daemon ${small.reason ?? ""}`, () => {
  const socketPath = small.service?.socketPath ?? "";
  const engine = createDockerEngine({ socketPath });
  async function launch(image: string, language: "javascript" | "python"): Promise<void> {
    const launcher = createDockerLauncher({ engine, image });
    try {
      await launcher.launch(EVAL_AGENTS[language], DEFAULT_GUEST_RESOURCES);
    } finally {
      await launcher.dispose();
    }
  }

  test("images that hold no guest are refused, with the command that builds one", async () => {
    await engine.importImage(emptyTar(), { repository: "test/bare", tag: "1", changes: [] });
    const labels = { "dev.mcp-optimizer.guest": "1", "dev.mcp-optimizer.guest.node": "24" };
    const changes = Object.entries(labels).map(([name, value]) => `LABEL ${name}=${value}`);
    await engine.importImage(emptyTar(), { repository: "test/node", tag: "1", changes });
    await loadForeign(socketPath, "test/foreign", labels);
    for (const [image, language, words] of [
      ["test/bare:1", "javascript", "no label"],
      ["test/bare:1", "javascript", "docker build --tag test/bare:1 /"],
      ["test/none:1", "javascript", "no image test/none:1; build it: docker build --tag test/none:1 /"],
      ["test/node:1", "python", "no python"],
      ["test/node:1", "javascript", "cannot run the guest"],
      ["test/foreign:1", "javascript", "is for"],
    ] as const) {
      await expect(launch(image, language), image).rejects.toMatchObject(refused(words));
    }
    const bare = createDockerLauncher({ engine, image: "test/bare:1" });
    expect(await bare.probe()).toMatchObject({ available: false, languages: [] });
    expect(await engine.listContainers({ "dev.mcp-optimizer.sandbox": "docker" })).toEqual([]);
  });

  test("a disk that is too small for the image says so, and the log told of the making", async () => {
    const told: string[] = [];
    const launcher = createDockerLauncher({ engine, log: ({ message }) => told.push(message) });
    expect(await launcher.probe()).toMatchObject({
      available: false,
      reason: expect.stringContaining("disk is full") as string,
    });
    expect(told[0]).toContain("Making the image of guests");
  });

  test("runtimes: without cgroups it is told what does not hold, and without gVisor none is had", async () => {
    const image = "test/node:1";
    await small.service!.restart({
      runsc: { path: "/usr/bin/runsc", runtimeArgs: ["--ignore-cgroups", "--platform=ptrace"] },
    });
    const probe = await createGvisorLauncher({ engine, image }).probe();
    expect(probe).toMatchObject({
      available: true,
      enforcement: { memoryBytes: "none", processes: "none", cpuMs: "soft", network: "enforced" },
    });
    expect(probe.warnings.join()).toContain("--ignore-cgroups");
    await small.service!.restart({});
    const gone = createGvisorLauncher({ engine, image });
    expect(await gone.probe()).toMatchObject({
      available: false,
      reason: expect.stringContaining("no runtime runsc") as string,
    });
    await expect(gone.launch(EVAL_AGENTS.javascript, DEFAULT_GUEST_RESOURCES)).rejects.toMatchObject(
      refused("no runtime runsc"),
    );
    expect(await createDockerLauncher({ engine, image }).probe()).toMatchObject({ available: true });
  });
});

test("a missing daemon makes neither kind available", async () => {
  for (const { launcher: create } of KINDS) {
    const launcher = create({ socketPath: "/nonexistent/docker.sock" });
    expect(await launcher.probe()).toMatchObject({
      available: false,
      reason: expect.stringContaining("/nonexistent") as string,
    });
    const launch = launcher.launch(EVAL_AGENTS.javascript, DEFAULT_GUEST_RESOURCES);
    await expect(launch).rejects.toMatchObject({ code: "sandbox_unavailable" });
    await launcher.dispose();
  }
});
