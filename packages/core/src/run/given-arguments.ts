import { OptimizerError, type JsonObject, type JsonValue, type Language } from "@mcp-optimizer/contracts";
import type { CatalogueTool } from "../catalogue/catalogue.ts";
import type { ArgumentCheck } from "./check-arguments.ts";
import { spelledAsListed } from "./spelled-as-listed.ts";

/** What arguments are checked with. */
export interface GivenArgumentsParts {
  readonly checkArguments: ArgumentCheck;
  /** The signature of a tool in one line. */
  readonly signature: (tool: CatalogueTool) => string;
}

/** The arguments of a call as a program gave them, as its tool takes them; and the `invalid_params` error if they do not fit. */
export function givenArguments(
  { checkArguments, signature }: GivenArgumentsParts,
  language: Language,
  tool: CatalogueTool,
  args: readonly JsonValue[],
): { readonly args: JsonObject; readonly problem?: OptimizerError } {
  const [given = {}, ...more] = args;
  const isObject = typeof given === "object" && given !== null && !Array.isArray(given);
  const python = language === "python";
  const input = python && isObject ? spelledAsListed(tool.definition.inputSchema, given) : given;
  const problems =
    (more.length > 0 && !isPlaceInList(more)) || !isObject
      ? [python ? "it takes keyword arguments" : "it takes one object of arguments"]
      : checkArguments(tool, input as JsonObject);
  if (problems.length === 0) return { args: input as JsonObject };
  const detail = `${problems.join("; ")}. Signature: ${signature(tool)}`;
  return {
    args: isObject ? (input as JsonObject) : {},
    problem: new OptimizerError("invalid_params", { detail, data: { problems } }),
  };
}

/** What `list.map(tool)` gives beside the element: its index, and the list. */
const isPlaceInList = ([index, list, ...more]: readonly JsonValue[]): boolean =>
  typeof index === "number" && Array.isArray(list) && more.length === 0;
