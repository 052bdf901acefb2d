import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** What packages may be under, by the `license` of their package.json. */
const PERMISSIVE =
  /^(?:MIT|MIT-0|ISC|0BSD|BSD-[23]-Clause|Apache-2\.0|Apache 2\.0|CC0-1\.0|Unlicense|Unicode-3\.0)$/;

/** An npm package whose licence lets anyone use its text. */
export interface PermissivePackage {
  readonly name: string;
  readonly version: string;
  readonly license: string;
}

/** Reads what package a folder or file is of. Throws an Error for one under no licence that is known to be permissive. */
export function permissivePackage(path: string): PermissivePackage {
  const file = packageFile(resolve(path));
  const { name, version, license } = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  if (typeof license !== "string" || !PERMISSIVE.test(license)) {
    throw new Error(`${String(name)} is left out: its licence is ${JSON.stringify(license ?? "not given")}`);
  }
  return { name: String(name), version: String(version), license };
}

/** The nearest package.json that names a package, upwards. */
function packageFile(path: string): string {
  const file = join(path, "package.json");
  if (existsSync(file) && /"name"\s*:/.test(readFileSync(file, "utf8"))) return file;
  if (dirname(path) === path) throw new Error("There is no package.json");
  return packageFile(dirname(path));
}
