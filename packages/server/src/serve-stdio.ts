import { randomUUID } from "node:crypto";
import type { Readable, Writable } from "node:stream";
import { serveStdio as serveConnection, StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import { createServerFactory } from "./protocol/server-factory.ts";
import type { VerbatimServer } from "./protocol/verbatim-server.ts";
import type { ServiceOptions } from "./service-options.ts";
import { systemClock } from "./system-clock.ts";
import { createLocalTaskDesk } from "./tasks/local-task-desk.ts";
import { taskLimits } from "./tasks/task-limits.ts";
import { createTaskTable } from "./tasks/task-table.ts";
import { createToolList } from "./tool-list.ts";
import type { ToolSource } from "./tool-source.ts";

/** Options of {@link serveStdio}. */
export interface StdioOptions extends ServiceOptions {
  /** Default: the process's. */
  readonly stdin?: Readable;
  /** Default: the process's. */
  readonly stdout?: Writable;
  /** One message in bytes; a larger one ends the connection. Default 10 MiB. */
  readonly maxMessageBytes?: number;
}

/** One client, connected over stdio. */
export interface StdioService {
  /** Resolves when the connection has ended: by {@link close}, the end of stdin, a broken stdout or an oversized message. */
  readonly closed: Promise<void>;
  /** Aborts calls under way and ends the connection; the process stays. Idempotent. */
  close(): Promise<void>;
}

/** Serves the tools to one client over stdio, in whichever protocol era it opens with. */
export function serveStdio(source: ToolSource, options: StdioOptions): StdioService {
  const log = options.log ?? (() => {});
  const { clock = systemClock } = options;
  const tools = createToolList(source, clock);
  const tasks = createLocalTaskDesk(createTaskTable(taskLimits(options), clock));
  const createServer = createServerFactory({ source, tools, tasks, clock, log }, options);
  const id = randomUUID();
  let current: VerbatimServer | undefined;
  let ready = false;

  const transport = new ClosableTransport(options.stdin, options.stdout, {
    maxBufferSize: options.maxMessageBytes ?? 10 * 1024 * 1024,
  });
  const connection = serveConnection(
    ({ era }) => {
      const product = createServer({ era, id });
      current = product;
      ready = era === "modern";
      product.server.oninitialized = () => (ready = true);
      return product;
    },
    {
      transport,
      onerror: (cause) => log({ level: "warn", message: "The stdio connection had an error.", cause }),
    },
  );
  tools.onChanged(() => {
    if (!ready) return;
    current?.server.sendToolListChanged().catch((cause: unknown) => {
      log({ level: "debug", message: "A list change could not be announced.", cause });
    });
  });

  const ended = async (): Promise<void> => {
    await transport.closed;
    tools.dispose();
    await tasks.dispose();
  };

  return {
    closed: ended(),
    async close() {
      await connection.close();
      await transport.close();
    },
  };
}

class ClosableTransport extends StdioServerTransport {
  readonly #closed = Promise.withResolvers<void>();
  readonly closed: Promise<void> = this.#closed.promise;

  override async close(): Promise<void> {
    await super.close();
    this.#closed.resolve();
  }
}
