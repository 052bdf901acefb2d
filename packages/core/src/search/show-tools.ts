import type { CatalogueTool } from "../catalogue/catalogue.ts";
import { NO_OUTPUTS, type OutputLookup } from "../signatures/known-output.ts";
import { toolDeclaration } from "../signatures/tool-declaration.ts";
import { toolSignatures, type SignatureBudget } from "../signatures/tool-signatures.ts";
import type { SearchDetail } from "./search-answer.ts";

/** Tools as they are shown, by tool; those that did not fit are missing. */
export interface ShownTools {
  readonly signatures: ReadonlyMap<CatalogueTool, string>;
  /** Types that the signatures refer to. */
  readonly types: readonly string[];
}

const BUDGETS: readonly Required<SignatureBudget>[] = [
  { args: 900, result: 600 },
  { args: 600, result: 400 },
  { args: 400, result: 300 },
];

/** Prints tools, best first, within a number of characters: each as whole as the number allows, and the last ones not at all when it is too low. */
export function showTools(
  tools: readonly CatalogueTool[],
  detail: SearchDetail,
  characters: number,
  outputs: OutputLookup = NO_OUTPUTS,
): ShownTools {
  if (detail === "names" || tools.length === 0) return { signatures: new Map(), types: [] };
  return detail === "full"
    ? showDeclarations(tools, characters, outputs)
    : showSignatures(tools, characters, outputs);
}

function showDeclarations(
  tools: readonly CatalogueTool[],
  characters: number,
  outputs: OutputLookup,
): ShownTools {
  const share = Math.max(1_000, characters / tools.length);
  const budget = { args: share * 0.5, result: share * 0.35, description: Math.max(300, share * 0.25) };
  const signatures = new Map(tools.map((tool) => [tool, toolDeclaration(tool, budget, outputs)]));
  return { signatures, types: [] };
}

function showSignatures(
  tools: readonly CatalogueTool[],
  characters: number,
  outputs: OutputLookup,
): ShownTools {
  for (const budget of BUDGETS) {
    const { signatures, types } = toolSignatures(tools, budget, outputs);
    const last = budget === BUDGETS.at(-1);
    if (last && tools.length > 1 && size(signatures, types) > characters) break;
    if (last || size(signatures, types) <= characters) {
      return { signatures: new Map(tools.map((tool, index) => [tool, signatures[index]!])), types };
    }
  }
  return showSignatures(tools.slice(0, -1), characters, outputs);
}

function size(signatures: readonly string[], types: readonly string[]): number {
  return [...signatures, ...types].reduce((sum, text) => sum + text.length, 0);
}
