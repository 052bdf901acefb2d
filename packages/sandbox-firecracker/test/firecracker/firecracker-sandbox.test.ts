import { DEFAULT_RUN_LIMITS, type GuestOutcome, type HostReply } from "@mcp-optimizer/contracts";
import { chmod, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  createFirecrackerLauncher,
  createFirecrackerSandbox,
  type FirecrackerSandboxOptions,
} from "../../src/index.ts";
import { bringImageParts, CACHE_FOLDER, openFolder } from "../test-machine.ts";
import { remains } from "../qemu/remains.ts";
import { writeProgram } from "./model/write-program.ts";

const { reason } = await bringImageParts();
const isRoot = process.getuid?.() === 0;
const AGENT = {
  language: "javascript" as const,
  command: ["node", "-e", "process.stdin.resume()"],
  files: {},
};
const ORDER = [
  "PUT /machine-config",
  "PUT /boot-source",
  "PUT /drives",
  "PUT /vsock",
  "PUT /entropy",
  "PUT /actions",
];
const { cpuMs, memoryBytes, diskBytes, processes, fileHandles } = DEFAULT_RUN_LIMITS;
const RESOURCES = { cpuMs, memoryBytes, diskBytes, processes, fileHandles };

describe.skipIf(reason !== undefined)(`a sandbox on a model of Firecracker ${reason ?? ""}`, () => {
  let folder: Awaited<ReturnType<typeof openFolder>>;
  let program: string;
  let options: FirecrackerSandboxOptions;

  beforeAll(async () => {
    folder = await openFolder();
    await chmod(folder.path, 0o777);
    program = await writeProgram(folder.path, "firecracker", ["--record", join(folder.path, "record")]);
    for (const name of ["vmlinux", "kvm"]) await writeFile(join(folder.path, name), "");
    await chmod(join(folder.path, "kvm"), 0o666);
    options = {
      program,
      kernel: { image: join(folder.path, "vmlinux") },
      kvmDevice: join(folder.path, "kvm"),
      cacheFolder: CACHE_FOLDER,
      runFolder: join(folder.path, "run"),
      python: false,
      pool: { size: 0 },
    };
  });
  afterAll(() => folder.remove());

  test("runs a program with tools, and leaves nothing", async () => {
    await rm(join(folder.path, "record"), { force: true });
    expect(await runProgram(options)).toMatchObject({ value: [3, "a/b"] });
    expect(await recorded(folder.path)).toEqual(ORDER);
    expect(await remains(join(folder.path, "run"))).toEqual([]);
    expect(await readdir(join(folder.path, "run"))).toEqual([]);
  });

  test.skipIf(!isRoot)("runs a program by the jailer", async () => {
    const jailer = { program: await writeProgram(folder.path, "jailer") };
    await rm(join(folder.path, "record"), { force: true });
    expect(await runProgram({ ...options, jailer })).toMatchObject({ value: [3, "a/b"] });
    expect(await readdir(join(folder.path, "run"))).toEqual([]);
  });

  test("tells versions, languages and that it is untried", async () => {
    const launcher = createFirecrackerLauncher(options);
    expect(await launcher.probe()).toMatchObject({
      available: true,
      languages: ["javascript"],
      versions: { firecracker: "1.17.0" },
      warnings: [expect.stringContaining("not against Firecracker itself")],
    });
    await launcher.dispose();
  });

  test.for(["PUT /machine-config", "PUT /vsock", "PUT /actions"])(
    "a refused %s is an error",
    async (refuse) => {
      const refusing = await openFolder();
      try {
        const refuser = await writeProgram(refusing.path, "firecracker", ["--refuse", refuse]);
        const launcher = createFirecrackerLauncher({ ...options, program: refuser });
        await expect(launcher.launch(AGENT, RESOURCES)).rejects.toMatchObject({
          code: "sandbox_unavailable",
          message: expect.stringContaining(refuse),
          cause: expect.objectContaining({ message: "Cannot do this on Tuesdays." }),
        });
        expect(await remains(join(folder.path, "run"))).toEqual([]);
        await launcher.dispose();
      } finally {
        await refusing.remove();
      }
    },
  );

  test.for([
    [{ program: "/nowhere/firecracker" }, "/nowhere/firecracker cannot be run"],
    [{ kvmDevice: "/nowhere/kvm" }, "/nowhere/kvm is absent"],
    [{ kernel: undefined }, "No kernel for guests is configured"],
    [{ kernel: { image: "/nowhere/vmlinux" } }, "/nowhere/vmlinux"],
    [{ node: "/nowhere/node" }, "runtime cannot be run"],
    [{ compiler: "/nowhere/cc" }, "gcc"],
  ] as const)("says what is missing, before and at a launch: %j", async ([change, text]) => {
    const launcher = createFirecrackerLauncher({ ...options, ...change } as FirecrackerSandboxOptions);
    const reason: unknown = expect.stringContaining(text);
    expect(await launcher.probe()).toMatchObject({ available: false, reason });
    const launch = launcher.launch(AGENT, RESOURCES);
    await expect(launch).rejects.toMatchObject({ code: "sandbox_unavailable", message: reason });
    expect(new Set(Object.values((await launcher.probe()).enforcement))).toEqual(new Set(["none"]));
    await launcher.dispose();
    expect(await readdir(join(folder.path, "run"))).toEqual([]);
  });

  test("options that contradict each other are refused", () => {
    const jailer = { program: "/usr/bin/jailer" };
    expect(() => createFirecrackerSandbox({ vmm: "qemu", jailer })).toThrow(
      expect.objectContaining({ code: "config_invalid" }),
    );
  });
});

async function runProgram(options: FirecrackerSandboxOptions): Promise<GuestOutcome> {
  const sandbox = createFirecrackerSandbox(options);
  try {
    const lease = await sandbox.lease({ tenant: "test", limits: DEFAULT_RUN_LIMITS });
    const program = {
      language: "javascript" as const,
      source: `async () => [await fixture.add(1, 2), new URL("http://h/a/b").pathname.slice(1)]`,
      namespaces: [{ name: "fixture", tools: ["add"] }],
    };
    const call = async ({ args }: { args: readonly unknown[] }): Promise<HostReply> => ({
      ok: true,
      value: Number(args[0]) + Number(args[1]),
    });
    return await lease.session.run(program, { call });
  } finally {
    await sandbox.dispose();
  }
}

async function recorded(folder: string): Promise<string[]> {
  const text = await readFile(join(folder, "record"), "utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => line.slice(line.indexOf(" ") + 1));
}
