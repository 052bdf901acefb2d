import { DEFAULT_RUN_LIMITS, type GuestProgram, type HostReply } from "@mcp-optimizer/contracts";
import { createDockerEngine } from "@mcp-optimizer/docker-engine";
import { DEFAULT_GUEST_RESOURCES, type GuestLauncher } from "@mcp-optimizer/sandbox-guest";
import { orReason, startDockerd } from "@mcp-optimizer/services";
import { EVAL_AGENTS, openEvalGuest, type EvalGuest } from "@mcp-optimizer/testkit";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, describe, expect, test } from "vitest";
import { imageOf, removeImages } from "./images.ts";
import { KINDS } from "./kinds.ts";
import { ownerCommand } from "./owner-command.ts";

const dockerd = await orReason(startDockerd);
afterAll(() => dockerd.service?.stop());

const REQUEST = { tenant: "t", limits: DEFAULT_RUN_LIMITS };
const calling: GuestProgram = {
  language: "javascript",
  source: "async () => fixture.echo()",
  namespaces: [{ name: "fixture", tools: ["echo"] }],
};

async function open(launcher: GuestLauncher): Promise<EvalGuest> {
  return openEvalGuest(await launcher.launch(EVAL_AGENTS.javascript, DEFAULT_GUEST_RESOURCES));
}

describe.skipIf(dockerd.reason !== undefined).each(KINDS)(
  `$name ${dockerd.reason ?? ""}`,
  { timeout: 90_000 },
  ({ name, launcher: create, sandbox }) => {
    const socketPath = dockerd.service?.socketPath ?? "";
    const engine = createDockerEngine({ socketPath });
    const containers = () => engine.listContainers({ "dev.mcp-optimizer.sandbox": name });

    test("a sandbox that starts removes what a killed one left, and no more", async () => {
      const own = create({ engine });
      const guest = await open(own);
      const [command, ...args] = ownerCommand(name, socketPath, "killed");
      const owner = spawn(command!, args, { stdio: ["ignore", "pipe", "inherit"] });
      await once(owner.stdout, "data");
      owner.kill("SIGKILL");
      await once(owner, "exit");
      expect(await containers()).toHaveLength(2);
      const next = sandbox({ engine, pool: { size: 0 } });
      await expect.poll(async () => (await containers()).length, { timeout: 20_000 }).toBe(1);
      expect(await guest.ask("return 1")).toEqual({ value: 1 });
      await next.dispose();
      await own.dispose();
      expect(await containers()).toEqual([]);
    });

    test.runIf(name === "docker")("an owner that cannot be judged is given time", async () => {
      const stranger = create({ engine });
      const guest = await open(stranger);
      const [{ id, labels } = { id: "", labels: {} }] = await containers();
      const twin = await engine.createContainer({
        name: `mcp-optimizer-twin-${name}`,
        image: await imageOf(socketPath, id),
        command: ["node"],
        labels: { ...labels, "dev.mcp-optimizer.owner": "another-machine|1|1" },
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
      expect(await guest.ask("return 1")).toEqual({ value: 1 });
      await stranger.dispose();
    });

    test.runIf(name === "docker")("images that were removed from outside are made anew", async () => {
      const launcher = create({ engine });
      await (await open(launcher)).channel.kill();
      await removeImages(socketPath);
      const again = await open(launcher);
      expect(await again.ask("return 1")).toEqual({ value: 1 });
      await launcher.dispose();
    });

    test("a daemon that is lost ends the run as such, and once it is back nothing of it is left", async () => {
      const backend = sandbox({ engine, pool: { size: 0 } });
      const lease = await backend.lease(REQUEST);
      const called = Promise.withResolvers<void>();
      const host = {
        call: async (_call: unknown, signal: AbortSignal): Promise<HostReply> => {
          called.resolve();
          await once(signal, "abort");
          return { ok: true };
        },
      };
      const run = lease.session.run(calling, host).catch((error: unknown) => error);
      await called.promise;
      await dockerd.service!.crash();
      expect(await run).toMatchObject({ code: "sandbox_unavailable" });
      await lease.dispose();
      expect(await backend.probe()).toMatchObject({ available: false, languages: [] });
      const refused = await backend.lease(REQUEST);
      await expect(refused.session.run(calling, host)).rejects.toMatchObject({ code: "sandbox_unavailable" });
      await refused.dispose();
      await dockerd.service!.restart();
      expect(await containers()).toHaveLength(1);
      const after = await backend.lease(REQUEST);
      const answer = { call: async (): Promise<HostReply> => ({ ok: true, value: 1 }) };
      expect(await after.session.run(calling, answer)).toMatchObject({ value: 1 });
      await after.dispose();
      await expect.poll(containers, { timeout: 20_000 }).toEqual([]);
      await backend.dispose();
    });
  },
);
