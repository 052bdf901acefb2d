import type { JsonValue, ToolResult } from "@mcp-optimizer/contracts";
import { moreContent } from "../result/more-content.ts";
import type { KeepBlob } from "../result/tool-result-value.ts";
import type { CallRecord } from "../run/run-report.ts";
import { keepResult, type KeepParts } from "./keep-result.ts";

/** Keeps the value that a program gets for a result, and what the server sent beside it; tells where. */
export async function keepToolResult(
  parts: KeepParts,
  tenant: string,
  sources: readonly string[],
  result: ToolResult,
  value: JsonValue,
  keepBlob: KeepBlob,
): Promise<Pick<CallRecord, "handle" | "size" | "more">> {
  const kept = await keepResult(parts, tenant, sources, value);
  const more = await moreContent(result, kept?.size ?? 0, keepBlob);
  const beside = more && (await keepResult(parts, tenant, sources, more.value));
  return { ...kept, ...(beside && { more: { handle: beside.handle, telling: more.telling } }) };
}
