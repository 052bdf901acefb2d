import { request } from "node:http";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pack } from "tar-stream";

/** The tar of a root file system without anything to run. */
export function emptyTar(): Readable {
  const archive = pack();
  archive.entry({ name: "tmp/", type: "directory", mode: 0o1777 });
  archive.finalize();
  return Readable.from(archive, { objectMode: false });
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

function ask(socketPath: string, method: string, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const call = request({ socketPath, method, path }, (answer) => resolve(text(answer)));
    call.once("error", reject);
    call.end();
  });
}
