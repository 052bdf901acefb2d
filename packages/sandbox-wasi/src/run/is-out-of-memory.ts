/** Whether a worker ended because its JavaScript heap was full. */
export function isOutOfMemory(error: Error | undefined): boolean {
  return error !== undefined && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
}
