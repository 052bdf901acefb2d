import type { SourcePosition } from "@mcp-optimizer/contracts";

/** Something in a program that cannot be right, found before it runs. */
export interface Finding {
  /** In the user's own text. */
  readonly position: SourcePosition;
  /** What is wrong and what was probably meant, fit for a model. */
  readonly message: string;
  /** `certain` findings would fail when the program gets there; `likely` ones may be meant so. */
  readonly weight: "certain" | "likely";
  /** Path of the tool in question, whose signature helps. */
  readonly tool?: string;
}
