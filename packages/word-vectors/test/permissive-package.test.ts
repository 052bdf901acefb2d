import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { permissivePackage } from "../training/permissive-package.ts";

function packageUnder(license: unknown): string {
  const folder = mkdtempSync(join(tmpdir(), "permissive-package-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "it", version: "1.0.0", license }));
  return folder;
}

test.each(["MIT", "ISC", "Apache-2.0", "BSD-3-Clause", "Unicode-3.0"])("%s is permissive", (license) => {
  expect(permissivePackage(packageUnder(license))).toEqual({ name: "it", version: "1.0.0", license });
});

test.each([
  "BUSL-1.1",
  "GPL-3.0-only",
  "SEE LICENSE IN LICENSE",
  "MIT AND CC-BY-4.0",
  undefined,
  { type: "MIT" },
])("%j is refused", (license) => {
  expect(() => permissivePackage(packageUnder(license))).toThrow("it is left out: its licence is");
});

test("a file is of the nearest package that has a name", () => {
  const folder = packageUnder("MIT");
  mkdirSync(join(folder, "esm"));
  writeFileSync(join(folder, "esm/package.json"), `{ "type": "module" }`);
  expect(permissivePackage(join(folder, "esm/index.js")).name).toBe("it");
});
