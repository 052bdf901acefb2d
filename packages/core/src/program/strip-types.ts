import type { SourcePosition } from "@mcp-optimizer/contracts";

/** Text that is no TypeScript. `position` is in the given text. */
export class SyntaxFault extends Error {
  override readonly name = "SyntaxFault";
  readonly position: SourcePosition | undefined;

  constructor(message: string, position?: SourcePosition) {
    super(message);
    this.position = position;
  }
}

interface AmaroFault {
  readonly code?: string;
  readonly message?: string;
  readonly startLine?: number;
  readonly startColumn?: number;
}

/**
 * Blanks out the types of a TypeScript text: lines and columns stay.
 * What blanking cannot do (enum, namespace, parameter properties) goes through sucrase, where lines stay and columns may not.
 * Throws {@link SyntaxFault}; anything else that it throws means that the parsers of this thread are broken.
 */
export async function stripTypes(text: string): Promise<string> {
  const { transformSync } = await import("amaro");
  try {
    return transformSync(text, { mode: "strip-only" }).code;
  } catch (fault) {
    // amaro throws plain objects; an error is its own fault, after which it cannot be used again.
    if (fault instanceof Error) throw fault;
    const { code, message = String(fault), startLine, startColumn } = fault as AmaroFault;
    if (code === "UnsupportedSyntax") return compileTypes(text);
    const known = startLine !== undefined && startColumn !== undefined;
    throw new SyntaxFault(message, known ? { line: startLine, column: startColumn + 1 } : undefined);
  }
}

async function compileTypes(text: string): Promise<string> {
  const { transform } = await import("sucrase");
  try {
    return transform(text, { transforms: ["typescript"], disableESTransforms: true }).code;
  } catch (fault) {
    if (fault instanceof RangeError) throw fault;
    throw new SyntaxFault(fault instanceof Error ? fault.message : String(fault));
  }
}
