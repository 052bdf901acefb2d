import { basename } from "node:path/posix";

const LAUNCHERS: ReadonlySet<string> = new Set([
  "npx",
  "npm",
  "pnpm",
  "pnpx",
  "yarn",
  "bunx",
  "bun",
  "deno",
  "node",
  "tsx",
  "env",
  "sh",
  "bash",
  "cmd",
]);
const SUBCOMMANDS: ReadonlySet<string> = new Set(["exec", "dlx", "x", "run", "/c", "-c"]);

/**
 * Whether a command starts this optimizer: its bin, or its package through a launcher such as npx.
 * `selfPaths` are scripts that are the optimizer too, such as the running one.
 */
export function isOwnCommand(
  command: string,
  args: readonly string[],
  selfPaths: readonly string[] = [],
): boolean {
  const program = nameOf(command);
  if (isOwnProgram(command)) return true;
  if (!LAUNCHERS.has(program)) return false;
  for (const arg of args.flatMap((value) => value.split(/\s+/))) {
    const packageName = arg.replace(/^--package=/, "");
    if (selfPaths.includes(arg) || isOwnProgram(packageName)) return true;
    // The first word that is no option is the program; what follows are its own arguments.
    if (!arg.startsWith("-") && !SUBCOMMANDS.has(arg) && !LAUNCHERS.has(nameOf(arg))) return false;
  }
  return false;
}

function isOwnProgram(word: string): boolean {
  const path = word.replaceAll("\\", "/");
  if (/^(@mcp-optimizer\/cli|mcp-optimizer)(@[^/]+)?$/.test(path)) return true;
  if (path.includes("/node_modules/@mcp-optimizer/cli/")) return true;
  return nameOf(word) === "mcp-optimizer";
}

function nameOf(program: string): string {
  return basename(program.replaceAll("\\", "/")).replace(/\.(exe|cmd|bat|ps1)$/i, "");
}
