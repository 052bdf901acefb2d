import type { JsonValue, Log, ResultVault, VaultContent } from "@mcp-optimizer/contracts";
import { contentDigest, vaultContent } from "./vault-content.ts";

/** What results are kept with. */
export interface KeepParts {
  readonly vault: ResultVault;
  readonly log: Log;
}

/** Where a result is kept. */
export interface KeptResult {
  readonly handle: string;
  /** Characters: of the text that a value is, of the JSON of another. */
  readonly size: number;
}

/** Keeps a value; undefined, and a line in the log, when it cannot be kept. Never rejects: a call that worked has worked. */
export async function keepResult(
  parts: KeepParts,
  tenant: string,
  sources: readonly string[],
  value: JsonValue,
): Promise<KeptResult | undefined> {
  return await keep(parts, tenant, sources, () => vaultContent(value));
}

/** Keeps bytes, as {@link keepResult} does. */
export async function keepBlob(
  parts: KeepParts,
  tenant: string,
  sources: readonly string[],
  mimeType: string,
  base64: string,
): Promise<string | undefined> {
  const content: VaultContent = { kind: "blob", mimeType, base64 };
  return (await keep(parts, tenant, sources, () => content))?.handle;
}

async function keep(
  { vault, log }: KeepParts,
  tenant: string,
  sources: readonly string[],
  contentOf: () => VaultContent | Promise<VaultContent>,
): Promise<KeptResult | undefined> {
  try {
    const content = await contentOf();
    const digest = await contentDigest(content, sources);
    const handle = await vault.put(tenant, { ...content, sources }, digest === undefined ? {} : { digest });
    return { handle, size: (content.kind === "blob" ? content.base64 : content.text).length };
  } catch (cause) {
    log({ level: "warn", message: `A result of ${sources.join(", ")} could not be kept`, cause });
    return undefined;
  }
}
