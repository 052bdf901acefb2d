import { createHash } from "node:crypto";
import { request } from "node:http";
import { Readable } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import { pack } from "tar-stream";

/** The tar of a root file system without anything to run. */
export function emptyTar(): Readable {
  const archive = pack();
  archive.entry({ name: "tmp/", type: "directory", mode: 0o1777 });
  archive.finalize();
  return Readable.from(archive, { objectMode: false });
}

/** Loads an image, tag 1, for machines of another architecture than the daemon's. */
export async function loadForeign(
  socketPath: string,
  repository: string,
  labels: Readonly<Record<string, string>>,
): Promise<void> {
  const layer = await buffer(emptyTar());
  const digest = createHash("sha256").update(layer).digest("hex");
  const architecture = process.arch === "x64" ? "arm64" : "amd64";
  const rootfs = { type: "layers", diff_ids: [`sha256:${digest}`] };
  const config = { architecture, os: "linux", config: { Labels: labels }, rootfs };
  const manifest = [{ Config: "config.json", RepoTags: [`${repository}:1`], Layers: ["layer.tar"] }];
  const archive = pack();
  archive.entry({ name: "config.json" }, JSON.stringify(config));
  archive.entry({ name: "layer.tar" }, layer);
  archive.entry({ name: "manifest.json" }, JSON.stringify(manifest));
  archive.finalize();
  await ask(socketPath, "POST", "/images/load", Readable.from(archive, { objectMode: false }));
}

/** Name of a container's image. */
export async function imageOf(socketPath: string, container: string): Promise<string> {
  const found = JSON.parse(await ask(socketPath, "GET", `/containers/${container}/json`)) as {
    Config: { Image: string };
  };
  return found.Config.Image;
}

/** Removes every image of a private daemon. */
export async function removeImages(socketPath: string): Promise<void> {
  const images = JSON.parse(await ask(socketPath, "GET", "/images/json")) as { Id: string }[];
  // Children before the images that they stand on.
  for (const round of [1, 2]) {
    for (const { Id } of images) await ask(socketPath, "DELETE", `/images/${Id}?force=${round === 2}`);
  }
}

function ask(socketPath: string, method: string, path: string, body?: Readable): Promise<string> {
  return new Promise((resolve, reject) => {
    const call = request({ socketPath, method, path }, (answer) => resolve(text(answer)));
    call.once("error", reject);
    if (body) body.pipe(call);
    else call.end();
  });
}
