import * as z from "zod";

const text = z.string("must be a string");
const filled = text.min(1, "must not be empty");
const texts = z.array(text, "must be a list of strings");
const flag = z.boolean("must be true or false");
const textMap = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean()], "must be a string"),
  "must be an object of strings",
);

/** An entry as AI clients write it, checked for the types of the keys that we use. Other keys are kept. */
export interface ServerEntry {
  type?: string | undefined;
  transport?: string | undefined;
  command?:
    | string
    | string[]
    | { path: string; args?: string[] | undefined; env?: TextMap | undefined }
    | undefined;
  args?: string[] | undefined;
  env?: TextMap | undefined;
  environment?: TextMap | undefined;
  envFile?: string | undefined;
  cwd?: string | undefined;
  url?: string | undefined;
  serverUrl?: string | undefined;
  httpUrl?: string | undefined;
  headers?: TextMap | undefined;
  disabled?: boolean | undefined;
  enabled?: boolean | undefined;
  timeout?: number | undefined;
  includeTools?: string[] | undefined;
  enabledTools?: string[] | undefined;
  enabled_tools?: string[] | undefined;
  excludeTools?: string[] | undefined;
  disabledTools?: string[] | undefined;
  disabled_tools?: string[] | undefined;
  [key: string]: unknown;
}

/** Strings by name; numbers and booleans count as their text. */
export type TextMap = Record<string, string | number | boolean>;

const known = {
  type: text.optional(),
  transport: text.optional(),
  command: z
    .union(
      [
        filled,
        z.tuple([filled], filled),
        z.object({ path: filled, args: texts.optional(), env: textMap.optional() }),
      ],
      "must be a string",
    )
    .optional(),
  args: texts.optional(),
  env: textMap.optional(),
  environment: textMap.optional(),
  envFile: filled.optional(),
  cwd: filled.optional(),
  url: filled.optional(),
  serverUrl: filled.optional(),
  httpUrl: filled.optional(),
  headers: textMap.optional(),
  disabled: flag.optional(),
  enabled: flag.optional(),
  timeout: z.number("must be a number").positive("must be over 0").optional(),
  includeTools: texts.optional(),
  enabledTools: texts.optional(),
  enabled_tools: texts.optional(),
  excludeTools: texts.optional(),
  disabledTools: texts.optional(),
  disabled_tools: texts.optional(),
};

/** The schema of {@link ServerEntry}; its messages continue "the key …". */
export const ServerEntrySchema: z.ZodType<ServerEntry> = z.looseObject(known, "must be an object");

/** Keys that mean something to a client's own interface and nothing here. */
const SILENT: ReadonlySet<string> = new Set([
  "$schema",
  "alwaysAllow",
  "autoApprove",
  "description",
  "dev",
  "gallery",
  "icon",
  "name",
  "source",
  "trust",
  "version",
]);

/** The keys of an entry that have no effect and that an operator might expect to have one. */
export function unknownEntryKeys(entry: ServerEntry): string[] {
  return Object.keys(entry).filter((key) => !Object.hasOwn(known, key) && !SILENT.has(key));
}
