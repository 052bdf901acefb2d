import { OptimizerError } from "@mcp-optimizer/contracts";

/** The code that something rejects with; `undefined` when it does not, and the reason as a text when it is no error of ours. */
export async function refusalCode(work: Promise<unknown>): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return OptimizerError.is(error) ? error.code : String(error);
  }
}
