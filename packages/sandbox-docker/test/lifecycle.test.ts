import { createDockerEngine, type ContainerEngine } from "@mcp-optimizer/docker-engine";
import { DEFAULT_GUEST_RESOURCES } from "@mcp-optimizer/sandbox-guest";
import { orReason, startDockerd } from "@mcp-optimizer/services";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { createDockerLauncher, createGvisorLauncher } from "../src/index.ts";
import { nodeAgent } from "./agents.ts";
import { imageOf } from "./images.ts";
import { openGuest } from "./open-guest.ts";

const dockerd = await orReason(startDockerd);
afterAll(() => dockerd.service?.stop());

const kinds = [
  { name: "docker", create: createDockerLauncher },
  { name: "gvisor", create: createGvisorLauncher },
];

describe.skipIf(dockerd.reason !== undefined).each(kinds)(
  `$name ${dockerd.reason ?? ""}`,
  ({ name, create }) => {
    const socketPath = dockerd.service?.socketPath ?? "";
    const engine: ContainerEngine = createDockerEngine({ socketPath });
    const guests = () => engine.listContainers({ "dev.mcp-optimizer.sandbox": name });

    /** Another process with a guest of its own. */
    async function startOwner(): Promise<ChildProcess> {
      const script = fileURLToPath(new URL("guest-owner-process.ts", import.meta.url));
      const args = ["--conditions=@mcp-optimizer/source", script, name, socketPath];
      const owner = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
      await once(owner.stdout, "data");
      return owner;
    }

    test("a sweep removes the guests of an owner that was killed, and no others", async () => {
      const launcher = create({ engine });
      const own = await openGuest(launcher, nodeAgent);
      const [killed, alive] = await Promise.all([startOwner(), startOwner()]);
      try {
        expect(await guests()).toHaveLength(3);
        killed.kill("SIGKILL");
        await once(killed, "exit");
        expect(await guests()).toHaveLength(3);
        await launcher.sweep();
        expect(await guests()).toHaveLength(2);
        expect(await own.ask("return 1")).toBe(1);
      } finally {
        alive.kill("SIGKILL");
        await once(alive, "exit");
      }
      await launcher.sweep();
      await launcher.dispose();
      expect(await guests()).toEqual([]);
    });

    test("an owner that cannot be judged is given time", async () => {
      const stranger = create({ engine });
      const guest = await openGuest(stranger, nodeAgent);
      const [container] = await guests();
      const spec = { ...container!.labels, "dev.mcp-optimizer.owner": "another-machine|1|1" };
      const twin = await engine.createContainer({
        name: `mcp-optimizer-twin-${name}`,
        image: await imageOf(socketPath, container!.id),
        command: ["node"],
        labels: spec,
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
      await stranger.sweep();
      expect(await twin.state()).toBeDefined();
      const hasty = create({ engine, maxGuestAgeMs: -60_000 });
      await hasty.sweep();
      expect(await twin.state()).toBeUndefined();
      expect(await guest.ask("return 1")).toBe(1);
      await stranger.dispose();
    });

    test("when the daemon is lost, the guest is lost, nothing is launched, and a later sweep removes what was left", async () => {
      const launcher = create({ engine });
      const guest = await openGuest(launcher, nodeAgent);
      await dockerd.service!.crash();
      expect(await guest.channel.ended).toMatchObject({ reason: "lost" });
      expect(await guest.ask("return 1")).toBe("<end>");
      await expect(guest.channel.kill()).rejects.toMatchObject({ code: "sandbox_unavailable" });
      await expect(launcher.launch(nodeAgent, DEFAULT_GUEST_RESOURCES)).rejects.toMatchObject({
        code: "sandbox_unavailable",
      });
      expect(await launcher.probe()).toMatchObject({ available: false, languages: [] });
      await dockerd.service!.restart();
      await launcher.sweep();
      expect(await guests()).toEqual([]);
      const again = await openGuest(launcher, nodeAgent);
      expect(await again.ask("return 1")).toBe(1);
      await launcher.dispose();
      expect(await guests()).toEqual([]);
    });
  },
);

test("a missing daemon makes neither kind available", async () => {
  for (const { create } of kinds) {
    const launcher = create({ socketPath: "/nonexistent/docker.sock" });
    const probe = await launcher.probe();
    expect(probe).toMatchObject({
      available: false,
      reason: expect.stringContaining("/nonexistent") as string,
    });
    await expect(launcher.launch(nodeAgent, DEFAULT_GUEST_RESOURCES)).rejects.toMatchObject({
      code: "sandbox_unavailable",
    });
    await launcher.dispose();
  }
});
