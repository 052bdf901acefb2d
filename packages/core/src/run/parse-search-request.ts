import { OptimizerError, type JsonValue } from "@mcp-optimizer/contracts";
import * as z from "zod";
import type { SearchRequest } from "../search/search-answer.ts";

const Request: z.ZodType<SearchRequest> = z.strictObject({
  query: z.union([z.string().max(4_000), z.array(z.string().max(4_000)).max(32)]).default(""),
  server: z.string().optional(),
  detail: z.enum(["names", "signatures", "full"]).optional(),
  offset: z.int().min(0).optional(),
  limit: z.int().min(1).max(200).optional(),
});

/** Reads a search as a client or program asks for it. Throws `invalid_params` that names each wrong key. */
export function parseSearchRequest(input: unknown): SearchRequest {
  const parsed = Request.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new OptimizerError("invalid_params", {
    detail: z.prettifyError(parsed.error).replaceAll(/\s*\n\s*/g, " "),
  });
}

/** Reads the arguments of `tools.search`: a query with options behind it, or one object. */
export function parseSearchCall([query = "", options = {}]: readonly JsonValue[]): SearchRequest {
  const isObject = typeof query === "object" && query !== null && !Array.isArray(query);
  return parseSearchRequest(isObject ? query : { ...(options as object), query });
}
