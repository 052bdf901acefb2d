import { randomUUID } from "node:crypto";
import { link, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  OptimizerError,
  SavedProgramSchema,
  type SavedProgram,
  type SavedProgramStore,
} from "@mcp-optimizer/contracts";
import * as z from "zod";
import { notNext } from "./memory-program-store.ts";

const FILE = /^([a-z][a-z0-9_]{0,63})\.v([1-9]\d{0,8})\.json$/;

interface VersionFile {
  readonly name: string;
  readonly version: number;
}

/**
 * Saved programs in a folder, one JSON file for each version, such as `list_errors.v2.json`, its code as a list of lines. The folder is made
 * when something is saved. Files that do not end in `.json`, and hidden ones, are left alone; any other that is no saved program makes every
 * method reject with `store_unavailable`, naming it.
 */
export function createDirectoryProgramStore(folder: string): SavedProgramStore {
  const versions = async (): Promise<VersionFile[]> => {
    const files = (await entries(folder)).filter((file) => file.endsWith(".json") && !file.startsWith("."));
    const found = files.map((file): VersionFile => {
      const match = FILE.exec(file);
      if (match === null) throw foreign(folder, file, "its name is not NAME.vVERSION.json");
      return { name: match[1]!, version: Number(match[2]) };
    });
    return found.sort((a, b) => (a.name === b.name ? a.version - b.version : a.name < b.name ? -1 : 1));
  };
  const versionsOf = async (name: string): Promise<VersionFile[]> =>
    (await versions()).filter((file) => file.name === name);

  return {
    async list() {
      const all = await versions();
      const newest = all.filter(({ name }, index) => all[index + 1]?.name !== name);
      return await Promise.all(newest.map((file) => readVersion(folder, file)));
    },
    async read(name, version) {
      const own = await versionsOf(name);
      const file = version === undefined ? own.at(-1) : own.find((one) => one.version === version);
      return file && (await readVersion(folder, file));
    },
    async save(program) {
      const newest = (await versionsOf(program.name)).at(-1)?.version ?? 0;
      if (program.version !== newest + 1) throw notNext(program);
      await writeVersion(folder, program);
    },
    async remove(name) {
      const own = await versionsOf(name);
      // The oldest last: what a crash leaves is an older version, whole.
      for (const file of own.toReversed()) await attempt(folder, () => rm(join(folder, fileName(file))));
      return own.length > 0;
    },
  };
}

async function entries(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    if (codeOf(cause) === "ENOENT") return [];
    throw unavailable(`the folder ${folder} cannot be read`, cause);
  }
}

async function readVersion(folder: string, file: VersionFile): Promise<SavedProgram> {
  const name = fileName(file);
  const text = await attempt(folder, () => readFile(join(folder, name), "utf8"));
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw foreign(folder, name, "it is not JSON");
  }
  const { code } = (content ?? {}) as { code?: unknown };
  const lines = Array.isArray(code) ? code.join("\n") : undefined;
  const parsed = SavedProgramSchema.safeParse({ ...(content as object), code: lines });
  if (!parsed.success) {
    throw foreign(folder, name, z.prettifyError(parsed.error).replaceAll(/\s*\n\s*/g, " "));
  }
  const { data } = parsed;
  if (data.name === file.name && data.version === file.version) return data;
  throw foreign(folder, name, `it holds version ${data.version} of ${data.name}`);
}

/** Writes a whole file, and gives it its name only where no other has it. */
async function writeVersion(folder: string, program: SavedProgram): Promise<void> {
  const target = join(folder, fileName(program));
  const draft = join(folder, `.${randomUUID()}.tmp`);
  const text = `${JSON.stringify({ ...program, code: program.code.split("\n") }, null, 2)}\n`;
  await attempt(folder, () => mkdir(folder, { recursive: true, mode: 0o700 }));
  try {
    await attempt(folder, () => writeFile(draft, text, { mode: 0o600, flush: true }));
    await link(draft, target);
  } catch (cause) {
    if (OptimizerError.is(cause)) throw cause;
    throw codeOf(cause) === "EEXIST" ? notNext(program) : unavailable(`${target} cannot be written`, cause);
  } finally {
    await rm(draft, { force: true });
  }
}

async function attempt<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw unavailable(`the folder ${folder} cannot be used (${codeOf(cause) ?? "unknown"})`, cause);
  }
}

const fileName = ({ name, version }: VersionFile): string => `${name}.v${version}.json`;

const codeOf = (cause: unknown): string | undefined => (cause as NodeJS.ErrnoException | undefined)?.code;

const unavailable = (detail: string, cause: unknown): OptimizerError =>
  new OptimizerError("store_unavailable", { detail, cause });

const foreign = (folder: string, file: string, why: string): OptimizerError =>
  new OptimizerError("store_unavailable", {
    detail: `${join(folder, file)} is not a saved program: ${why}. Mend it, or move it elsewhere`,
  });
