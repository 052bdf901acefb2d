import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, parse } from "node:path";
import type { JsonObject } from "@mcp-optimizer/contracts";
import { OptimizerError } from "@mcp-optimizer/contracts/errors";
import type { ShownPiece } from "@mcp-optimizer/core";
import { shownFileName } from "./shown-file-name.ts";

const MOST_NAMES = 1_000;

/** Writes what a program showed into a folder, each to a file of its own; nothing that is there is overwritten. Gives a path per piece, none for a link. */
export async function saveShown(
  pieces: readonly ShownPiece[],
  folder: string,
): Promise<readonly (string | undefined)[]> {
  const paths: (string | undefined)[] = [];
  try {
    if (pieces.length > 0) await makeFolder(folder);
    for (const [index, piece] of pieces.entries()) {
      const bytes = bytesOf(piece);
      paths.push(bytes && (await writeNew(folder, shownFileName(piece, index), bytes)));
    }
  } catch (cause) {
    const detail = `what was shown cannot be saved in ${folder}: ${(cause as Error).message}`;
    throw new OptimizerError("store_unavailable", { detail, cause });
  }
  return paths;
}

/** With `recursive`, `mkdir` never comes back from a folder in /proc. */
async function makeFolder(folder: string): Promise<void> {
  if (existsSync(folder)) return;
  if (dirname(folder) !== folder) await makeFolder(dirname(folder));
  try {
    await mkdir(folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  }
}

function bytesOf({ block }: ShownPiece): Buffer | undefined {
  const { text, blob } = (block["resource"] ?? {}) as JsonObject;
  const base64 = block["data"] ?? blob;
  if (typeof base64 === "string") return Buffer.from(base64, "base64");
  return typeof text === "string" ? Buffer.from(text) : undefined;
}

/** Takes the next free name of `a.png`, `a-2.png`, … */
async function writeNew(folder: string, name: string, bytes: Buffer): Promise<string> {
  const { name: stem, ext } = parse(name);
  for (let number = 1; ; number += 1) {
    const path = join(folder, number === 1 ? name : `${stem}-${number}${ext}`);
    try {
      await writeFile(path, bytes, { flag: "wx" });
      return path;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST" || number >= MOST_NAMES) throw error;
    }
  }
}
