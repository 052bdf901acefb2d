import type { IncomingMessage, ServerResponse } from "node:http";
import type { Owner } from "../shared/owner.ts";
import { createShares } from "./shares.ts";

/** How many requests are let in at once. */
export interface GateLimits {
  readonly mostRequests: number;
  /** Of one caller. */
  readonly mostRequestsOfOne: number;
  /** Streams on which callers only listen. */
  readonly mostStreams: number;
  /** Of one caller. */
  readonly mostStreamsOfOne: number;
}

/** The place of a request, until its answer is out. */
export interface Place {
  /** Whose request it is. False when that one has too many: then it is answered with 429. */
  belongsTo(owner: Owner): boolean;
  /** It only listens from now on, which is not counted with the others. False when there are, or its owner has, too many such streams. */
  listens(): boolean;
}

/** Lets so many requests in at once. */
export interface RequestGate {
  /** Makes a place for a request; undefined when there is none: then it is answered with 429. */
  admit(request: IncomingMessage, response: ServerResponse): Place | undefined;
}

/** Makes a gate. Streams that clients hold open only to listen are not counted with requests. */
export function createRequestGate(limits: GateLimits): RequestGate {
  const requests = createShares(limits.mostRequestsOfOne);
  const streams = createShares(limits.mostStreamsOfOne, limits.mostStreams);
  let inside = 0;
  return {
    admit({ method }, response) {
      // A session has one stream of its own.
      if (method !== "POST") return { belongsTo: () => true, listens: () => true };
      if (inside >= limits.mostRequests) return refuse(response);
      inside += 1;
      let whose: Owner | undefined;
      let giveBack: (() => void) | undefined;
      let closed = false;
      let leave = (): void => {
        inside -= 1;
        leave = () => {};
      };
      const owns = (place: () => void): true => {
        giveBack?.();
        giveBack = place;
        if (closed) place();
        return true;
      };
      response.once("close", () => {
        closed = true;
        leave();
        giveBack?.();
      });
      return {
        belongsTo(owner) {
          whose = owner;
          const place = requests.take(owner);
          if (place !== undefined) return owns(place);
          refuse(response);
          return false;
        },
        listens() {
          const stream = whose && streams.take(whose);
          if (stream === undefined) return false;
          leave();
          return owns(stream);
        },
      };
    },
  };
}

function refuse(response: ServerResponse): undefined {
  const message = "Too many requests are under way; nothing was started. Try again later.";
  const error = { code: -32_000, message, data: { code: "concurrency_limit", retryAfterMs: 1_000 } };
  // The body stays unread, so the connection cannot go on.
  const headers = { "content-type": "application/json", "retry-after": "1", connection: "close" };
  response.writeHead(429, headers).end(JSON.stringify({ jsonrpc: "2.0", id: null, error }));
}
