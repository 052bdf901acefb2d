import type { IncomingMessage, ServerResponse } from "node:http";
import { isIP } from "node:net";
import { OptimizerError, type Clock } from "@mcp-optimizer/contracts";

const PROBE_MS = 1_000;

/** Something that has to be well for a service to be ready. Resolves with reasons why it is not, and rejects when it cannot tell. */
export type ReadyCheck = () => Promise<readonly string[]>;

/** The answers to probes: `/healthz` while the process is alive, `/readyz` while it can do what it is for. */
export interface Health {
  /** Whether a path is that of a probe. */
  isProbe(path: string | undefined): boolean;
  /** Answers a probe. False when the request is none. */
  answer(path: string | undefined, response: ServerResponse): boolean;
  /** From now on it is not ready. */
  drain(): void;
}

/** Makes the answers. */
export function createHealth(checks: readonly ReadyCheck[], clock: Clock): Health {
  let draining = false;
  let probe: Promise<readonly string[]> | undefined;

  const look = async (): Promise<readonly string[]> => {
    const late = Promise.withResolvers<readonly string[]>();
    const cancelTimer = clock.schedule(PROBE_MS, () =>
      late.resolve([`a check took longer than ${PROBE_MS} ms`]),
    );
    const each = checks.map((check) => Promise.race([check(), late.promise]).catch(reasonsOf));
    const reasons = (await Promise.all(each)).flat();
    cancelTimer();
    return [...new Set(reasons)];
  };
  const ready = async (response: ServerResponse): Promise<void> => {
    // Many probes at once are one to what stands behind us.
    probe ??= look().finally(() => (probe = undefined));
    const found = await probe;
    const reasons = draining ? ["shutting_down: the server is shutting down"] : found;
    if (reasons.length === 0) plain(response, 200, { status: "ready" });
    else plain(response, 503, { status: "not ready", reasons });
  };

  return {
    isProbe: (path) => path === "/healthz" || path === "/readyz",
    answer(path, response) {
      if (path === "/healthz") plain(response, 200, { status: "ok" });
      else if (path === "/readyz") void ready(response);
      else return false;
      return true;
    },
    drain() {
      draining = true;
    },
  };
}

/** Whether a request names the address that it came to, as probes of a cluster do: no web page can make a browser do that under a name of its own. */
export function namesAddress({ headers }: IncomingMessage): boolean {
  const host = headers.host?.replace(/:\d+$/, "") ?? "";
  return isIP(host.replace(/^\[(.*)\]$/, "$1")) !== 0;
}

/** Answers with JSON. */
export function plain(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(body));
}

function reasonsOf(error: unknown): readonly string[] {
  return [OptimizerError.is(error) ? `${error.code}: ${error.message}` : "a check failed"];
}
