import type { JSONRPCMessage, RequestId } from "@modelcontextprotocol/server";
import { answeredId, cancellationTarget } from "./client-message.ts";

/** Where a question to a client was asked, as its id says. */
export interface WireId {
  /** The process. */
  readonly instance: string;
  readonly text: string;
}

const WIRE_ID = /^([0-9a-f]{8}-[0-9a-f-]{27})\.\d+\.\d+$/;

/** Reads the id of a question; undefined for one that no process of ours gave. */
export function parseWireId(id: RequestId | undefined): WireId | undefined {
  const [text, instance] = (typeof id === "string" ? WIRE_ID.exec(id) : null) ?? [];
  return text === undefined || instance === undefined ? undefined : { instance, text };
}

/**
 * The ids under which a client is asked. The SDK counts from 0 for each server, and a client's session has one server in each process, and
 * another when it comes back: a late answer would be taken for another question's.
 */
export interface WireIds {
  /** Questions without an answer. */
  readonly pending: readonly string[];
  /** A message for the client, as it goes out. */
  out(message: JSONRPCMessage): JSONRPCMessage;
  /** A message of the client, as the server knows it; undefined for an answer to what is not asked. */
  in(message: unknown): unknown;
}

/** Makes the ids of one server. `origin` is unique for it. */
export function createWireIds(origin: string): WireIds {
  const pending = new Map<string, RequestId>();
  const outward = (id: RequestId): string => `${origin}.${id}`;
  return {
    get pending() {
      return [...pending.keys()];
    },
    out(message) {
      if ("method" in message && "id" in message) {
        const id = outward(message.id);
        pending.set(id, message.id);
        return { ...message, id };
      }
      const target = cancellationTarget(message);
      if (target === undefined) return message;
      const requestId = outward(target);
      pending.delete(requestId);
      return { ...message, params: { ...(message as { params: object }).params, requestId } };
    },
    in(message) {
      const id = answeredId(message);
      if (id === undefined) return message;
      const known = typeof id === "string" ? pending.get(id) : undefined;
      if (known === undefined) return undefined;
      pending.delete(id as string);
      return { ...(message as object), id: known };
    },
  };
}
