/** The JSON-RPC id to answer under; null where the request has none that can be read. */
export type AnswerId = string | number | null;

/** The answer id of a parsed request body. */
export function answerIdOf(body: unknown): AnswerId {
  if (typeof body !== "object" || body === null || !("method" in body) || !("id" in body)) return null;
  return typeof body.id === "string" || typeof body.id === "number" ? body.id : null;
}

/** An HTTP response with a JSON-RPC error as its body. */
export function jsonRpcError(
  status: number,
  code: number,
  message: string,
  id: AnswerId = null,
  headers: Record<string, string> = {},
): Response {
  return Response.json({ jsonrpc: "2.0", id, error: { code, message } }, { status, headers });
}
