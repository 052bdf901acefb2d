import { OptimizerError, type Log } from "@mcp-optimizer/contracts";
import type { ContainerEngine } from "@mcp-optimizer/docker-engine";
import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { buildAdvice } from "./build-advice.ts";
import { findGuestImage, guestLabels, type GuestImage } from "./guest-image.ts";
import type { ImageFile } from "./image-file.ts";
import { imageTar } from "./image-tar.ts";
import { pythonTree } from "./python-tree.ts";
import { sharedLibraries } from "./shared-libraries.ts";
import { timeZones } from "./time-zones.ts";

const REPOSITORY = "mcp-optimizer/guest";

const FOLDERS = [
  // runc keeps the mode that the image has, whatever the mount option says.
  { path: "tmp", mode: 0o1777 },
  { path: "guest", mode: 0o755 },
  { path: "proc", mode: 0o755 },
  { path: "sys", mode: 0o755 },
  { path: "dev", mode: 0o755 },
];

const ACCOUNTS: readonly ImageFile[] = [
  { path: "etc/passwd", content: "root:x:0:0::/:/none\nguest:x:65534:65534::/tmp:/none\n" },
  { path: "etc/group", content: "root:x:0:\nguest:x:65534:\n" },
];

/** What an image is built from. */
export interface LocalImageSources {
  /** Path or name of a Python. Default: the first of `/usr/bin/python3` and `python3` that runs. */
  readonly python?: string;
  /** Is told when an image is made, which takes some seconds. */
  readonly log?: Log;
}

/**
 * Makes sure that the daemon has an image made of this machine's Node and Python, without any registry. The tag is a digest of the
 * files' names, sizes and times, so that an upgrade of either makes a new image.
 */
export async function ensureLocalGuestImage(
  engine: ContainerEngine,
  sources: LocalImageSources = {},
): Promise<GuestImage> {
  const daemon = await engine.version();
  if (process.platform !== "linux" || daemon.os !== "linux" || daemon.architecture !== process.arch) {
    const detail = `this machine's Node is not for ${daemon.os} on ${daemon.architecture}; name an image, and ${buildAdvice("mcp-optimizer-guest")}`;
    throw new OptimizerError("sandbox_unavailable", { detail });
  }
  const node = process.execPath;
  const python = await firstPython(
    sources.python === undefined ? ["/usr/bin/python3", "python3"] : [sources.python],
  );
  const libraries = await sharedLibraries([node]);
  const files: ImageFile[] = [
    ...ACCOUNTS,
    { path: "usr/bin/node", source: node, executable: true },
    ...libraries.map((path) => ({ path: path.slice(1), source: path, executable: true })),
    ...(python ? [...python.files, ...(await timeZones())] : []),
  ];
  const tag = await digest(files);
  const reference = `${REPOSITORY}:${tag}`;
  const known = await findGuestImage(engine, reference);
  if (known) return known;
  sources.log?.({
    level: "info",
    message: `Making the image of guests, ${reference}, from this machine's Node and Python, once.`,
  });
  const versions = { javascript: process.versions.node, ...(python && { python: python.version }) };
  const changes = ["USER 65534:65534", "WORKDIR /tmp", "ENV PATH=/usr/bin", ...guestLabels(versions)];
  await engine.importImage(imageTar(FOLDERS, files), { repository: REPOSITORY, tag, changes });
  const made = await findGuestImage(engine, reference);
  if (made) return made;
  throw new OptimizerError("sandbox_unavailable", {
    detail: `the container daemon did not keep ${reference}`,
  });
}

async function firstPython(commands: readonly string[]): ReturnType<typeof pythonTree> {
  for (const command of commands) {
    const tree = await pythonTree(command);
    if (tree) return tree;
  }
  return undefined;
}

async function digest(files: readonly ImageFile[]): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify(FOLDERS));
  for (const file of files) {
    if (!("source" in file)) hash.update(JSON.stringify(file));
    else {
      const { size, mtimeMs } = await stat(file.source);
      hash.update(JSON.stringify([file, size, mtimeMs]));
    }
  }
  return hash.digest("hex").slice(0, 16);
}
