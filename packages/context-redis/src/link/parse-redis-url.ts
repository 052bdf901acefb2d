import { OptimizerError } from "@mcp-optimizer/contracts";

/** A Redis server, as its clients reach it. */
export interface RedisNode {
  readonly host: string;
  readonly port: number;
}

/** Where a Redis is, and how it is entered. */
export interface RedisAddress {
  readonly kind: "single" | "sentinel" | "cluster";
  /** The server; or the sentinels; or some nodes of the cluster. */
  readonly nodes: readonly RedisNode[];
  /** What sentinels call the primary. */
  readonly primary?: string;
  readonly username?: string;
  readonly password?: string;
  /** Default 0; a cluster has no other. */
  readonly database: number;
  readonly tls: boolean;
}

const SCHEMES = {
  "redis:": ["single", false],
  "rediss:": ["single", true],
  "redis+sentinel:": ["sentinel", false],
  "rediss+sentinel:": ["sentinel", true],
  "redis+cluster:": ["cluster", false],
  "rediss+cluster:": ["cluster", true],
} as const;
const PORTS = { single: 6_379, sentinel: 26_379, cluster: 6_379 } as const;
const FORMS =
  "redis://[user:password@]host[:port][/database], redis+sentinel://host:port,host:port/primary[/database] or redis+cluster://host:port,host:port; rediss for TLS";

/** Whether a text is meant as the URL of a Redis. */
export const isRedisUrl = (text: string): boolean => /^rediss?(\+\w+)?:/.test(text);

/** Reads the URL of a Redis. Throws `config_invalid`, without the password. */
export function parseRedisUrl(url: string): RedisAddress {
  const match = /^([a-z+]+:)\/\/(?:([^@/]*)@)?([^/?#]+)(?:\/([^?#]*))?$/.exec(url);
  const scheme =
    match && Object.hasOwn(SCHEMES, match[1]!) ? SCHEMES[match[1] as keyof typeof SCHEMES] : undefined;
  if (!match || scheme === undefined) throw wrong(`a Redis is named as ${FORMS}`);
  const [kind, tls] = scheme;
  const [, , userinfo, hosts = "", path = ""] = match;
  const [username = "", ...secret] = (userinfo ?? "").split(":");
  const password = secret.join(":");
  const nodes = hosts.split(",").map((host) => parseNode(host, PORTS[kind]));
  if (kind === "single" && nodes.length > 1)
    throw wrong("redis:// names one server; several are redis+sentinel or redis+cluster");
  const parts = path.split("/").filter((part) => part !== "");
  const primary = kind === "sentinel" ? parts.shift() : undefined;
  if (kind === "sentinel" && primary === undefined) {
    throw wrong(
      "redis+sentinel:// ends with the name of the primary, such as redis+sentinel://host:26379/mymaster",
    );
  }
  const database = Number(parts[0] ?? 0);
  if (parts.length > 1 || !Number.isInteger(database) || database < 0)
    throw wrong(`the database is a whole number; ${FORMS}`);
  if (kind === "cluster" && database !== 0) throw wrong("a cluster has the database 0 alone");
  return {
    kind,
    nodes,
    ...(primary !== undefined && { primary: decoded(primary) }),
    ...(username !== "" && { username: decoded(username) }),
    ...(password !== "" && { password: decoded(password) }),
    database,
    tls,
  };
}

function parseNode(text: string, port: number): RedisNode {
  const match = /^(?:\[([\da-fA-F:]+)\]|([^:[\]\s]+))(?::(\d{1,5}))?$/.exec(text);
  const given = match?.[3] === undefined ? port : Number(match[3]);
  if (!match || given < 1 || given > 65_535)
    throw wrong(`a server is HOST:PORT, such as 127.0.0.1:6379; ${FORMS}`);
  return { host: match[1] ?? match[2]!, port: given };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw wrong("a user or password has a % that is not followed by two hexadecimal digits");
  }
}

const wrong = (detail: string): OptimizerError => new OptimizerError("config_invalid", { detail });
