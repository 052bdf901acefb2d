import { OptimizerError, type JsonValue } from "@mcp-optimizer/contracts";
import { jsonSize } from "../../result/json-size.ts";
import { formatError } from "../format-error.ts";
import { parseDocument } from "./yaml-document.ts";

/** Characters of a YAML text at most: it takes about ten times as long as JSON. */
const LONGEST = 256 * 1024;
/** Characters of the value's JSON at most, with every alias written out. */
const LARGEST = 16 * 1024 * 1024;

/** One YAML 1.2 document as a value. Throws with the line of the first error, and for texts over 262,144 characters. */
export function parseYaml(text: string): JsonValue {
  if (text.length > LONGEST) {
    throw formatError(
      "yaml",
      `${text.length} characters are more than ${LONGEST}; parse a slice of the text`,
    );
  }
  const { value, errors } = parseDocument(text);
  const [first] = errors;
  if (first) throw formatError("yaml", first.message.slice(0, 200), first.line);
  if (jsonSize(value as JsonValue, LARGEST) > LARGEST) {
    throw new OptimizerError("output_limit", { detail: "its aliases, written out, would be too large" });
  }
  return (value ?? null) as JsonValue;
}
