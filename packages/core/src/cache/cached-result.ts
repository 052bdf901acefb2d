import type { ToolResult } from "@mcp-optimizer/contracts";

const CACHED = "mcp-optimizer/cached";

/** A result with the mark that it is an earlier call's, which clients see. */
export const markCached = (result: ToolResult): ToolResult => ({
  ...result,
  _meta: { ...result._meta, [CACHED]: true },
});

/** Whether a result of our own has the mark. */
export const isMarkedCached = ({ _meta }: ToolResult): boolean => _meta?.[CACHED] === true;

/** Whether an answer comes from earlier calls alone: it has calls, and all of them do. */
export const allCached = (calls: readonly { readonly cached?: boolean }[]): boolean =>
  calls.length > 0 && calls.every(({ cached }) => cached === true);
