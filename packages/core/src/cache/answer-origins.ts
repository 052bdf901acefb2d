import { createHash, randomUUID } from "node:crypto";
import type { ToolProvider } from "@mcp-optimizer/contracts";
import type { Catalogue, CatalogueServer } from "../catalogue/catalogue.ts";
import { INTENTS } from "../intents/intent-definition.ts";

/** What tells where answers come from. */
export interface AnswerOriginsParts {
  readonly providers: readonly Pick<ToolProvider, "name" | "origin">[];
  /** Servers of this process whose answers are as good as those of another process's. */
  readonly stateless?: readonly string[] | undefined;
  /** As it is now. */
  readonly catalogue: () => Pick<Catalogue, "servers">;
}

/**
 * Tells where answers of a server come from: by its configuration, and of one that this process starts, by the process. Answers of intents come
 * from all tools that there are: they may use others when others are there.
 */
export function answerOrigins({
  providers,
  stateless = [],
  catalogue,
}: AnswerOriginsParts): (server: string) => string {
  const here = randomUUID();
  const origins = new Map(providers.map(({ name, origin }) => [name, origin]));
  return (server) => {
    if (server === INTENTS) return toolsDigest(catalogue().servers);
    const origin = origins.get(server);
    return origin?.own === true && !stateless.includes(server) ? here : (origin?.digest ?? "");
  };
}

const digests = new WeakMap<CatalogueServer["tools"], string>();

function toolsDigest(servers: readonly CatalogueServer[]): string {
  const hash = createHash("sha256");
  for (const { name, tools } of servers) {
    const known = digests.get(tools) ?? digestOf(JSON.stringify(tools.map((tool) => [tool.path, tool.hash])));
    digests.set(tools, known);
    hash.update(JSON.stringify([name, known]));
  }
  return hash.digest("base64url");
}

const digestOf = (text: string): string => createHash("sha256").update(text).digest("base64url");
