import type { RequestOptions } from "@modelcontextprotocol/client";
import type { ToolCallOptions } from "@mcp-optimizer/contracts";

/** The SDK's options for a call. Progress that somebody listens to starts the time limit anew. */
export function toRequestOptions(
  { signal, onProgress }: ToolCallOptions,
  timeout: number,
  headers: Record<string, string> | undefined,
): RequestOptions {
  const options: RequestOptions = { timeout };
  if (signal !== undefined) options.signal = signal;
  if (headers !== undefined) options.headers = headers;
  if (onProgress !== undefined) {
    options.resetTimeoutOnProgress = true;
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- an option, no event target.
    options.onprogress = ({ progress, total, message }) =>
      onProgress({
        progress,
        ...(total === undefined ? {} : { total }),
        ...(message === undefined ? {} : { message }),
      });
  }
  return options;
}
