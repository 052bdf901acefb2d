import type { JsonValue, ResultVault } from "@mcp-optimizer/contracts";
import { DEFAULT_RUN_LIMITS } from "@mcp-optimizer/contracts";
import { createManualClock } from "@mcp-optimizer/testkit";
import type { HostFunction } from "../../src/run/host-functions.ts";
import type { RunContext } from "../../src/run/run-context.ts";
import { createRunApprovals } from "../../src/approvals/run-approvals.ts";
import { showFunctions } from "../../src/show/show-functions.ts";
import { keepResult } from "../../src/vault/keep-result.ts";
import { createMemoryResultVault } from "../../src/vault/memory-result-vault.ts";
import { vaultFunctions } from "../../src/vault/vault-functions.ts";

/** A vault as a program has it. */
export interface OpenVault {
  readonly vault: ResultVault;
  readonly context: RunContext;
  readonly keep: (value: JsonValue, ...sources: string[]) => Promise<string>;
  /** Calls a function of programs. */
  readonly call: (name: string, ...args: JsonValue[]) => Promise<JsonValue | undefined>;
}

export function openVault(limits: Partial<typeof DEFAULT_RUN_LIMITS> = {}): OpenVault {
  let ids = 0;
  const vault = createMemoryResultVault({
    clock: createManualClock(),
    randomId: () => String((ids += 1)),
  });
  const context = {
    tenant: "a",
    sources: new Set<string>(),
    shown: [],
    approvals: createRunApprovals(),
    limits: { ...DEFAULT_RUN_LIMITS, ...limits },
  } as unknown as RunContext;
  const functions: Readonly<Record<string, HostFunction>> = {
    ...vaultFunctions(vault),
    ...showFunctions(vault, { pieces: 3, bytes: 60, textBytes: 30, totalBytes: 100 }),
  };
  return {
    vault,
    context,
    keep: async (value, ...sources) =>
      (await keepResult({ vault, log: () => undefined }, "a", sources, value))!.handle,
    call: async (name, ...args) => await functions[name]!(context, args, new AbortController().signal),
  };
}
