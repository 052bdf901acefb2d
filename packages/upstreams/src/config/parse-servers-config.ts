import { parseConfigDocument, type ConfigDocument } from "./config-document.ts";
import { isOwnCommand } from "./is-own-command.ts";
import { parseServerEntry } from "./parse-server-entry.ts";
import type { ConfigNote, ParsedServer, ParsedServers } from "./parsed-servers.ts";
import { ServerEntrySchema, unknownEntryKeys } from "./server-entry-schema.ts";

/** Options of {@link parseServersConfig}. */
export interface ParseServersOptions {
  /** The name of the file, for messages. */
  readonly file: string;
  /** Scripts that are this optimizer, such as the running one; an entry that starts one is skipped. */
  readonly selfPaths?: readonly string[];
}

/** Where AI clients keep their servers, in order of preference. Zed counts timeouts in seconds. */
const ROOTS: readonly { readonly path: readonly string[]; readonly seconds: boolean }[] = [
  { path: ["mcpServers"], seconds: false },
  { path: ["servers"], seconds: false },
  { path: ["context_servers"], seconds: true },
  { path: ["mcp", "servers"], seconds: false },
  { path: ["mcp"], seconds: false },
];

/**
 * Reads the servers of a client's configuration: JSON with comments, under `mcpServers`, `servers`, `context_servers`,
 * `mcp.servers` or `mcp`. Pure: expands nothing, reads no other file. Entries that are switched off, or that start this
 * optimizer, are left out with a note. Throws `config_invalid` which names file, line and key.
 */
export function parseServersConfig(text: string, options: ParseServersOptions): ParsedServers {
  const document = parseConfigDocument(text, options.file);
  const notes: ConfigNote[] = [];
  if (!isObject(document.value([]))) throw document.error([], "must hold an object with mcpServers", 1);
  const root = ROOTS.find(({ path }) => document.value(path) !== undefined);
  if (root === undefined) throw document.error([], "has no mcpServers", 1);
  if (!isObject(document.value(root.path))) throw document.error(root.path, "must be an object of servers");
  const seen = new Map<string, number>();
  const servers: ParsedServer[] = [];
  for (const { key: name, line } of document.keys(root.path)) {
    const path = [...root.path, name];
    const first = seen.get(name);
    if (first !== undefined) throw document.error(path, `is there twice, on line ${first} too`, line);
    if (name.trim() === "") throw document.error(path, "must have a name", line);
    seen.set(name, line);
    const server = readEntry(document, path, line, { ...options, seconds: root.seconds }, notes);
    if (server !== undefined) servers.push(server);
  }
  return { file: options.file, servers, notes };
}

function readEntry(
  document: ConfigDocument,
  path: readonly string[],
  line: number,
  options: ParseServersOptions & { readonly seconds: boolean },
  notes: ConfigNote[],
): ParsedServer | undefined {
  const name = path.at(-1)!;
  const checked = ServerEntrySchema.safeParse(document.value(path));
  if (!checked.success) {
    const issue = checked.error.issues[0]!;
    throw document.error([...path, ...issue.path.filter((part) => typeof part !== "symbol")], issue.message);
  }
  const entry = checked.data;
  const note = (message: string, key?: string): void => {
    notes.push({ server: name, line: key === undefined ? line : document.line([...path, key]), message });
  };
  if (entry.disabled === true || entry.enabled === false) {
    note("is switched off");
    return undefined;
  }
  for (const key of unknownEntryKeys(entry)) note(`${key} is not used`, key);
  const { server, notes: entryNotes } = parseServerEntry(entry, options.seconds);
  for (const message of entryNotes) note(message);
  if (
    server.target.kind === "stdio" &&
    isOwnCommand(server.target.command, server.target.args, options.selfPaths)
  ) {
    note("starts this optimizer itself and is left out");
    return undefined;
  }
  return { name, line, ...server };
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
