import { parseConfigDocument } from "@mcp-optimizer/upstreams";
import { expect, test } from "vitest";
import { chooseSandbox } from "../src/choose-sandbox.ts";
import { parseSettings } from "../src/parse-settings.ts";

const parse = (optimizer: object) =>
  parseSettings(parseConfigDocument(JSON.stringify({ optimizer }, null, 1), "mcp.json"));

test("every key of the sandbox is taken as it is", () => {
  const sandbox = {
    backend: ["gvisor", "docker"],
    require: ["memoryBytes", "network"],
    pool: { size: 4, maxAgeMs: 60_000 },
    maxGuests: 8,
    realms: true,
    wasi: { workers: 2, freshInstance: true },
    seccomp: { bubblewrap: "/opt/bwrap", uid: 1_000, cpus: 0.5 },
    basic: { force: true },
    docker: { socketPath: "/run/docker.sock", image: "guests:1" },
    firecracker: { vmm: "qemu", kernel: { image: "/boot/vmlinuz" }, python: false },
  };
  expect(parse({ sandbox }).sandbox).toEqual(sandbox);
});

test.each<[string, object, RegExp]>([
  [
    "an unknown sandbox",
    { sandbox: { backend: ["wasi", "gvisro"] } },
    /mcp\.json:4: optimizer\.sandbox\.backend\S* there is no sandbox "gvisro"; did you mean gvisor\?/,
  ],
  [
    "a setting that moved",
    { sandbox: { freshInstance: true } },
    /optimizer\.sandbox has no freshInstance any more: it is wasi\.freshInstance now/,
  ],
  ["a negative limit", { limits: { memoryBytes: -1 } }, /optimizer\.limits\.memoryBytes Too small/],
  ["no process", { limits: { processes: 0 } }, /optimizer\.limits\.processes Too small/],
  ["a huge limit", { limits: { cpuMs: 1e12 } }, /optimizer\.limits\.cpuMs Too big/],
  ["a huge disk", { limits: { diskBytes: 1e15 } }, /optimizer\.limits\.diskBytes Too big/],
  ["half a file", { limits: { fileHandles: 64.5 } }, /optimizer\.limits\.fileHandles/],
  ["a negative pool", { sandbox: { pool: { size: -1 } } }, /optimizer\.sandbox\.pool\.size Too small/],
  ["guests without end", { sandbox: { maxGuests: 1e9 } }, /optimizer\.sandbox\.maxGuests Too big/],
])("%s is an error with its place", (_, settings, message) => {
  expect(() => parse(settings)).toThrow(expect.objectContaining({ code: "config_invalid" }));
  expect(() => parse(settings)).toThrow(message);
});

test("the flag goes before the environment, and that before the configuration", () => {
  const configured = { backend: "docker", maxGuests: 3 } as const;
  const env = { MCP_OPTIMIZER_SANDBOX: "seccomp" };
  expect(chooseSandbox(configured, { flag: undefined, env: {} })).toEqual(configured);
  expect(chooseSandbox(configured, { flag: undefined, env })).toEqual({
    ...configured,
    backend: ["seccomp"],
  });
  expect(chooseSandbox(configured, { flag: "gvisor, wasi", env }).backend).toEqual(["gvisor", "wasi"]);
  expect(() => chooseSandbox(configured, { flag: undefined, env: { MCP_OPTIMIZER_SANDBOX: "x" } })).toThrow(
    /MCP_OPTIMIZER_SANDBOX: there is no sandbox "x"/,
  );
  expect(() => chooseSandbox(configured, { flag: "", env })).toThrow(/--sandbox: there is no sandbox ""/);
});
