import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's folder. */
export const ROOT: string = fileURLToPath(new URL("../../..", import.meta.url));

/** A package of the workspace. */
export interface WorkspacePackage {
  /** `packages/core` */
  readonly dir: string;
  readonly manifest: {
    readonly name: string;
    readonly private?: boolean;
    readonly files?: readonly string[];
    readonly bin?: Readonly<Record<string, string>>;
    readonly exports?: Readonly<Record<string, unknown>>;
    readonly publishConfig?: { readonly exports?: Readonly<Record<string, unknown>> };
    readonly dependencies?: Readonly<Record<string, string>>;
    readonly optionalDependencies?: Readonly<Record<string, string>>;
  };
}

/** Every package below packages/ and apps/. */
export const PACKAGES: readonly WorkspacePackage[] = ["packages", "apps"].flatMap((group) =>
  readdirSync(join(ROOT, group)).map((name) => ({
    dir: `${group}/${name}`,
    manifest: JSON.parse(read(`${group}/${name}/package.json`)) as WorkspacePackage["manifest"],
  })),
);

/** The files that git tracks or would track, by their paths from the root. */
export function trackedFiles(): string[] {
  const list = execFileSync(
    "git",
    ["ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate", "-z"],
    {
      cwd: ROOT,
      encoding: "utf8",
    },
  );
  const deleted = execFileSync("git", ["ls-files", "--deleted", "-z"], { cwd: ROOT, encoding: "utf8" });
  const gone = new Set(deleted.split("\0"));
  return list.split("\0").filter((path) => path !== "" && !gone.has(path));
}

/** The text of a file by its path from the root. */
export function read(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}
