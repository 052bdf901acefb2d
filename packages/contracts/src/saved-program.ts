import * as z from "zod";
import type { JsonObject } from "./json.ts";
import type { Language } from "./sandbox.ts";

/** A program that worked, kept under a name. All tenants of an optimizer may call it; it runs as whoever calls it. */
export interface SavedProgram {
  /** Lower case letters, digits and underscores. */
  readonly name: string;
  /** From 1; each saving under a name makes the next. */
  readonly version: number;
  readonly description: string;
  readonly language: Language;
  readonly code: string;
  /** JSON Schema of its parameters: an object. */
  readonly params: JsonObject;
  /** Who saved it, and alone may replace it. */
  readonly tenant: string;
  /** The run that it comes from. */
  readonly runId: string;
  /** When it was saved, in milliseconds since the epoch. */
  readonly at: number;
}

/** Checks a saved program, as a store reads it. */
export const SavedProgramSchema: z.ZodType<SavedProgram> = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9_]{0,63}$/),
  version: z.int().min(1),
  description: z.string().min(1),
  language: z.enum(["javascript", "python"]),
  code: z.string().min(1),
  params: z.looseObject({ type: z.literal("object") }),
  tenant: z.string().min(1),
  runId: z.string().min(1),
  at: z.number().min(0),
}) as unknown as z.ZodType<SavedProgram>;

/** Keeps saved programs with all their versions. Methods reject with `store_unavailable` when it cannot be reached or holds what is not its own. */
export interface SavedProgramStore {
  /** The newest version of each program, by name. */
  list(): Promise<readonly SavedProgram[]>;
  /** A version, or the newest; undefined when there is none. */
  read(name: string, version?: number): Promise<SavedProgram | undefined>;
  /** Adds a version. Rejects with `conflict` when the newest is not the one before it. */
  save(program: SavedProgram): Promise<void>;
  /** Takes out all versions. False when there are none. */
  remove(name: string): Promise<boolean>;
}
