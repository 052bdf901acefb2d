import type { ToolResult } from "@mcp-optimizer/contracts";
import * as z from "zod";

/** A tool's result with every field and block that the server sent; a missing `content` becomes an empty list. */
export const ToolResultSchema: z.ZodType<ToolResult> = z.looseObject({
  content: z.array(z.looseObject({ type: z.string() })).default([]),
  isError: z.boolean().optional(),
}) as unknown as z.ZodType<ToolResult>;
