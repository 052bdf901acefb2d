/** The id of a JSON-RPC message. */
export type MessageId = string | number;

/** A field of what may be an object. */
export function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

/** The id of the one request in a body; undefined for a notification, an answer or a batch. */
export function requestIdOf(body: unknown): MessageId | undefined {
  return field(body, "method") === undefined ? undefined : idOf(field(body, "id"));
}

/** The id of the request that a message answers; undefined when it answers none. */
export function answeredId(message: unknown): MessageId | undefined {
  return field(message, "method") === undefined ? idOf(field(message, "id")) : undefined;
}

/** The id of the request that a message cancels; undefined when it cancels none. */
export function cancellationTarget(message: unknown): MessageId | undefined {
  if (field(message, "method") !== "notifications/cancelled") return undefined;
  return idOf(field(field(message, "params"), "requestId"));
}

/** The messages in a body: revision 2025-03-26 has batches. */
export function messagesIn(body: unknown): readonly unknown[] {
  if (body === undefined) return [];
  return Array.isArray(body) ? body : [body];
}

function idOf(value: unknown): MessageId | undefined {
  return typeof value === "string" || typeof value === "number" ? value : undefined;
}
