import type { JsonObject, JsonValue, ToolProgress, ToolResult } from "@mcp-optimizer/contracts";
import { FixtureRpcError } from "./fixture-rpc-error.ts";
import type { FixtureToolbox } from "./fixture-toolbox.ts";

const MODERN = "2026-07-28";
const LEGACY = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"];
const SUBSCRIPTION = "io.modelcontextprotocol/subscriptionId";

/** Which revisions a fixture speaks: those with `initialize`, 2026-07-28 only, or both. */
export type FixtureEra = "legacy" | "modern" | "dual";

/** What a session is made of. */
export interface FixtureSessionOptions {
  readonly toolbox: FixtureToolbox;
  /** Default `dual`. */
  readonly era?: FixtureEra | undefined;
  /** Tools in a page of `tools/list`. Default: all. */
  readonly pageSize?: number | undefined;
  /** Sends a message that belongs to no request. */
  readonly send: (message: JsonObject) => void;
}

/** The server side of one client's connection, without its transport. */
export interface FixtureSession {
  /** Handles a message. Answers to a request go to `reply`; the promise settles when the request is answered. */
  handle(message: JsonObject, reply?: (message: JsonObject) => void): Promise<void>;
  /** Cancels a request by its id. */
  cancel(id: JsonValue): void;
  /** Cancels everything that is under way. */
  close(): void;
}

/** Speaks MCP by hand, so that it can send what no library lets through. */
export function createFixtureSession(options: FixtureSessionOptions): FixtureSession {
  const { toolbox, era = "dual", send } = options;
  const running = new Map<JsonValue, AbortController>();
  let unsubscribe: (() => void) | undefined;
  const info = { name: "fixture", version: "1.0.0" };
  const capabilities = { tools: { listChanged: true } };

  const discover = (): JsonObject => ({
    supportedVersions: [MODERN],
    capabilities,
    instructions: "A fixture.",
    ttlMs: 0,
    cacheScope: "private",
    _meta: { "io.modelcontextprotocol/serverInfo": info },
  });

  const initialize = (params: JsonObject): JsonObject => {
    const asked = params["protocolVersion"];
    if (era === "modern") {
      throw new FixtureRpcError(-32022, "Unsupported protocol version", {
        supported: [MODERN],
        requested: asked ?? null,
      });
    }
    const version = LEGACY.find((known) => known === asked) ?? LEGACY[0]!;
    return { protocolVersion: version, capabilities, serverInfo: info, instructions: "A fixture." };
  };

  const list = (params: JsonObject): JsonObject => {
    const start = Number(params["cursor"] ?? 0);
    const end = start + (options.pageSize ?? toolbox.tools.length);
    const tools = toolbox.tools.slice(start, end).map((tool) => tool.definition);
    return { tools, ...(end < toolbox.tools.length ? { nextCursor: String(end) } : {}) };
  };

  const listen = (
    id: JsonValue,
    signal: AbortSignal,
    reply: (message: JsonObject) => void,
  ): Promise<void> => {
    const tagged = (method: string, params: JsonObject): JsonObject => ({
      jsonrpc: "2.0",
      method,
      params: { ...params, _meta: { [SUBSCRIPTION]: id } },
    });
    reply(tagged("notifications/subscriptions/acknowledged", { notifications: { toolsListChanged: true } }));
    const stop = toolbox.onChange(() => reply(tagged("notifications/tools/list_changed", {})));
    return new Promise((resolve) => {
      signal.addEventListener("abort", () => (stop(), resolve()), { once: true });
    });
  };

  const call = async (
    params: JsonObject,
    signal: AbortSignal,
    reply: (message: JsonObject) => void,
  ): Promise<ToolResult> => {
    const tool = toolbox.tools.find((candidate) => candidate.definition.name === params["name"]);
    if (tool === undefined) throw new FixtureRpcError(-32602, `Unknown tool: ${params["name"] as string}`);
    const token = (params["_meta"] as JsonObject | undefined)?.["progressToken"];
    const progress = (value: ToolProgress): void => {
      if (token === undefined) return;
      reply({ jsonrpc: "2.0", method: "notifications/progress", params: { progressToken: token, ...value } });
    };
    return tool.call((params["arguments"] ?? {}) as JsonObject, { signal, progress });
  };

  const answer = async (
    method: string,
    params: JsonObject,
    signal: AbortSignal,
    reply: (message: JsonObject) => void,
  ): Promise<JsonObject> => {
    if (method === "server/discover" && era !== "legacy") return discover();
    if (method === "initialize") return initialize(params);
    if (method === "ping") return {};
    if (method === "tools/list") return list(params);
    if (method === "tools/call") return call(params, signal, reply);
    throw new FixtureRpcError(-32601, "Method not found");
  };

  const request = async (message: JsonObject, reply: (message: JsonObject) => void): Promise<void> => {
    const id = message["id"]!;
    const params = (message["params"] ?? {}) as JsonObject;
    const modern =
      (params["_meta"] as JsonObject | undefined)?.["io.modelcontextprotocol/protocolVersion"] === MODERN;
    const controller = new AbortController();
    running.set(id, controller);
    try {
      if (message["method"] === "subscriptions/listen") {
        await listen(id, controller.signal, reply);
        return;
      }
      const result = await answer(message["method"] as string, params, controller.signal, reply);
      if (controller.signal.aborted) return;
      const extra = modern
        ? {
            resultType: "complete",
            ...(message["method"] === "tools/list" ? { ttlMs: 0, cacheScope: "private" } : {}),
          }
        : {};
      reply({ jsonrpc: "2.0", id, result: { ...extra, ...result } });
    } catch (error) {
      if (controller.signal.aborted) return;
      const failure = error instanceof FixtureRpcError ? error : new FixtureRpcError(-32603, String(error));
      reply({ jsonrpc: "2.0", id, error: failure.toJSON() });
    } finally {
      running.delete(id);
    }
  };

  return {
    async handle(message, reply = send) {
      const method = message["method"];
      if (method === undefined) return;
      if (message["id"] !== undefined) return request(message, reply);
      const params = (message["params"] ?? {}) as JsonObject;
      if (method === "notifications/cancelled") this.cancel(params["requestId"]!);
      if (method === "notifications/initialized") {
        unsubscribe ??= toolbox.onChange(() =>
          send({ jsonrpc: "2.0", method: "notifications/tools/list_changed" }),
        );
      }
    },
    cancel(id) {
      running.get(id)?.abort();
    },
    close() {
      unsubscribe?.();
      for (const controller of running.values()) controller.abort();
    },
  };
}
