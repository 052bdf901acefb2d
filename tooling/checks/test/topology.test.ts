import { expect, test } from "vitest";
import { PACKAGES, read, trackedFiles } from "./workspace.ts";

const SCOPE = "@mcp-optimizer/";

/** Which package of ours may need which at run time. */
const EDGES: Readonly<Record<string, readonly string[]>> = {
  "context-redis": ["contracts"],
  "context-sqlite": ["contracts"],
  contracts: [],
  core: ["contracts"],
  "docker-engine": ["contracts"],
  "run-queue": ["contracts"],
  sandbox: ["contracts", "core", "sandbox-docker", "sandbox-firecracker", "sandbox-process", "sandbox-wasi"],
  "sandbox-docker": ["contracts", "docker-engine", "sandbox-guest"],
  "sandbox-firecracker": ["contracts", "sandbox-guest"],
  "sandbox-guest": ["contracts"],
  "sandbox-process": ["contracts", "sandbox-guest"],
  "sandbox-wasi": ["contracts", "sandbox-guest"],
  state: ["context-redis", "context-sqlite", "contracts", "core"],
  upstreams: ["contracts"],
  server: ["contracts"],
  testkit: ["contracts", "sandbox-guest"],
  "word-vectors": ["contracts"],
  cli: ["contracts", "core", "run-queue", "sandbox", "server", "state", "upstreams", "word-vectors"],
};

/** Entry points beside the index. */
const SUBPATHS: Readonly<Record<string, readonly string[]>> = {
  contracts: ["errors"],
  core: ["settings"],
  sandbox: ["settings"],
  testkit: ["attacks"],
  upstreams: ["config"],
};

/** Files that are entry points as they are. */
const FILES: Readonly<Record<string, readonly string[]>> = {
  contracts: ["./schema/response-v2.json"],
  cli: ["./schema/configuration-v1.json"],
};

function exportsOf(name: string, source: boolean): Record<string, unknown> {
  const entry = (file: string): Record<string, string> => ({
    ...(source && { [`${SCOPE}source`]: `./src/${file}.ts` }),
    types: `./dist/${file}.d.ts`,
    default: `./dist/${file}.js`,
  });
  const subpaths = (SUBPATHS[name] ?? []).map((file) => [`./${file}`, entry(file)] as const);
  const files = [...(FILES[name] ?? []), "./package.json"].map((file) => [file, file] as const);
  return { ".": entry("index"), ...Object.fromEntries(subpaths), ...Object.fromEntries(files) };
}

test("every package is in the table of edges", () => {
  expect(PACKAGES.map(({ manifest }) => manifest.name.slice(SCOPE.length)).sort()).toEqual(
    Object.keys(EDGES).sort(),
  );
});

test.each(PACKAGES)("$dir needs only what the table allows", ({ manifest }) => {
  const all = { ...manifest.dependencies, ...manifest.optionalDependencies };
  const needed = Object.keys(all).filter((name) => name.startsWith(SCOPE));
  expect(needed.map((name) => name.slice(SCOPE.length)).sort()).toEqual(
    [...EDGES[manifest.name.slice(SCOPE.length)]!].sort(),
  );
});

test.each(PACKAGES)("$dir is published as decided", ({ dir, manifest }) => {
  expect(manifest.private).toBeUndefined();
  expect(manifest.files?.slice(0, 2)).toEqual(["dist", "!dist/.tsbuildinfo"]);
  expect(manifest.bin).toEqual(dir === "apps/cli" ? { "mcp-optimizer": "./bin/run.js" } : undefined);
  const name = manifest.name.slice(SCOPE.length);
  expect(manifest.exports).toEqual(exportsOf(name, true));
  expect(manifest.publishConfig?.exports).toEqual(exportsOf(name, false));
});

test("contracts needs zod alone and no Node builtin", () => {
  const contracts = PACKAGES.find(({ dir }) => dir === "packages/contracts")!;
  expect(Object.keys(contracts.manifest.dependencies ?? {})).toEqual(["zod"]);
  const sources = trackedFiles().filter((path) => path.startsWith("packages/contracts/src/"));
  const imports = sources.flatMap((path) =>
    [...read(path).matchAll(/from "([^"]+)"/g)].map((match) => match[1]!),
  );
  expect(imports.filter((name) => !name.startsWith("./") && name !== "zod")).toEqual([]);
});

test("an index has named exports only, and is short", () => {
  for (const { dir } of PACKAGES.filter(({ dir }) => dir.startsWith("packages/"))) {
    const index = read(`${dir}/src/index.ts`);
    expect(index, dir).not.toMatch(/export \*/);
    // Contracts are every port and its words; core and the testkit have each port again, as a store in memory and as a suite.
    const most = { "packages/contracts": 110, "packages/core": 90, "packages/testkit": 100 }[dir] ?? 70;
    expect(index.split("\n").length, dir).toBeLessThanOrEqual(most);
  }
});

test("a version that the catalog knows is taken from it", () => {
  const catalog = [...read("pnpm-workspace.yaml").matchAll(/^ {2}"?([@\w/-]+)"?: [\^\d]/gm)].map(
    (match) => match[1]!,
  );
  expect(catalog).toContain("zod");
  for (const { dir, manifest } of PACKAGES) {
    for (const [name, version] of Object.entries(manifest.dependencies ?? {})) {
      if (catalog.includes(name)) expect(version, `${dir}: ${name}`).toBe("catalog:");
    }
  }
});
