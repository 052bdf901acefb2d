import { ownerText } from "@mcp-optimizer/sandbox-guest";

let count = 0;

/** What the names of all that belongs to guests of a kind start with. */
export function labelPrefix(kind: string): string {
  return `mcp-optimizer-${kind}.`;
}

/** A name for one guest that tells who owns it. Fit for a file, a cgroup and a command line. */
export function newGuestLabel(kind: string): string {
  return `${labelPrefix(kind)}${encodeURIComponent(ownerText())}.${count++}`;
}

/** The owner in a label, for `isOwnerGone`; `undefined` for a name of another form. */
export function labelOwner(kind: string, label: string): string | undefined {
  const prefix = labelPrefix(kind);
  if (!label.startsWith(prefix)) return undefined;
  const owner = /^(.*)\.\d+$/.exec(label.slice(prefix.length))?.[1];
  try {
    return owner === undefined ? undefined : decodeURIComponent(owner);
  } catch {
    return undefined;
  }
}
