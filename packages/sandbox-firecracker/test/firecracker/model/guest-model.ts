import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import type { Socket } from "node:net";
import { dirname, join } from "node:path";
import { unpackCpio } from "./unpack-cpio.ts";

/** What process 1 of a guest does, without a machine: unpacks the archive, runs the agent on a stream and tells of its end. */
export class GuestModel {
  readonly #initrd: string;
  readonly #folder: string;
  #control: Socket | undefined;

  constructor(initrd: string, folder: string) {
    this.#initrd = initrd;
    this.#folder = folder;
  }

  /** Serves a connection to the control port. */
  control(socket: Socket): void {
    this.#control = socket;
    socket.on("data", () => socket.write("ok\n"));
  }

  /** Runs the agent on a connection to its port. Resolves when it has ended and was reported. */
  async agent(socket: Socket): Promise<void> {
    const { command, files } = await this.#unpack();
    for (const [path, content] of files) {
      await mkdir(dirname(join(this.#folder, path)), { recursive: true });
      await writeFile(join(this.#folder, path), content);
    }
    const own = command.map((word) => word.replace(/^\/guest(?=\/)/, join(this.#folder, "guest")));
    const [program = "", ...args] = own;
    const path = program === "node" ? process.execPath : program;
    const child = spawn("setpriv", ["--pdeathsig=KILL", "--", path, ...args], { env: {} });
    const errors: Buffer[] = [];
    child.stderr.on("data", (chunk: Buffer) => errors.push(chunk));
    child.stdin.on("error", () => undefined);
    socket.pipe(child.stdin);
    child.stdout.pipe(socket, { end: false });
    this.#control?.write("started\n");
    child.stdout.once("data", () => this.#control?.write("idle\n"));
    const [code, signal] = (await once(child, "close")) as [number | null, string | null];
    const how = signal === null ? `exit ${code}` : "signal 9";
    this.#control?.write(`end ${how} oom 0 stderr ${Buffer.concat(errors).toString("hex")}\n`);
    await new Promise<void>((resolve) => this.#control?.end(() => resolve()));
  }

  async #unpack(): Promise<{ command: string[]; files: Map<string, Buffer> }> {
    const entries = unpackCpio(await readFile(this.#initrd));
    const config = entries.find(({ path }) => path === "mcpo.conf")?.content.toString() ?? "";
    const command = config
      .split("\n")
      .filter((line) => line.startsWith("arg="))
      .map((line) => line.slice("arg=".length));
    const inGuest = entries.filter(({ path, mode }) => path.startsWith("guest/") && mode === 0o100644);
    return { command, files: new Map(inGuest.map(({ path, content }) => [path, content])) };
  }
}
