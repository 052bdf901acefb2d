import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Makes a base image of the Node that runs this, where no registry can be reached. */
export async function importNodeImage(host: string, name: string): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), "mcp-optimizer-node-image-"));
  try {
    const { stdout } = await run("ldd", [process.execPath]);
    const libraries = stdout.split("\n").flatMap((line) => /(\/\S+) \(0x/.exec(line)?.[1] ?? []);
    for (const path of [...libraries, "/usr/bin/node"]) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await copyFile(path === "/usr/bin/node" ? process.execPath : path, join(root, path));
    }
    for (const folder of ["tmp", "etc/mcp-optimizer", "proc", "sys", "dev"]) {
      await mkdir(join(root, folder), { recursive: true });
    }
    await writeFile(join(root, "etc/passwd"), "root:x:0:0::/:/none\n");
    const archive = join(root, "..", `${name.replaceAll(/\W/g, "-")}-${process.pid}.tar`);
    await run("tar", ["--create", "--directory", root, "--file", archive, "."]);
    await run("docker", ["--host", host, "import", "--change", "ENV PATH=/usr/bin", archive, name]);
    await rm(archive);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
