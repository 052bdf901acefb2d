import { OptimizerError } from "@mcp-optimizer/contracts/errors";

/** Opens what is kept; an error says how to keep it elsewhere. */
export async function hintingAtState<T>(open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    if (!OptimizerError.is(error)) throw error;
    const { code, message } = error;
    throw OptimizerError.restore({
      code,
      message: `${message}; optimizer.state says where: a folder, the URL of a Redis, or "memory"`,
    });
  }
}
