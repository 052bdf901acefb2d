import { isJsonContentType, isLegacyRequest, type McpHttpHandler } from "@modelcontextprotocol/server";
import { jsonRpcError } from "./json-rpc-error.ts";
import type { SessionTable } from "./session-table.ts";

const METHODS = ["GET", "POST", "DELETE"];

/** Answers one MCP request over HTTP, in the era that the request itself shows: with a session before 2026-07-28, without one since. */
export async function mcpFetch(
  request: Request,
  modern: McpHttpHandler,
  sessions: SessionTable,
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
  }
  return (await isLegacyRequest(request, body))
    ? await sessions.fetch(request, body)
    : await modern.fetch(request, { parsedBody: body });
}
