import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";

const LOCK = "/run/lock/mcp-optimizer-apt.lock";
const LIMIT_MS = 300_000;

/**
 * Makes sure that packages of Debian or Ubuntu are installed. As root on such a system it installs what is missing and
 * says so on stderr; elsewhere it throws an error whose message is the exact command to run. No service is started.
 */
export async function ensureDebianPackages(packages: readonly string[]): Promise<void> {
  const missing = await missingPackages(packages);
  if (missing.length === 0) return;
  const names = missing.join(" ");
  if (!(await isDebian()))
    throw new Error(`Missing: ${names}. Install them with the system's package manager.`);
  if (process.getuid?.() !== 0) {
    throw new Error(`Missing: ${names}. Run: sudo apt-get update && sudo apt-get install --yes ${names}`);
  }
  process.stderr.write(`Installing Debian packages: ${names}\n`);
  await aptGet("install", missing).catch(async () => {
    await aptGet("update", []);
    await aptGet("install", missing);
  });
}

async function missingPackages(packages: readonly string[]): Promise<string[]> {
  const missing: string[] = [];
  for (const name of packages) {
    const { code, output } = await run("dpkg-query", ["--show", "--showformat=${db:Status-Status}", name]);
    if (code !== 0 || output !== "installed") missing.push(name);
  }
  return missing;
}

async function isDebian(): Promise<boolean> {
  const release = await readFile("/etc/os-release", "utf8").catch(() => "");
  return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(release);
}

/** The lock keeps test processes that start together from failing on each other's apt-get. */
async function aptGet(verb: "install" | "update", names: readonly string[]): Promise<void> {
  const options = ["--yes", "--quiet", "--no-install-recommends", "--option", "DPkg::Lock::Timeout=120"];
  const { code, output } = await run("flock", [LOCK, "apt-get", ...options, verb, ...names]);
  if (code !== 0) throw new Error(`apt-get ${verb} failed (${code}): ${output.slice(-2000)}`);
}

async function run(command: string, args: readonly string[]): Promise<{ code: number; output: string }> {
  const child = spawn(command, args, {
    stdio: ["ignore", "pipe", "pipe"],
    timeout: LIMIT_MS,
    // invoke-rc.d starts no service in run level 1.
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" },
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const code = await once(child, "close").then(
    ([exit]) => (typeof exit === "number" ? exit : 1),
    () => 127,
  );
  return { code, output };
}
