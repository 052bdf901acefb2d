import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

/** What an image is made of. */
export interface ImageOptions {
  /** The folder that holds `app`. */
  readonly folder: string;
  readonly tag: string;
  /** Default: that of the Dockerfile. */
  readonly nodeImage?: string;
  /** Where the container engine listens. Default: where `docker` looks by itself. */
  readonly host?: string;
}

/** Builds the image of deploy/Dockerfile. */
export async function buildImage({ folder, tag, nodeImage, host }: ImageOptions): Promise<void> {
  const dockerfile = fileURLToPath(new URL("../../../deploy/Dockerfile", import.meta.url));
  const base = nodeImage === undefined ? [] : ["--build-arg", `NODE_IMAGE=${nodeImage}`];
  const args = ["build", "--tag", tag, ...base, "--file", dockerfile, folder];
  await run("docker", [...(host === undefined ? [] : ["--host", host]), ...args]);
}
