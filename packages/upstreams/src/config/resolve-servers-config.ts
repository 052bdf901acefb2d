import { isAbsolute, resolve } from "node:path";
import { parseEnv } from "node:util";
import { expandVariables, type VariableScope } from "./expand-variables.ts";
import type { ParsedRemoteServer, ParsedServer, ParsedServers, ParsedStdioServer } from "./parsed-servers.ts";
import type { RemoteUpstream, StdioUpstream, UpstreamConfig } from "./upstream-config.ts";

/** What {@link resolveServersConfig} may use. */
export interface ResolveServersOptions extends VariableScope {
  /** Reads an `envFile`, given its absolute path. It may throw. Without it, an entry with an `envFile` is unusable. */
  readonly readFile?: (path: string) => string;
}

/** Expands the variables of every server. A server with a variable that has no value becomes unusable; the others stay. */
export function resolveServersConfig(
  parsed: ParsedServers,
  options: ResolveServersOptions,
): UpstreamConfig[] {
  return parsed.servers.map((server) => resolveServer(server, options));
}

class Unresolved extends Error {}

function resolveServer(server: ParsedServer, options: ResolveServersOptions): UpstreamConfig {
  const { name, callTimeoutMs, tools, target } = server;
  const common = {
    name,
    ...(callTimeoutMs === undefined ? {} : { callTimeoutMs }),
    ...(tools === undefined ? {} : { tools }),
  };
  if (target.kind === "unusable") return { ...common, ...target };
  try {
    const resolved = target.kind === "stdio" ? resolveStdio(target, options) : resolveRemote(target, options);
    return { ...common, ...resolved };
  } catch (error) {
    if (!(error instanceof Unresolved)) throw error;
    return { ...common, kind: "unusable", reason: error.message };
  }
}

/** Expands texts and remembers what was put in. */
function createExpander(scope: VariableScope): {
  expand: (key: string, text: string) => string;
  values: string[];
} {
  const values: string[] = [];
  const expand = (key: string, text: string): string => {
    const expansion = expandVariables(text, scope);
    if (expansion.ok) {
      values.push(...expansion.values);
      return expansion.text;
    }
    const missing = expansion.missing[0]!;
    if (missing.startsWith("input:")) {
      throw new Unresolved(
        `${key} asks for \${${missing}}; write \${VARIABLE} there and set that environment variable`,
      );
    }
    const variable = missing.replace(/^env:/, "");
    throw new Unresolved(`${key} needs the environment variable ${variable}, which is not set`);
  };
  return { expand, values };
}

function resolveStdio(
  target: ParsedStdioServer,
  options: ResolveServersOptions,
): Omit<StdioUpstream, "name"> {
  const { expand, values } = createExpander(options);
  const fromFile =
    target.envFile === undefined ? {} : readEnvFile(expand("envFile", target.envFile), options);
  const env = { ...fromFile, ...expandAll("env", target.env, expand) };
  const cwd = target.cwd === undefined ? undefined : resolve(options.cwd, expand("cwd", target.cwd));
  return {
    kind: "stdio",
    command: expand("command", target.command),
    args: target.args.map((arg, index) => expand(`args[${index}]`, arg)),
    env,
    ...(cwd === undefined ? {} : { cwd }),
    secrets: [...values, ...Object.values(env)],
  };
}

function resolveRemote(
  target: ParsedRemoteServer,
  options: ResolveServersOptions,
): Omit<RemoteUpstream, "name"> {
  const { expand, values } = createExpander(options);
  const headers = expandAll("headers", target.headers, expand);
  const url = URL.parse(expand("url", target.url));
  if (url === null || !["http:", "https:"].includes(url.protocol)) {
    throw new Unresolved("url must be an http or https address");
  }
  if (url.username !== "" || url.password !== "") {
    throw new Unresolved(
      "url must be without a user and a password: put them into headers, as authorization",
    );
  }
  const { kind, transport } = target;
  const secrets = [...values, ...Object.values(headers), ...url.searchParams.values()];
  return { kind, url: url.href, transport, headers, secrets };
}

function readEnvFile(path: string, { cwd, readFile }: ResolveServersOptions): Record<string, string> {
  const absolute = isAbsolute(path) ? path : resolve(cwd, path);
  if (readFile === undefined) throw new Unresolved(`envFile ${path} cannot be read here`);
  try {
    return parseEnv(readFile(absolute)) as Record<string, string>;
  } catch {
    throw new Unresolved(`envFile ${path} cannot be read`);
  }
}

function expandAll(
  key: string,
  map: Readonly<Record<string, string>>,
  expand: (key: string, text: string) => string,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(map).map(([name, text]) => [name, expand(`${key}.${name}`, text)]),
  );
}
