import type { CatalogueTool } from "../catalogue/catalogue.ts";
import type { TypeNode } from "./type-node.ts";

/** What is known of a tool's result beside what its server declares. */
export interface KnownOutput {
  readonly type: TypeNode;
  /** How that is known, safe for a comment: it stands after the type. Empty: there is nothing to say. */
  readonly note: string;
}

/** What is known of a tool's result; undefined where the server's word is all there is. */
export type OutputLookup = (tool: CatalogueTool) => KnownOutput | undefined;

/** Where nothing was learned. */
export const NO_OUTPUTS: OutputLookup = () => undefined;
