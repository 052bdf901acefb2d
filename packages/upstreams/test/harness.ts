import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LogEntry, ToolProvider } from "@mcp-optimizer/contracts";
import { misbehavingServerCommand, type Misbehaviour, type ServerCommand } from "@mcp-optimizer/testkit";
import { afterEach, expect, vi } from "vitest";
import {
  connectUpstreams,
  type ConnectOptions,
  type StdioUpstream,
  type Upstreams,
  type UpstreamConfig,
} from "../src/index.ts";

/** Bound of every wait. */
export const BOUND = { timeout: 20_000, interval: 20 };

/** What a test opened, closed after it. */
const open: { dispose: () => unknown }[] = [];

afterEach(async () => {
  for (const resource of open.splice(0).toReversed()) await resource.dispose();
});

/** Has a resource disposed after the test. */
export function keep<T extends { dispose: () => unknown }>(resource: T): T {
  open.push(resource);
  return resource;
}

/** Connections with quick settings, and all that they logged. */
export interface Connected extends Upstreams {
  readonly entries: LogEntry[];
}

/** Connects and has everything closed after the test. */
export function connect(
  configs: readonly UpstreamConfig[],
  options: Partial<ConnectOptions> = {},
): Connected {
  const entries: LogEntry[] = [];
  const upstreams = connectUpstreams(configs, {
    log: (entry) => entries.push(entry),
    closeGraceMs: 300,
    debounceMs: 10,
    connectTimeoutMs: 20_000,
    reconnect: { initialMs: 20, maxMs: 100 },
    ...options,
  });
  return keep({ ...upstreams, entries });
}

/** A config that starts a command. */
export function stdio(
  name: string,
  { command, args }: ServerCommand,
  more: Partial<StdioUpstream> = {},
): StdioUpstream {
  return { name, kind: "stdio", command, args, env: {}, ...more };
}

/** A config that starts a server which misbehaves in one way. */
export function misbehaving(mode: Misbehaviour, more: Partial<StdioUpstream> = {}): StdioUpstream {
  return stdio(mode, misbehavingServerCommand(mode), more);
}

/** A temporary folder, removed after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "mcp-upstreams-"));
  keep({ dispose: () => rmSync(folder, { recursive: true, force: true }) });
  return folder;
}

/** Wraps a command in a shell that counts its starts. The shell stays its parent, as npx does. */
export function counted({ command, args }: ServerCommand): {
  readonly server: ServerCommand;
  readonly starts: () => number;
} {
  const file = join(temporaryFolder(), "starts");
  writeFileSync(file, "");
  const quoted = [command, ...args].map((word) => `'${word}'`).join(" ");
  return {
    server: { command: "sh", args: ["-c", `echo x >> '${file}'; ${quoted}; exit $?`] },
    starts: () => readFileSync(file, "utf8").length / 2,
  };
}

/** Waits until a provider has this state. */
export async function until(provider: ToolProvider, state: ToolProvider["status"]["state"]): Promise<void> {
  await vi.waitFor(() => expect(provider.status.state).toBe(state), BOUND);
}

/** The reason of a failed provider. */
export function reasonOf(provider: ToolProvider): string {
  return provider.status.state === "failed" ? provider.status.reason : `no failure: ${provider.status.state}`;
}

/** The code of the error with which a call ends. */
export async function codeOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => "no error",
    (error: unknown) => (error as { code: string }).code,
  );
}
