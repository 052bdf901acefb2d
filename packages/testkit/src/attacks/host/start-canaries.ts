import { fork, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { homedir, hostname, networkInterfaces, release, tmpdir } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AttackTargets } from "../attack.ts";

/** Something that reached a canary, and what it said. */
interface Hit {
  readonly where: string;
  readonly text: string;
}

const OPEN_TEXT = "nobody but the host has written this\n";

/** Files, sockets and a process of the host that nothing in a sandbox may reach. */
export class Canaries {
  readonly secret: string;
  /** Begins the mark of every run of this suite. */
  readonly mark: string;
  readonly #root: string;
  readonly #shmPath: string;
  readonly #process: ChildProcess;
  readonly #ports: { tcpPort: number; udpPort: number };
  readonly #hits: Hit[] = [];
  readonly #exited: Promise<unknown>;
  #asked = 0;

  private constructor(
    root: string,
    secret: string,
    child: ChildProcess,
    ports: { tcpPort: number; udpPort: number },
  ) {
    this.#root = root;
    this.secret = secret;
    this.mark = `mcpo-attack-${randomBytes(6).toString("hex")}`;
    this.#shmPath = join("/dev/shm", `mcpo-canary-${process.pid}-${randomBytes(3).toString("hex")}`);
    this.#process = child;
    this.#ports = ports;
    this.#exited = once(child, "exit");
    child.on("message", (message: Hit | { answer: number }) => {
      if ("where" in message) this.#hits.push(message);
    });
  }

  /** Starts the canaries. `stop` removes them. */
  static async start(): Promise<Canaries> {
    const root = await mkdtemp(join(tmpdir(), "mcpo-canary-"));
    await chmod(root, 0o755);
    const secret = `canary-${randomBytes(12).toString("hex")}`;
    const source = fileURLToPath(new URL("canary-process.ts", import.meta.url));
    const script = source.replace(/\.ts$/, extname(import.meta.url));
    const child = fork(script, [secret, join(root, "socket"), `mcpo-canary-${process.pid}`], {
      env: { PATH: process.env["PATH"], MCPO_CANARY: secret },
      execArgv: [],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    const [ports] = (await once(child, "message")) as [{ tcpPort: number; udpPort: number }];
    await chmod(join(root, "socket"), 0o777);
    const canaries = new Canaries(root, secret, child, ports);
    await writeFile(canaries.#shmPath, secret, { mode: 0o644 }).catch(() => undefined);
    // A guest that inherits the environment of its host shows it.
    process.env["MCPO_CANARY"] = secret;
    return canaries;
  }

  /** The targets of one run. */
  async targets(index: number, victim: string, mayKillAll: boolean): Promise<AttackTargets> {
    const folder = join(this.#root, String(index));
    await mkdir(folder);
    await chmod(folder, 0o777);
    await Promise.all([
      writeFile(join(folder, "secret.txt"), this.secret, { mode: 0o644 }),
      writeFile(join(folder, "private.txt"), this.secret, { mode: 0o600 }),
      writeFile(join(folder, "open.txt"), OPEN_TEXT).then(() => chmod(join(folder, "open.txt"), 0o666)),
    ]);
    return {
      nonce: `${this.mark}-${index}-`,
      folder,
      canaryPid: this.#process.pid!,
      hostPid: process.pid,
      ...this.#ports,
      addresses: hostAddresses(),
      unixPath: join(this.#root, "socket"),
      abstractName: `mcpo-canary-${process.pid}`,
      shmPath: this.#shmPath,
      hostname: hostname(),
      kernel: release(),
      home: homedir(),
      victim,
      mayKillAll,
    };
  }

  /** What one run did to the canaries. */
  async reached({ folder, nonce }: AttackTargets): Promise<string | undefined> {
    const { exitCode, signalCode } = this.#process;
    if (exitCode !== null || signalCode !== null) return "it ended a process of the host";
    await this.#heard();
    const hit = this.#hits.find(({ text }) => text.includes(nonce));
    if (hit !== undefined) return `it reached the host by ${hit.where}`;
    const path = join(folder, "open.txt");
    const [text, mode] = await Promise.all([
      readFile(path, "utf8").catch(() => ""),
      stat(path).then(
        (found) => found.mode & 0o7777,
        () => 0,
      ),
    ]);
    return text === OPEN_TEXT && mode === 0o666 ? undefined : "it changed a file of the host";
  }

  /** Connections that told no run's mark. */
  get unmarked(): readonly string[] {
    return this.#hits.filter(({ text }) => !text.includes(this.mark)).map(({ where }) => where);
  }

  async stop(): Promise<void> {
    delete process.env["MCPO_CANARY"];
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      this.#process.kill("SIGKILL");
      await this.#exited;
    }
    await rm(this.#root, { recursive: true, force: true });
    await rm(this.#shmPath, { force: true });
  }

  /** Waits until the canary process has told everything that reached it before now. */
  async #heard(): Promise<void> {
    if (!this.#process.connected) return;
    const ask = ++this.#asked;
    const answered = new Promise<void>((resolve) => {
      const onMessage = (message: { answer?: number }): void => {
        if (message.answer !== ask) return;
        this.#process.off("message", onMessage);
        resolve();
      };
      this.#process.on("message", onMessage);
    });
    this.#process.send(ask);
    await Promise.race([answered, this.#exited]);
  }
}

function hostAddresses(): string[] {
  const found = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return [
    "127.0.0.1",
    ...found.filter((each) => !each.internal && each.family === "IPv4").map((each) => each.address),
  ];
}
