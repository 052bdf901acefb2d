import { DEFAULT_RUN_LIMITS, OptimizerError, RunLimitsSchema } from "@mcp-optimizer/contracts";
import type { ModuleLimits, ModuleMessage } from "../module-messages.ts";
import type { ModuleRunOptions } from "../module-run.ts";
import type { PlacedFile } from "../tree/place-files.ts";

const MOST_OUTPUT_BYTES = 256 * 1024 * 1024;
const DEFAULT_OUTPUT_BYTES = 16 * 1024 * 1024;
/** Arguments and environment together. */
const MOST_TEXTS = 4_096;
const MOST_TEXT_BYTES = 256 * 1024;

/** What a run sends to its worker, but for the code. */
export type ModuleRequest = Omit<ModuleMessage, "kind" | "generation" | "code">;

/** Checks the options of a run, and copies what they hold. Throws `invalid_params`. */
export function moduleRequest(options: ModuleRunOptions): ModuleRequest {
  const limits = checkLimits(options.limits ?? {});
  const args = [options.name ?? "program", ...(options.args ?? [])];
  const env = Object.entries(options.env ?? {}).map(([name, value]) => {
    if (name === "" || name.includes("=")) {
      throw invalid("a name in `env` is empty or has `=`");
    }
    return `${name}=${value}`;
  });
  checkTexts([...args, ...env]);
  const stdin = asBytes(options.stdin ?? "");
  if (stdin.length > limits.diskBytes) {
    throw invalid(`\`stdin\` takes over ${limits.diskBytes} bytes; raise \`limits.diskBytes\``);
  }
  const files = [...(options.files ?? [])].map(([path, content]): PlacedFile => {
    return [checkPath(path), asBytes(content)];
  });
  if (files.reduce((sum, [, content]) => sum + content.length, 0) > limits.diskBytes) {
    throw invalid(`\`files\` take over ${limits.diskBytes} bytes; raise \`limits.diskBytes\``);
  }
  return { args, env, stdin, files, limits };
}

function checkLimits({ outputBytes = DEFAULT_OUTPUT_BYTES, ...given }: Partial<ModuleLimits>): ModuleLimits {
  const parsed = RunLimitsSchema.safeParse(given);
  if (!parsed.success) {
    const keys = parsed.error.issues.map(({ path }) => `limits.${path.join(".")}`);
    throw invalid(`not in range: ${keys.join(", ")}`);
  }
  if (!Number.isInteger(outputBytes) || outputBytes < 1 || outputBytes > MOST_OUTPUT_BYTES) {
    throw invalid(`\`limits.outputBytes\` must be from 1 to ${MOST_OUTPUT_BYTES}`);
  }
  const { cpuMs, wallMs, memoryBytes, diskBytes, fileHandles } = { ...DEFAULT_RUN_LIMITS, ...parsed.data };
  return { cpuMs, wallMs, memoryBytes, diskBytes, fileHandles, outputBytes };
}

function checkTexts(texts: readonly string[]): void {
  if (texts.some((text) => text.includes("\0"))) {
    throw invalid("an argument or variable has a NUL");
  }
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text) + 1, 0);
  if (texts.length > MOST_TEXTS || bytes > MOST_TEXT_BYTES) {
    throw invalid(`\`args\` and \`env\` may be ${MOST_TEXTS} and take ${MOST_TEXT_BYTES} bytes together`);
  }
}

function checkPath(path: string): string {
  const relative = path.startsWith("/") ? path.slice(1) : path;
  const names = relative.split("/");
  if (path.includes("\0") || names.some((name) => name === "" || name === "." || name === "..")) {
    throw invalid(`${JSON.stringify(path.slice(0, 100))} in \`files\` is no path of a file from the root`);
  }
  return relative;
}

function asBytes(content: Uint8Array | string): Uint8Array<ArrayBuffer> {
  return typeof content === "string" ? new TextEncoder().encode(content) : new Uint8Array(content);
}

function invalid(detail: string): OptimizerError {
  return new OptimizerError("invalid_params", { detail });
}
