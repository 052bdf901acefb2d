import type { CatalogueTool } from "../catalogue/catalogue.ts";
import type { OutputLookup } from "./known-output.ts";
import { toolSignatures } from "./tool-signatures.ts";

/** A tool's signature on one line, cut to about 1,600 characters; a type that refers to itself follows it. */
export function toolSignature(tool: CatalogueTool, outputs?: OutputLookup): string {
  const { signatures, types } = toolSignatures([tool], {}, outputs);
  return [...signatures, ...types].join("; ");
}
