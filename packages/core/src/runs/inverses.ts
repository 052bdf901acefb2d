import type { JsonObject, JsonValue } from "@mcp-optimizer/contracts";
import * as z from "zod";

/** The call that takes a call back. */
export interface Inverse {
  /** `server.tool`, or any other name that a program could use. */
  readonly tool: string;
  /**
   * Its arguments. An object `{ "$from": "args.path" }` or `{ "$from": "result.items.0.id" }`, at any depth, stands for that part of what
   * the call was given, or gave as a program gets it; `args` and `result` alone for all of it.
   */
  readonly args: JsonObject;
}

/** How calls are taken back, by the tool that was called: `server.tool`. */
export type Inverses = Readonly<Record<string, Inverse>>;

const NAME = /^[^.]+\..+$/;
const NAME_PROBLEM = "is not a name of the form server.tool";

/** Checks the `inverses` block of a configuration. */
export const InversesSchema: z.ZodType<Inverses> = z
  .record(
    z.string(),
    z.strictObject({
      tool: z.string().regex(NAME, NAME_PROBLEM),
      args: z.record(z.string(), z.json()).superRefine((args, context) => {
        for (const { path, problem } of wrongReferences(args)) {
          context.addIssue({ code: "custom", path: [...path], message: problem });
        }
      }),
    }),
  )
  .superRefine((inverses, context) => {
    const wrong = Object.keys(inverses).filter((key) => !NAME.test(key));
    for (const key of wrong) context.addIssue({ code: "custom", path: [key], message: NAME_PROBLEM });
  });

/** Whether a part of a template is a reference. */
export const isReference = (value: JsonValue | undefined): value is { readonly $from: JsonValue } =>
  typeof value === "object" && value !== null && !Array.isArray(value) && Object.hasOwn(value, "$from");

interface WrongReference {
  readonly path: readonly (string | number)[];
  readonly problem: string;
}

function wrongReferences(value: JsonValue, path: readonly (string | number)[] = []): WrongReference[] {
  if (typeof value !== "object" || value === null) return [];
  if (isReference(value)) {
    if (Object.keys(value).length > 1) return [{ path, problem: "an object with $from has nothing else" }];
    const { $from } = value;
    if (typeof $from === "string" && /^(args|result)(\.[^.]+)*$/.test($from)) return [];
    return [{ path: [...path, "$from"], problem: 'is not "args" or "result" with dotted names behind' }];
  }
  const parts: [string | number, JsonValue | undefined][] = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(value);
  return parts.flatMap(([key, part]) => (part === undefined ? [] : wrongReferences(part, [...path, key])));
}
