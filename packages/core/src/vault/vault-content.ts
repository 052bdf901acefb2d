import { createHash, hash } from "node:crypto";
import type { JsonValue, VaultContent } from "@mcp-optimizer/contracts";
import { jsonSize } from "../result/json-size.ts";
import { inSteps } from "./in-steps.ts";
import { jsonTextSteps } from "./json-text-steps.ts";

/** Characters of JSON that are written, or hashed, at once. */
const AT_ONCE = 1_048_576;
/** Longer content has no digest: hashing it would take longer than a second copy is worth. In characters. */
const MOST_HASHED = 32 * AT_ONCE;

/** What a value is kept as. */
export async function vaultContent(value: JsonValue): Promise<VaultContent> {
  if (typeof value === "string" && value.isWellFormed()) return { kind: "text", text: value };
  const small = jsonSize(value, AT_ONCE) <= AT_ONCE;
  return { kind: "json", text: small ? JSON.stringify(value) : await inSteps(jsonTextSteps(value)) };
}

/**
 * The digest of a content from these servers; undefined for one that is too long. `[]` from another server is another content: who opens one has
 * nothing of the other.
 */
export async function contentDigest(
  content: VaultContent,
  sources: readonly string[],
): Promise<string | undefined> {
  const [type, body] = content.kind === "blob" ? [content.mimeType, content.base64] : ["", content.text];
  const head = JSON.stringify([content.kind, type, sources.toSorted()]);
  if (body.length > MOST_HASHED) return undefined;
  if (body.length <= AT_ONCE) return hash("sha256", `${head}\n${body}`, "base64url");
  const sum = createHash("sha256").update(`${head}\n`);
  await inSteps(
    (function* parts(): Generator<void, void, void> {
      // UTF-16 is what the text is in memory, and no half of a pair is lost in it.
      for (let at = 0; at < body.length; at += AT_ONCE)
        yield void sum.update(body.slice(at, at + AT_ONCE), "utf16le");
    })(),
  );
  return sum.digest("base64url");
}
