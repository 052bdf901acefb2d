import type { JsonObject } from "@mcp-optimizer/contracts";
import * as z from "zod";

/** An adaptor in a configuration: a package, or a path that begins with `.` or `/`; with options for one that takes some. */
export type AdaptorEntry = string | { readonly use: string; readonly options?: JsonObject };

const use = z.string().min(1).max(4_096);

/** Checks the `adaptors` of a configuration. */
export const AdaptorEntriesSchema: z.ZodType<readonly AdaptorEntry[]> = z.array(
  z.union([use, z.strictObject({ use, options: z.record(z.string(), z.json()).optional() })], {
    error: "an adaptor is a package or a path, or { use, options }",
  }),
) as unknown as z.ZodType<readonly AdaptorEntry[]>;
