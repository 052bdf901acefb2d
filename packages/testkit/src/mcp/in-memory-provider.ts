import {
  OptimizerError,
  type ProviderStatus,
  type ToolCallOptions,
  type ToolDefinition,
  type ToolProvider,
  type ToolResult,
} from "@mcp-optimizer/contracts";
import { FixtureRpcError } from "./fixture-rpc-error.ts";
import type { FixtureTool } from "./fixture-tool.ts";
import { createFixtureToolbox, type FixtureToolbox } from "./fixture-toolbox.ts";

/** A provider without a server, whose state a test sets. */
export interface InMemoryProvider extends ToolProvider {
  /** Sets the status and tells the listeners. Pending calls reject when the provider has failed. */
  setStatus(status: ProviderStatus): void;
}

/** Makes a ready provider of these tools. A toolbox may grow later. */
export function createInMemoryProvider(
  name: string,
  source: FixtureToolbox | readonly FixtureTool[],
): InMemoryProvider {
  const toolbox = "tools" in source ? source : createFixtureToolbox(source);
  const listeners = new Set<() => void>();
  const pending = new Set<(error: OptimizerError) => void>();
  let status: ProviderStatus = { state: "ready" };
  let disposed = false;
  let tools: readonly ToolDefinition[] = toolbox.tools.map((tool) => tool.definition);
  const changed = (): void => {
    for (const listener of listeners) listener();
  };
  const failed = (detail: string): OptimizerError =>
    new OptimizerError("upstream_failed", { detail, data: { server: name } });
  const rejectPending = (detail: string): void => {
    for (const reject of pending) reject(failed(detail));
  };
  const unsubscribe = toolbox.onChange(() => {
    tools = toolbox.tools.map((tool) => tool.definition);
    changed();
  });

  const callTool = async (
    tool: string,
    args: Parameters<FixtureTool["call"]>[0],
    options: ToolCallOptions = {},
  ): Promise<ToolResult> => {
    if (disposed) throw failed(`"${name}" is closed`);
    if (status.state === "failed") throw failed(status.reason);
    const found = toolbox.tools.find((candidate) => candidate.definition.name === tool);
    if (found === undefined) throw failed(`"${name}" has no tool "${tool}"`);
    const controller = new AbortController();
    return new Promise((resolve, reject) => {
      const stop = (error: OptimizerError): void => {
        controller.abort();
        reject(error);
      };
      const cancel = (): void => stop(new OptimizerError("cancelled"));
      pending.add(stop);
      options.signal?.addEventListener("abort", cancel, { once: true });
      if (options.signal?.aborted === true) cancel();
      const context = { signal: controller.signal, progress: options.onProgress ?? (() => {}) };
      (async () => found.call(structuredClone(args), context))()
        .then(resolve, (error: unknown) => {
          const data =
            error instanceof FixtureRpcError ? { server: name, rpcCode: error.code } : { server: name };
          const detail = error instanceof Error ? error.message : String(error);
          reject(new OptimizerError("upstream_failed", { detail, data, cause: error }));
        })
        .finally(() => {
          pending.delete(stop);
          options.signal?.removeEventListener("abort", cancel);
        });
    });
  };

  return {
    name,
    get status() {
      return status;
    },
    get tools() {
      return tools;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    callTool,
    setStatus(next) {
      status = next;
      if (next.state === "failed") rejectPending(next.reason);
      changed();
    },
    async dispose() {
      if (disposed) return;
      disposed = true;
      unsubscribe();
      rejectPending(`"${name}" is closed`);
    },
  };
}
