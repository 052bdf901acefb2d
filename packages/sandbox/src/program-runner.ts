import {
  createOptimizer,
  parseLanguage,
  type Optimizer,
  type RunError,
  type RunReport,
} from "@mcp-optimizer/core";
import {
  DEFAULT_RUN_LIMITS,
  OptimizerError,
  type ConsoleLine,
  type ErrorCode,
  type JsonValue,
  type Language,
  type Log,
  type RunLimits,
} from "@mcp-optimizer/contracts";
import { openSandbox } from "./open-sandbox.ts";
import type { SandboxSettings } from "./sandbox-settings.ts";

/** How one program is run. */
export interface ExecuteOptions {
  /** Wall-clock time in seconds. Default 30, and no more than the front was made with. */
  readonly timeout?: number;
  /** Memory of the guest in MB (2^20 bytes). Default 512, and no more than the front was made with. */
  readonly memoryMb?: number;
  /** Default `javascript`, which is TypeScript too. */
  readonly language?: Language;
  /** Aborting it ends the program, and rejects with `cancelled`. */
  readonly signal?: AbortSignal;
}

/** What a program wrote and returned. */
export interface ExecuteResult {
  /** Lines of `console.log`, `info` and `debug`, or of Python's stdout. */
  readonly stdout: string;
  /** Lines of `console.warn` and `error`, or of Python's stderr; at its end the error of a program that failed. */
  readonly stderr: string;
  /** 0, or 1 when the program threw or cannot be parsed. */
  readonly exitCode: 0 | 1;
  /** What it returned, or its last expression; absent without. */
  readonly value?: JsonValue;
}

/** What {@link createProgramRunner} works with. */
export interface ProgramRunnerOptions {
  readonly settings: SandboxSettings;
  readonly limits: Partial<RunLimits> | undefined;
  readonly log: Log | undefined;
}

/** Runs single programs, without any tool. */
export interface ProgramRunner {
  execute(code: string, options?: ExecuteOptions): Promise<ExecuteResult>;
  cleanup(): Promise<void>;
}

const MIB = 1024 * 1024;
/** What a program can do about itself; any other end is told by a rejection. */
const OWN_FAULTS: ReadonlySet<ErrorCode> = new Set([
  "program_failed",
  "program_invalid",
  "tool_failed",
  "unknown_tool",
]);
const NO_TOKENS = { encoding: "none", count: () => 0 };

/** Makes a runner. The sandbox opens with the first program, and again after {@link ProgramRunner.cleanup}. */
export function createProgramRunner({ settings, limits, log }: ProgramRunnerOptions): ProgramRunner {
  const all = { ...DEFAULT_RUN_LIMITS, ...limits };
  let opened: Promise<Optimizer> | undefined;
  const open = async (): Promise<Optimizer> => {
    const sandbox = await openSandbox(settings, { limits: all, ...(log && { log }) });
    try {
      return await createOptimizer({
        upstreams: [],
        sandbox,
        limits: all,
        resultTokens: Number.MAX_SAFE_INTEGER,
        tokenCounter: NO_TOKENS,
        ...(log && { log }),
      });
    } catch (error) {
      await sandbox.dispose();
      throw error;
    }
  };
  return {
    async execute(code, options = {}) {
      const { timeout, memoryMb, language, signal } = options;
      const own = {
        ...(timeout !== undefined && { wallMs: lowered("timeout", timeout, 1_000, all.wallMs) }),
        ...(memoryMb !== undefined && { memoryBytes: lowered("memoryMb", memoryMb, MIB, all.memoryBytes) }),
      };
      const asked = language === undefined ? {} : { language: parseLanguage(language) };
      const opening = (opened ??= open());
      const optimizer = await opening.catch((error: unknown) => {
        // It may have been opened anew meanwhile.
        if (opened === opening) opened = undefined;
        throw error;
      });
      const request = { code, limits: own, ...asked, ...(signal && { signal }) };
      return resultOf(await optimizer.run(request));
    },
    async cleanup() {
      const ending = opened;
      opened = undefined;
      const optimizer = await ending?.catch(() => undefined);
      await optimizer?.dispose();
    },
  };
}

function lowered(name: string, value: number, unit: number, most: number): number {
  const whole = Math.round(value * unit);
  if (Number.isSafeInteger(whole) && whole >= 1 && whole <= most) return whole;
  throw new OptimizerError("invalid_params", {
    detail: `${name} must be a number over 0 and at most ${most / unit}, not ${value}`,
  });
}

function resultOf({ value, error, console, consoleOmittedBytes }: RunReport): ExecuteResult {
  if (error && !OWN_FAULTS.has(error.code)) throw rejection(error);
  const omitted = consoleOmittedBytes > 0 ? [`${consoleOmittedBytes} bytes of output were not kept`] : [];
  const failed = error ? [failureText(error)] : [];
  return {
    stdout: lines(console.filter(({ level }) => !isError(level)).map(({ text }) => text)),
    stderr: lines([
      ...console.filter(({ level }) => isError(level)).map(({ text }) => text),
      ...omitted,
      ...failed,
    ]),
    exitCode: error ? 1 : 0,
    ...(value !== undefined && { value }),
  };
}

const isError = (level: ConsoleLine["level"]): boolean => level === "error" || level === "warn";

const lines = (texts: readonly string[]): string => texts.map((text) => `${text}\n`).join("");

function failureText({ name = "Error", message, position }: RunError): string {
  const place = position ? ` (line ${position.line}, column ${position.column})` : "";
  return `${name}: ${message}${place}`;
}

/** The error of a run again, without the fixed words that its message begins with already. */
function rejection({ code, message }: RunError): OptimizerError {
  const plain = new OptimizerError(code).message;
  const words = `${plain.slice(0, -1)}: `;
  return message === plain
    ? new OptimizerError(code)
    : new OptimizerError(code, { detail: message.startsWith(words) ? message.slice(words.length) : message });
}
