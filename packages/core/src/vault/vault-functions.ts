import { OptimizerError, type ResultVault } from "@mcp-optimizer/contracts";
import { vaultEntryValue } from "../result/vault-entry-value.ts";
import { textArgument, type HostFunctions } from "../run/host-functions.ts";

/** What programs may do with the vault. */
export function vaultFunctions(vault: ResultVault): HostFunctions {
  return {
    "vault.open": async ({ tenant, sources }, args) => {
      const handle = textArgument("vault.open", args);
      const entry = await vault.get(tenant, handle);
      for (const source of entry?.sources ?? []) sources.add(source);
      if (entry) return vaultEntryValue(entry);
      throw new OptimizerError("not_found", {
        detail: `${JSON.stringify(handle.slice(0, 80))} is no handle, or it expired`,
      });
    },
  };
}
