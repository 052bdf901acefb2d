/** A service that runs, or why it does not. */
export type ServiceOrReason<T> =
  | { readonly service: T; readonly reason?: undefined }
  | { readonly service?: undefined; readonly reason: string };

/**
 * Starts a service for tests. Where it cannot be had, tells why, so that a test skips with that reason; with REQUIRE_ALL_BACKENDS=1 it
 * throws instead.
 */
export async function orReason<T>(start: () => Promise<T>): Promise<ServiceOrReason<T>> {
  try {
    return { service: await start() };
  } catch (error) {
    if (process.env["REQUIRE_ALL_BACKENDS"] === "1") throw error;
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}
