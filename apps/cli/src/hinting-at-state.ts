import { OptimizerError } from "@mcp-optimizer/contracts/errors";

/** Opens what is in the state folder; an error says how to take another. */
export async function hintingAtState<T>(open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    if (!OptimizerError.is(error)) throw error;
    const { code, message } = error;
    throw OptimizerError.restore({
      code,
      message: `${message}; optimizer.state takes another folder, or "memory"`,
    });
  }
}
