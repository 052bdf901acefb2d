import { DEFAULT_RUN_LIMITS, type Log, type SandboxBackend } from "@mcp-optimizer/contracts";

const SOURCE = "async () => Object.getOwnPropertyNames(globalThis)";

/**
 * Asks a guest which names it has, once. Undefined while that cannot be told: it is asked again by the next call.
 * A list written by hand would be wrong for some guest.
 */
export function createGuestGlobals(
  sandbox: SandboxBackend,
  log: Log,
): () => Promise<ReadonlySet<string> | undefined> {
  let known: Promise<ReadonlySet<string> | undefined> | undefined;
  const ask = async (): Promise<ReadonlySet<string> | undefined> => {
    try {
      const lease = await sandbox.lease({ tenant: "mcp-optimizer", limits: DEFAULT_RUN_LIMITS });
      try {
        const program = { language: "javascript", source: SOURCE, namespaces: [] } as const;
        const { value } = await lease.session.run(program, { call: async () => ({ ok: true }) });
        if (Array.isArray(value)) return new Set(value.filter((name) => typeof name === "string"));
        throw new Error("The guest did not tell its names");
      } finally {
        await lease.dispose();
      }
    } catch (cause) {
      log({
        level: "warn",
        message: "Names in programs are not checked: no guest could be asked for its own",
        cause,
      });
      known = undefined;
      return undefined;
    }
  };
  return () => (known ??= ask());
}
