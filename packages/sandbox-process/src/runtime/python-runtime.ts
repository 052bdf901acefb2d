import { readdir, realpath } from "node:fs/promises";
import { basename, join } from "node:path";
import type { GuestRuntime, RuntimeBind } from "./guest-runtime.ts";
import { isOpenToAll } from "./is-open-to-all.ts";
import { runTool } from "./run-tool.ts";
import { sharedLibraries } from "./shared-libraries.ts";

const OLDEST: readonly [major: number, minor: number] = [3, 9];
const TIME_ZONES = "/usr/share/zoneinfo";
const PACKAGES: ReadonlySet<string> = new Set(["site-packages", "dist-packages"]);

const DESCRIBE = `
import json, os, sys, sysconfig
print(json.dumps({
    "executable": os.path.realpath(sys.executable),
    "version": list(sys.version_info[:3]),
    "library": os.path.realpath(sysconfig.get_path("stdlib")),
}))`;

interface Description {
  readonly executable: string;
  readonly version: readonly [number, number, number];
  readonly library: string;
}

/**
 * The first of some Pythons that guests can run, with its standard library and without installed packages. When there is none,
 * tells why.
 */
export async function pythonRuntime(
  candidates: readonly string[],
  otherUser: boolean,
): Promise<GuestRuntime | { readonly reason: string }> {
  const reasons: string[] = [];
  for (const candidate of candidates) {
    const found = await describe(candidate).catch(() => `${candidate} cannot be run`);
    const reason = typeof found === "string" ? found : await objection(found, otherUser);
    if (typeof found !== "string" && reason === undefined) return toRuntime(found);
    if (reason !== undefined) reasons.push(reason);
  }
  return { reason: `no Python for guests: ${reasons.join("; ")}` };
}

async function describe(candidate: string): Promise<Description> {
  return JSON.parse(await runTool(candidate, ["-I", "-S", "-c", DESCRIBE])) as Description;
}

async function objection(found: Description, otherUser: boolean): Promise<string | undefined> {
  const [major, minor] = found.version;
  if (major !== OLDEST[0] || minor < OLDEST[1]) {
    return `${found.executable} is older than ${OLDEST.join(".")}`;
  }
  const open = (await isOpenToAll(found.executable)) && (await isOpenToAll(found.library));
  if (otherUser && !open) return `${found.executable} is in a folder that only its owner may enter`;
  return undefined;
}

async function toRuntime({ executable, version, library }: Description): Promise<GuestRuntime> {
  const target = join("/usr/lib", basename(library));
  const modules = await modulesBelow(join(library, "lib-dynload"));
  const binds: RuntimeBind[] = [
    { source: executable, target: "/usr/bin/python3" },
    { source: library, target },
    ...(await sharedLibraries([executable, ...modules])),
  ];
  const zones = await realpath(TIME_ZONES).catch(() => undefined);
  if (zones !== undefined) binds.push({ source: zones, target: TIME_ZONES });
  const packages = (await readdir(library)).filter((name) => PACKAGES.has(name));
  return {
    version: version.join("."),
    executable,
    binds,
    hidden: packages.map((name) => join(target, name)),
  };
}

async function modulesBelow(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => name.endsWith(".so")).map((name) => join(folder, name));
}
