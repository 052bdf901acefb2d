import { OptimizerError, type JsonValue, type ResultVault } from "@mcp-optimizer/contracts";

/** Keeps the value of a call, and gives its handle; undefined for one that is too large to be kept. */
export async function keepResult(
  vault: ResultVault,
  tenant: string,
  server: string,
  value: JsonValue,
): Promise<string | undefined> {
  try {
    return await vault.put(tenant, { kind: "json", value, sources: [server] });
  } catch (error) {
    if (OptimizerError.is(error) && error.code === "output_limit") return undefined;
    throw error;
  }
}
