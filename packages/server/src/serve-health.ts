import type { Clock } from "@mcp-optimizer/contracts";
import { createHealth, plain, type ReadyCheck } from "./http/health.ts";
import { listen } from "./http/http-listener.ts";

/** A server that answers probes, and nothing else. */
export interface HealthService {
  /** Where it listens, such as `http://127.0.0.1:3334`. */
  readonly url: string;
  /** From now on it is not ready. */
  drain(): void;
  close(): Promise<void>;
}

/** Answers `GET /healthz` and `GET /readyz` of a process that serves no clients. Rejects with `config_invalid` where it cannot listen. */
export async function serveHealth(
  { host, port }: { readonly host: string; readonly port: number },
  ready: ReadyCheck,
  clock: Clock,
): Promise<HealthService> {
  const health = createHealth([ready], clock);
  const listener = await listen(host, port, (request, response) => {
    const reads = request.method === "GET" || request.method === "HEAD";
    if (!reads || !health.answer(request.url, response)) plain(response, 404, { status: "not found" });
  });
  return { url: listener.origin, drain: () => health.drain(), close: () => listener.close(0) };
}
