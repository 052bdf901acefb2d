import type { ServerEntry, TextMap } from "./server-entry-schema.ts";
import type { ParsedServer, RemoteTransportType, ToolFilter } from "./parsed-servers.ts";

/** What an entry comes to: its target, and notes on how it was read. */
export interface ParsedEntry {
  readonly server: Omit<ParsedServer, "name" | "line">;
  readonly notes: readonly string[];
}

const STDIO_TYPES: ReadonlySet<string> = new Set(["stdio", "local"]);
const REMOTE_TYPES: Readonly<Record<string, RemoteTransportType>> = {
  http: "http",
  "streamable-http": "http",
  streamableHttp: "http",
  streamable_http: "http",
  sse: "sse",
  remote: "auto",
};

/** Reads one entry whose types are right. `secondsTimeout`: the client counts `timeout` in seconds. */
export function parseServerEntry(entry: ServerEntry, secondsTimeout: boolean): ParsedEntry {
  const notes: string[] = [];
  const target = parseTarget(entry, notes);
  const tools = parseToolFilter(entry);
  const callTimeoutMs = parseTimeout(entry.timeout, secondsTimeout, notes);
  return {
    notes,
    server: {
      target,
      ...(callTimeoutMs === undefined ? {} : { callTimeoutMs }),
      ...(tools === undefined ? {} : { tools }),
    },
  };
}

function parseTarget(entry: ServerEntry, notes: string[]): ParsedServer["target"] {
  const type = entry.type ?? entry.transport;
  const url = entry.httpUrl ?? entry.serverUrl ?? entry.url;
  if (type === "ws" || type === "websocket" || /^wss?:/i.test(url ?? "")) {
    return unusable("WebSocket servers are not supported; use the server's streamable HTTP address");
  }
  if (type !== undefined && !STDIO_TYPES.has(type) && !Object.hasOwn(REMOTE_TYPES, type)) {
    return unusable(`the type ${JSON.stringify(type)} is not known; use stdio, http or sse`);
  }
  const local = type === undefined ? entry.command !== undefined : STDIO_TYPES.has(type);
  if (local) {
    if (entry.command === undefined) return unusable("it has no command");
    if (url !== undefined) notes.push("it has a command and a url; the url is not used");
    return parseStdio(entry);
  }
  if (url === undefined) return unusable("it has neither a command nor a url");
  if (entry.command !== undefined) notes.push("it has a command and a url; the command is not used");
  const transport =
    type === undefined ? (entry.httpUrl === undefined ? "auto" : "http") : REMOTE_TYPES[type]!;
  return { kind: "remote", url, transport, headers: toTexts(entry.headers) };
}

function parseStdio(entry: ServerEntry): ParsedServer["target"] {
  const { command } = entry;
  const shape =
    typeof command === "object" && !Array.isArray(command)
      ? { words: [command.path, ...(command.args ?? [])], env: command.env }
      : { words: [command ?? []].flat(), env: undefined };
  return {
    kind: "stdio",
    command: shape.words[0]!,
    args: [...shape.words.slice(1), ...(entry.args ?? [])],
    env: { ...toTexts(shape.env), ...toTexts(entry.environment), ...toTexts(entry.env) },
    ...(entry.cwd === undefined ? {} : { cwd: entry.cwd }),
    ...(entry.envFile === undefined ? {} : { envFile: entry.envFile }),
  };
}

function parseToolFilter(entry: ServerEntry): ToolFilter | undefined {
  const allow = entry.includeTools ?? entry.enabledTools ?? entry.enabled_tools;
  const deny = entry.excludeTools ?? entry.disabledTools ?? entry.disabled_tools;
  if (allow === undefined && deny === undefined) return undefined;
  return { ...(allow === undefined ? {} : { allow }), ...(deny === undefined ? {} : { deny }) };
}

function parseTimeout(timeout: number | undefined, seconds: boolean, notes: string[]): number | undefined {
  if (timeout === undefined) return undefined;
  if (seconds) return timeout * 1000;
  // Clients disagree on the unit, and no server answers in less than a second reliably.
  if (timeout >= 1000) return timeout;
  notes.push(`its timeout of ${timeout} is read as seconds`);
  return timeout * 1000;
}

function toTexts(map: TextMap | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(map ?? {}).map(([key, value]) => [key, String(value)]));
}

function unusable(reason: string): ParsedServer["target"] {
  return { kind: "unusable", reason };
}
