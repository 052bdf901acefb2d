import { createHash } from "node:crypto";
import type { CatalogueTool } from "../catalogue/catalogue.ts";

/** The most characters that clients take in a tool's name. */
const LONGEST = 64;
/** Hexadecimal digits of the hash of a name that is not its own; more where even those are taken. */
const HASH_LENGTHS = [8, 16, 32];

type NamedTool = Pick<CatalogueTool, "server" | "name">;

/**
 * The name of each tool in a list of many servers' tools: `<server>__<tool>` in `[A-Za-z0-9_-]`, at most 64 characters. Other characters
 * become `_`. A name that is cut, or that several tools would have, ends in a short hash of server and tool, for each of those tools:
 * none takes the name that another had alone. The same set of tools gives the same names, whatever their order.
 */
export function exposeNames<T extends NamedTool>(tools: readonly T[]): Map<T, string> {
  let names = new Map(tools.map((tool) => [tool, plainName(tool)]));
  for (const length of HASH_LENGTHS) {
    const counts = new Map<string, number>();
    for (const name of names.values()) counts.set(name, (counts.get(name) ?? 0) + 1);
    const own = (name: string): boolean => counts.get(name) === 1 && name.length <= LONGEST;
    if ([...names.values()].every(own)) break;
    names = new Map([...names].map(([tool, name]) => [tool, own(name) ? name : hashedName(tool, length)]));
  }
  return names;
}

const plainName = ({ server, name }: NamedTool): string =>
  `${server}__${name}`.replaceAll(/[^A-Za-z0-9_-]/gu, "_");

function hashedName(tool: NamedTool, length: number): string {
  const identity = JSON.stringify([tool.server, tool.name]);
  const hash = createHash("sha256").update(identity).digest("hex").slice(0, length);
  return `${plainName(tool).slice(0, LONGEST - length - 1)}_${hash}`;
}
