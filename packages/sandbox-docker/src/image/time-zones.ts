import { join } from "node:path";
import { filesBelow } from "./files-below.ts";
import type { ImageFile } from "./image-file.ts";

const FOLDER = "/usr/share/zoneinfo";

/** This machine's time zones, which Python's `zoneinfo` reads; Node has its own. None where there are none. */
export async function timeZones(): Promise<ImageFile[]> {
  const paths = await filesBelow(FOLDER).catch(() => []);
  return paths
    .filter((path) => !/^(posix|right|localtime|posixrules)(\/|$)/.test(path))
    .map((path) => ({ path: join(FOLDER, path).slice(1), source: join(FOLDER, path) }));
}
