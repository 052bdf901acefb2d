import { spawn, type ChildProcess } from "node:child_process";
import {
  deserializeMessage,
  serializeMessage,
  type JSONRPCMessage,
  type Transport,
} from "@modelcontextprotocol/client";
import { getDefaultEnvironment } from "@modelcontextprotocol/client/stdio";
import type { Writable } from "node:stream";
import type { Clock } from "@mcp-optimizer/contracts";
import { endGroup } from "./end-group.ts";
import { createLineFramer } from "./line-framer.ts";
import { createStderrTail, type StderrTail } from "./stderr-tail.ts";
import type { Watchdog } from "./watchdog.ts";

/** How to start a server and what it may cost. */
export interface StdioTransportOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** Added to the SDK's short list of inherited variables. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string | undefined;
  readonly maxMessageBytes: number;
  /** Milliseconds to wait before SIGTERM, and again before SIGKILL. */
  readonly closeGraceMs: number;
  readonly watchdog: Watchdog;
  readonly clock: Clock;
  readonly onStderr: (text: string) => void;
  /** Called once, with the first line on stdout that is no JSON-RPC message. */
  readonly onGarbage: (line: string) => void;
}

/** Why a transport has ended. */
export type StdioEnd =
  | { readonly kind: "closed" }
  | { readonly kind: "not-started"; readonly error: NodeJS.ErrnoException }
  | { readonly kind: "exited"; readonly code: number | null; readonly signal: NodeJS.Signals | null }
  | { readonly kind: "too-long" };

/** Time for the last output of a process that has exited, or for the exit of one that closed its stdout. */
const DRAIN_MS = 250;

/** A transport to a server that it starts in a process group of its own. */
export class StdioTransport implements Transport {
  onmessage?: Transport["onmessage"];
  onclose?: () => void;
  onerror?: (error: Error) => void;
  /** Why it ended; undefined while it runs. */
  end: StdioEnd | undefined;
  readonly #options: StdioTransportOptions;
  readonly #stderr: StderrTail;
  #child: ChildProcess | undefined;
  #closing: Promise<void> | undefined;
  #sawGarbage = false;

  constructor(options: StdioTransportOptions) {
    this.#options = options;
    this.#stderr = createStderrTail({ clock: options.clock, onText: options.onStderr });
  }

  /** The last that the server wrote to stderr. */
  get stderrText(): string {
    return this.#stderr.text();
  }

  start(): Promise<void> {
    const { command, args, env, cwd, maxMessageBytes, watchdog, clock } = this.#options;
    const child = spawn(command, args, {
      cwd,
      env: { ...getDefaultEnvironment(), ...env },
      detached: process.platform !== "win32",
      windowsHide: true,
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.#child = child;
    if (child.pid !== undefined) watchdog.add(child.pid);
    const framer = createLineFramer(maxMessageBytes);
    child.stdout.on("data", (chunk: Buffer) => {
      if (this.end !== undefined) return;
      try {
        for (const line of framer.push(chunk)) this.#receive(line);
      } catch {
        this.#finish({ kind: "too-long" });
      }
    });
    child.stderr.on("data", (chunk: Buffer) => this.#stderr.push(chunk));
    for (const stream of [child.stdin, child.stdout, child.stderr]) {
      stream.on("error", (error) => this.onerror?.(error));
    }
    const exited = (): void =>
      this.#finish({ kind: "exited", code: child.exitCode, signal: child.signalCode });
    child.on("close", exited);
    // A helper may hold the pipes open after the server itself is gone, and a server may only close its stdout.
    child.on("exit", () => void clock.schedule(DRAIN_MS, exited));
    child.stdout.on("end", () => void clock.schedule(DRAIN_MS, exited));
    return new Promise((resolve, reject) => {
      child.on("spawn", resolve);
      child.on("error", (error: NodeJS.ErrnoException & { spawnargs?: unknown }) => {
        // The arguments may hold secrets, and errors end up in logs.
        delete error.spawnargs;
        this.#finish({ kind: "not-started", error });
        reject(error);
      });
    });
  }

  send(message: JSONRPCMessage): Promise<void> {
    const stdin = this.#child?.stdin;
    return new Promise((resolve, reject) => {
      if (this.end !== undefined || stdin == null || !stdin.writable) {
        reject(new Error("The server's stdin is closed"));
        return;
      }
      this.#gather(stdin);
      stdin.write(toLine(message), (error) => {
        if (error == null) resolve();
        // Its end, which says more, is mostly on its way.
        else this.#options.clock.schedule(2 * DRAIN_MS, () => reject(error));
      });
    });
  }

  /** Messages of one turn of the event loop leave in one write: each write may have to wake the server. */
  #gather(stdin: Writable): void {
    if (stdin.writableCorked > 0) return;
    stdin.cork();
    setImmediate(() => stdin.uncork());
  }

  /** Ends the server: stdin first, then signals to its group. Idempotent; resolves when the group is gone. */
  async close(): Promise<void> {
    this.#finish({ kind: "closed" });
    await this.#closing;
  }

  #receive(line: string): void {
    if (line.trim() === "") return;
    let message: JSONRPCMessage;
    try {
      message = deserializeMessage(line);
    } catch {
      if (!this.#sawGarbage) this.#options.onGarbage(line);
      this.#sawGarbage = true;
      return;
    }
    this.onmessage?.(message);
  }

  /** Only the first end counts; whatever it is, nothing of the group may stay. */
  #finish(end: StdioEnd): void {
    if (this.end !== undefined) return;
    this.end = end;
    this.#closing = this.#endProcess();
    this.onclose?.();
  }

  async #endProcess(): Promise<void> {
    const { closeGraceMs, clock, watchdog } = this.#options;
    const child = this.#child;
    if (child?.pid === undefined) return;
    child.stdin?.end();
    if (this.end?.kind === "too-long") child.stdout?.destroy();
    await endGroup(child.pid, closeGraceMs, clock);
    watchdog.remove(child.pid);
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
  }
}

/** One line for every reader: some, such as Node's readline, break lines at U+2028 and U+2029 too. */
function toLine(message: JSONRPCMessage): string {
  return serializeMessage(message).replace(/[\u2028\u2029]/g, (mark) =>
    mark === "\u2028" ? "\\u2028" : "\\u2029",
  );
}
