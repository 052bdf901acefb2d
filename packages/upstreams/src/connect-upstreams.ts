import { OptimizerError, type ToolProvider } from "@mcp-optimizer/contracts";
import type { UpstreamConfig } from "./config/upstream-config.ts";
import { createMcpProvider, type ConnectOptions } from "./create-mcp-provider.ts";
import { createWatchdog } from "./stdio/watchdog.ts";

/** Connections to many servers. */
export interface Upstreams {
  /** One for each configuration, in its order. */
  readonly providers: readonly ToolProvider[];
  /** Resolves when every server has become ready or failed for the first time. */
  settled(): Promise<void>;
  /** Closes all connections and ends all servers. Idempotent. */
  dispose(): Promise<void>;
}

/** Begins to connect to all servers at once. None waits for another, and one that fails stops none. */
export function connectUpstreams(configs: readonly UpstreamConfig[], options: ConnectOptions): Upstreams {
  const twice = configs.find(
    (config, index) => configs.findIndex(({ name }) => name === config.name) !== index,
  );
  if (twice !== undefined) {
    throw new OptimizerError("config_invalid", { detail: `there are two servers of the name ${twice.name}` });
  }
  const watchdog = createWatchdog(options.log);
  const providers = configs.map((config) => createMcpProvider(config, { ...options, watchdog }));
  const first = Promise.all(providers.map(settle));
  let disposed: Promise<void> | undefined;
  return {
    providers,
    settled: async () => void (await first),
    dispose: () => {
      disposed ??= Promise.all(providers.map((provider) => provider.dispose())).then(() =>
        watchdog.dispose(),
      );
      return disposed;
    },
  };
}

function settle(provider: ToolProvider): Promise<void> {
  return new Promise((resolve) => {
    const check = (): void => {
      if (provider.status.state === "connecting") return;
      unsubscribe();
      resolve();
    };
    const unsubscribe = provider.onChange(check);
    check();
  });
}
