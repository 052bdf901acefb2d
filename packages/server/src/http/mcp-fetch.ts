import { isJsonContentType, isLegacyRequest, type McpHttpHandler } from "@modelcontextprotocol/server";
import { toAuthInfo, type Caller } from "../auth/caller.ts";
import { field } from "./client-message.ts";
import { answerIdOf, jsonRpcError } from "./json-rpc-error.ts";
import type { Place } from "./request-gate.ts";
import type { SessionTable } from "./session-table.ts";

const METHODS = ["GET", "POST", "DELETE"];
/** Revisions before 2025-06-18 have batches, and say nothing of their size. */
const MAX_BATCH = 64;

/** Answers one MCP request over HTTP, in the era that the request itself shows: with a session before 2026-07-28, without one since. */
export async function mcpFetch(
  request: Request,
  modern: McpHttpHandler,
  sessions: SessionTable,
  caller: Caller,
  place: Place,
): Promise<Response> {
  if (!METHODS.includes(request.method)) {
    return jsonRpcError(405, -32_000, "Method not allowed.", null, { allow: METHODS.join(", ") });
  }
  let body: unknown;
  if (request.method === "POST") {
    if (!isJsonContentType(request.headers.get("content-type"))) {
      return jsonRpcError(415, -32_000, "The Content-Type must be application/json.");
    }
    try {
      body = JSON.parse(await request.text());
    } catch {
      return jsonRpcError(400, -32_700, "Parse error: the body is not valid JSON.");
    }
    if (Array.isArray(body) && body.length > MAX_BATCH) {
      return jsonRpcError(400, -32_600, `A batch has at most ${MAX_BATCH} messages.`);
    }
  }
  if (await isLegacyRequest(request, body)) return await sessions.fetch(request, body, caller);
  if (field(body, "method") === "subscriptions/listen" && !place.listens()) {
    const message = "Too many streams are open; end one, or try again later.";
    return jsonRpcError(429, -32_000, message, answerIdOf(body), { "retry-after": "5" });
  }
  return await modern.fetch(request, { parsedBody: body, authInfo: toAuthInfo(caller) });
}
