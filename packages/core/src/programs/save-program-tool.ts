import { OptimizerError, type JsonObject, type ToolDefinition } from "@mcp-optimizer/contracts";
import * as z from "zod";
import { SAVE_PROGRAM } from "../intents/intent.ts";
import type { OwnTool } from "../intents/intent-provider.ts";
import type { SavedPrograms } from "./saved-programs.ts";

interface SaveArguments {
  readonly run: string;
  readonly name: string;
  readonly description: string;
  readonly params?: JsonObject | undefined;
}

const SaveArguments: z.ZodType<SaveArguments> = z.strictObject({
  run: z.string(),
  name: z.string(),
  description: z.string(),
  params: z.record(z.string(), z.json()).optional(),
});

const text = (description: string): JsonObject => ({ type: "string", description });

const DEFINITION: ToolDefinition = {
  name: SAVE_PROGRAM,
  description: "Keep the program of a run that worked as a tool of `intents`, to be found and called again.",
  inputSchema: {
    type: "object",
    properties: {
      run: text("id of the run"),
      name: text("lower case letters, digits and underscores"),
      description: text("what it does, for search"),
      params: {
        type: "object",
        description: "JSON Schema of the program's `params`; by default their types in that run",
      },
    },
    required: ["run", "name", "description"],
    additionalProperties: false,
  },
  outputSchema: {
    type: "object",
    properties: { name: { type: "string" }, version: { type: "integer" } },
    required: ["name", "version"],
  },
  annotations: { readOnlyHint: false, destructiveHint: false },
};

/** The tool by which a model keeps a program, where the operator lets it. Policy decides on it as on any other. */
export function saveProgramTool(programs: SavedPrograms): OwnTool {
  return {
    definition: DEFINITION,
    async call(args, { tenant }) {
      const parsed = SaveArguments.safeParse(args);
      if (!parsed.success) {
        const problems = z.prettifyError(parsed.error).replaceAll(/\s*\n\s*/g, " ");
        throw new OptimizerError("invalid_params", { detail: problems });
      }
      const { run, params, ...rest } = parsed.data;
      const request = {
        ...rest,
        runId: run,
        ...(params && { params }),
        ...(tenant !== undefined && { tenant }),
      };
      const { name, version } = await programs.save(request).catch(unapplied);
      const saved = { name, version };
      return { content: [{ type: "text", text: JSON.stringify(saved) }], structuredContent: saved };
    },
  };
}

/** A refusal has kept nothing. */
function unapplied(error: unknown): never {
  if (!OptimizerError.is(error) || error.code === "store_unavailable") throw error;
  const { code, message, data } = error;
  throw OptimizerError.restore({ code, message, data: { ...data, notApplied: true } });
}
