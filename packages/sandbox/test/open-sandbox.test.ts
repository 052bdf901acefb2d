import { OptimizerError, type LogEntry } from "@mcp-optimizer/contracts";
import { readdirSync, readFileSync } from "node:fs";
import { afterEach, describe, expect, test, vi } from "vitest";
import { openSandbox, type SandboxSettings } from "../src/index.ts";

afterEach(() => vi.unstubAllEnvs());

const NO_DAEMON = { socketPath: "/nowhere/docker.sock" };

/** What opening came to: the sandbox's name, or the error, with what was logged for an operator. */
async function outcome(
  settings: SandboxSettings,
): Promise<{ name?: string; error?: string; told: string[] }> {
  const log: LogEntry[] = [];
  const told = (): string[] =>
    log.filter(({ level }) => level !== "debug").map(({ level, message }) => `${level}: ${message}`);
  try {
    await using opened = disposable(
      await openSandbox(settings, { log: (entry) => log.push(entry), warm: false }),
    );
    return { name: opened.backend.name, told: told() };
  } catch (error) {
    if (!OptimizerError.is(error)) throw error;
    return { error: `${error.code} ${error.message}`, told: told() };
  }
}

const disposable = (backend: Awaited<ReturnType<typeof openSandbox>>) => ({
  backend,
  [Symbol.asyncDispose]: () => backend.dispose(),
});

describe("a sandbox by its name", () => {
  test("is the embedded one by default, and the log says so", async () => {
    expect(await outcome({})).toEqual({ name: "wasi", told: ["info: Programs run in wasi."] });
  });

  test("that is missing is an error with the reason and what to do, and nothing weaker runs", async () => {
    const { error, told } = await outcome({ backend: "docker", docker: NO_DAEMON });
    expect(error).toMatch(
      /^sandbox_unavailable .*: docker: no container daemon answers at \/nowhere.*start Docker/,
    );
    expect(told).toEqual([]);
  });

  test("of a list is the first that is available, and the log says why not the others", async () => {
    const { name, told } = await outcome({
      backend: ["docker", "gvisor", "wasi"],
      docker: NO_DAEMON,
      gvisor: NO_DAEMON,
    });
    expect(name).toBe("wasi");
    expect(told).toEqual([
      expect.stringMatching(/^warn: Programs run in wasi, the next choice\. Not in docker: .*; gvisor: .*/),
    ]);
  });

  test("of a list of which none is available: each is named with its reason", async () => {
    const { error } = await outcome({
      backend: ["docker", "firecracker"],
      docker: NO_DAEMON,
      firecracker: { program: "/nowhere/firecracker" },
    });
    expect(error).toMatch(
      /^sandbox_unavailable .*docker: no container.*; firecracker: \/nowhere\/firecracker/,
    );
  });
});

describe("what is required", () => {
  test("is enforced, or the next of the list is taken", async () => {
    const { name, told } = await outcome({ backend: ["basic", "wasi"], require: ["network", "filesystem"] });
    expect(name).toBe("wasi");
    expect(told[0]).toContain("Not in basic: it does not enforce network (none), filesystem (none)");
  });

  test("and not enforced by any is an error", async () => {
    const { error } = await outcome({ backend: "basic", require: ["diskBytes"] });
    expect(error).toMatch(/^sandbox_unavailable .*basic: it does not enforce diskBytes \(none\)/);
  });
});

describe("the sandbox without walls", () => {
  test("warns, once", async () => {
    const { name, told } = await outcome({ backend: "basic" });
    expect(name).toBe("basic");
    expect(told.filter((line) => line.includes("is no sandbox"))).toHaveLength(1);
  });

  test("does not start in production unless forced", async () => {
    vi.stubEnv("NODE_ENV", "production");
    expect((await outcome({ backend: "basic" })).error).toMatch(/^sandbox_unavailable .*production/);
    expect((await outcome({ backend: "basic", basic: { force: true } })).name).toBe("basic");
  });
});

describe("settings that cannot be", () => {
  test.each<[string, unknown, RegExp]>([
    [
      "an unknown name",
      { backend: "dokcer" },
      /backend: there is no sandbox "dokcer"; did you mean docker\? There are wasi, /,
    ],
    ["the start of a name", { backend: ["wasi", "fire"] }, /"fire"; did you mean firecracker\?/],
    ["a name like none", { backend: "__proto__" }, /there is no sandbox "__proto__"; There are/],
    ["no name at all", { backend: 7 }, /backend: must be one of wasi/],
    ["an empty list", { backend: [] }, /backend/],
    ["an unknown limit", { require: ["disk"] }, /require\.0: .*"diskBytes"/],
    ["a negative pool", { pool: { size: -1 } }, /pool\.size: Too small/],
    ["a huge pool", { pool: { size: 1e9 } }, /pool\.size: Too big/],
    ["half a guest", { maxGuests: 0.5 }, /maxGuests/],
    ["root as the guests' user", { seccomp: { uid: 0 } }, /seccomp\.uid/],
    ["a key of the days of one sandbox", { workers: 2 }, /has no workers any more: it is wasi\.workers now/],
    ["an unknown key", { memory: 1 }, /Unrecognized key: "memory"/],
  ])("%s", async (_, settings, message) => {
    const { error } = await outcome(settings as SandboxSettings);
    expect(error).toMatch(/^config_invalid /);
    expect(error).toMatch(message);
  });
});

test("no sandbox is loaded before it is asked for", () => {
  const folder = new URL("../src/", import.meta.url);
  const sources = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), "utf8"));
  expect(sources.join("\n")).toContain('await import("@mcp-optimizer/sandbox-docker")');
  expect(sources.filter((text) => /from "@mcp-optimizer\/sandbox-/.test(text))).toEqual([]);
});
