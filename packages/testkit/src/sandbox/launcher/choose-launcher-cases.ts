import type { Language } from "@mcp-optimizer/contracts";
import type { LauncherCase } from "./launcher-case.ts";

/** What is not asked of a launcher, since the same code is asked it elsewhere in the same run. */
export interface LauncherSample {
  /** Languages in which a sample of the cases is asked: what holds a guest knows nothing of its language. */
  readonly sampledLanguages?: readonly Language[];
  /** The launcher that has the same walls and is asked about them; this one differs in how it counts what guests use. */
  readonly wallsOf?: string;
}

/** The cases to ask in a language, and what the title says of them. With MCP_OPTIMIZER_ALL_CASES=1 that is all, always. */
export function chooseLauncherCases(
  cases: readonly LauncherCase[],
  language: Language,
  { sampledLanguages = [], wallsOf }: LauncherSample,
): { readonly chosen: readonly LauncherCase[]; readonly note: string } {
  const all = cases.filter(({ languages }) => languages?.includes(language) ?? true);
  if (process.env["MCP_OPTIMIZER_ALL_CASES"] === "1") return { chosen: all, note: "" };
  const isSample = sampledLanguages.includes(language);
  const chosen = all.filter(
    ({ sampled, asksWalls }) => !(isSample && sampled !== true) && !(wallsOf !== undefined && asksWalls),
  );
  if (chosen.length === all.length) return { chosen, note: "" };
  const why = [
    ...(isSample ? ["a sample"] : []),
    ...(wallsOf === undefined ? [] : [`the walls are those of ${wallsOf}`]),
  ];
  const note = ` (${why.join("; ")}: ${chosen.length} of ${all.length} cases; MCP_OPTIMIZER_ALL_CASES=1 runs all)`;
  return { chosen, note };
}
