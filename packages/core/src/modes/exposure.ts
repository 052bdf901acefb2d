import type { ExecutionMode, ToolDefinition } from "@mcp-optimizer/contracts";
import type { CatalogueTool } from "../catalogue/catalogue.ts";
import type { BreakEven } from "./break-even.ts";

/** The tools of the optimizer itself. */
export type OwnTool = "search_tools" | "run_code" | "call_tool";

/** What clients are shown: one list for all connections of callers who may see the same. */
export interface Exposure {
  readonly mode: ExecutionMode;
  /** Whether the upstream tools themselves are in the list. */
  readonly passThrough: boolean;
  /** Why, for the operator. */
  readonly reason: string;
  /** The list. Own tools first, then upstream tools in the catalogue's order, or pinned ones in the order of the pins. */
  readonly tools: readonly ToolDefinition[];
  /** Own tools that may be called, listed or not: a client may have the list of a moment ago. */
  readonly own: ReadonlySet<OwnTool>;
  /** Where `hybrid` changes over. Absent in other modes, while a server connects, and where the tools are many beyond doubt. */
  readonly breakEven?: BreakEven;
  /** The upstream tool that is called under this name of a list, listed now or not. Always undefined in `code_execution`. */
  readonly upstream: (name: string) => CatalogueTool | undefined;
  /** The name under which an upstream tool is called; undefined in `code_execution`. */
  readonly nameOf: (tool: CatalogueTool) => string | undefined;
}
