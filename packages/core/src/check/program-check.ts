import { OptimizerError, type Policy } from "@mcp-optimizer/contracts";
import { asPolicyTool } from "../policy/as-policy-tool.ts";
import type { Catalogue, CatalogueTool } from "../catalogue/catalogue.ts";
import type { Viewer } from "../catalogue/viewer.ts";
import type { ProgramTrace } from "../trace/program-trace.ts";
import { checkProgram } from "./check-program.ts";
import type { Finding } from "./finding.ts";
import { foreseenTools, type ToolSet } from "./foreseen-tools.ts";
import { programTools } from "./tools-of.ts";

/** What findings do: `strict` refuses the program, `advise` shows them with its result, `off` does not look. */
export type CheckMode = "strict" | "advise" | "off";

/** What a check stands on. */
export interface ProgramCheckParts {
  readonly mode: CheckMode;
  /** What a caller sees now. */
  readonly catalogue: (viewer?: Viewer) => Catalogue;
  /** Names that every guest has; undefined while unknown. */
  readonly globals: () => Promise<ReadonlySet<string> | undefined>;
  readonly policy: Pick<Policy, "effect">;
  /** The signature of a tool in one line. */
  readonly signature: (tool: CatalogueTool, tenant?: string) => string;
}

/** A program that may run. */
export interface CheckedProgram {
  /** The tools that it may call, as far as its text shows. */
  readonly mayCall: ToolSet;
  /** What is probably wrong with it all the same. */
  readonly warnings: readonly string[];
}

/**
 * Checks programs before they run. Throws `program_invalid` with all that is wrong, when that is certain; what is only likely stops a program
 * that may write, too, since half a run would stay. `names` are in scope beside those of every guest.
 */
export function createProgramCheck(
  parts: ProgramCheckParts,
): (trace: ProgramTrace, names?: readonly string[], viewer?: Viewer) => Promise<CheckedProgram> {
  const { mode, policy } = parts;
  return async (trace, names = [], viewer) => {
    const signature = (tool: CatalogueTool): string => parts.signature(tool, viewer?.tenant);
    const catalogue = parts.catalogue(viewer);
    const mayCall = foreseenTools(trace, () => parts.catalogue(viewer));
    if (mode === "off") return { mayCall, warnings: [] };
    const own = await parts.globals();
    const globals = own && new Set([...own, ...names]);
    const findings = checkProgram(trace, { catalogue, ...(globals && { globals }) });
    const { tools } = programTools(trace, catalogue);
    const writes = tools.some((tool) => policy.effect(asPolicyTool(tool)) !== "read");
    const stops = findings.some(({ weight }) => weight === "certain" || writes);
    if (mode === "strict" && stops) throw refusal(findings, catalogue, signature);
    return { mayCall, warnings: findings.map(lineOf) };
  };
}

function refusal(
  findings: readonly Finding[],
  catalogue: Catalogue,
  signature: (tool: CatalogueTool) => string,
): OptimizerError {
  const [{ position }] = findings as [Finding];
  const paths = new Set(findings.flatMap(({ tool }) => tool ?? []));
  const signatures = [...paths].flatMap((path) => {
    const tool = catalogue.resolve(path);
    return tool === undefined ? [] : [signature(tool)];
  });
  const count = findings.length === 1 ? "a mistake was" : `${findings.length} mistakes were`;
  return new OptimizerError("program_invalid", {
    detail: `${count} found before anything ran`,
    data: { line: position.line, column: position.column, findings: findings.map(lineOf), signatures },
  });
}

const lineOf = ({ position, message }: Finding): string => `${position.line}:${position.column} ${message}`;
