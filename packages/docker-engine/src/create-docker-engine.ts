import Docker from "dockerode";
import { Agent } from "node:http";
import { finished, type Duplex, type Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { inspect } from "node:util";
import { attachStreams } from "./attached-streams.ts";
import type { ContainerEngine, EngineContainer, NewImage } from "./container-engine.ts";
import { createEngineError, engineFault, type EngineFault } from "./engine-fault.ts";
import { isSupported } from "./is-supported.ts";
import { removeUntilGone } from "./remove-until-gone.ts";
import { withTimeLimit } from "./time-limit.ts";
import { toCreateBody } from "./to-create-body.ts";
import { toEngineError } from "./to-engine-error.ts";
import { toEngineVersion } from "./to-engine-version.ts";
import { toNodeArchitecture } from "./to-node-architecture.ts";
import { toUsage } from "./to-usage.ts";

/** How to reach a daemon. */
export interface DockerEngineOptions {
  /** Path of its Unix socket. Default `/var/run/docker.sock`. */
  readonly socketPath?: string;
  /** How long one request may take, in milliseconds. Importing an image may take ten times as long. Default 30,000. */
  readonly requestLimitMs?: number;
}

/** A client of a Docker engine of version 20.10 or newer. Connects when it is asked something. */
export function createDockerEngine(options: DockerEngineOptions = {}): ContainerEngine {
  const socketPath = options.socketPath ?? "/var/run/docker.sock";
  const limitMs = options.requestLimitMs ?? 30_000;
  // Without keep-alive, a restarted daemon is not met through a dead connection.
  const agent = new Agent({ keepAlive: false });
  // dockerode describes each request for a debug log that nobody reads, with all that hangs on the agent: milliseconds without a pause.
  Object.defineProperty(agent, inspect.custom, { value: () => "Agent" });
  // Without a version in its paths: old daemons refuse newer ones than they know, and Docker 29 those before 1.44.
  // dockerode reads DOCKER_HOST; naming the host as absent keeps it out.
  const docker = new Docker({
    socketPath,
    agent,
    protocol: "http",
    host: undefined,
  } as Docker.DockerOptions);

  async function ask<T>(what: string, work: Promise<T>, limit: number = limitMs): Promise<T> {
    try {
      return await withTimeLimit(work, limit, what);
    } catch (error) {
      throw toEngineError(error, what, socketPath);
    }
  }

  function container(id: string): EngineContainer {
    const raw = docker.getContainer(id);
    return {
      id,
      state: async () => {
        const found = await unless("not_found", ask("inspect a container", raw.inspect()));
        if (!found) return undefined;
        const { Running, Pid, ExitCode, OOMKilled, Error: error } = found.State;
        return { running: Running, pid: Pid, exitCode: ExitCode, outOfMemory: OOMKilled, error };
      },
      putFiles: async (tar) => {
        await ask("put files into a container", raw.putArchive(tar, { path: "/" }));
      },
      commit: async ({ repository, tag, changes }) => {
        await ask(
          "commit a container",
          raw.commit({ repo: repository, tag, changes: [...changes], pause: false }),
        );
      },
      attach: async (onStderr) => {
        const how = { stream: true, stdin: true, stdout: true, stderr: true, hijack: true };
        return attachStreams((await ask("attach to a container", raw.attach(how))) as Duplex, onStderr);
      },
      start: async () => {
        await ask("start a container", raw.start());
      },
      waitForEnd: () => waitForEnd(docker, id),
      kill: async (signal = "SIGKILL") => {
        const sent = ask("kill a container", raw.kill({ signal })).then(() => true);
        return (await unless("not_found", unless("conflict", sent))) ?? false;
      },
      remove: () =>
        removeUntilGone(async () => {
          await ask("remove a container", raw.remove({ force: true, v: true }));
        }, limitMs),
      usage: async () =>
        toUsage(
          await unless(
            "not_found",
            ask("measure a container", raw.stats({ stream: false, "one-shot": true })),
          ),
        ),
    };
  }

  return {
    version: async () => {
      const answers = Promise.all([docker.version(), docker.info()]);
      const [said, info] = await ask("tell its version", answers);
      if (isSupported(said.Version)) return toEngineVersion(said, info);
      const detail = `the container daemon is version ${said.Version}; 20.10 or newer is needed`;
      throw createEngineError("daemon_too_old", detail);
    },
    findImage: async (reference) => {
      const found = await unless(
        "image_missing",
        ask("inspect an image", docker.getImage(reference).inspect()),
      );
      if (!found) return undefined;
      const { Id, Architecture, Config } = found;
      return { id: Id, architecture: toNodeArchitecture(Architecture), labels: Config?.Labels ?? {} };
    },
    importImage: async (tar, image) => {
      await ask("import an image", importImage(docker, tar, image), 10 * limitMs);
    },
    createContainer: async (spec) => {
      // Without the split, dockerode puts the whole body into the query too.
      const request = {
        _query: { name: spec.name },
        _body: toCreateBody(spec),
      } as Docker.ContainerCreateOptions;
      const created = await ask("create a container", docker.createContainer(request));
      return container(created.id);
    },
    container,
    listContainers: async (labels) => {
      const label = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
      const found = await ask("list containers", docker.listContainers({ all: true, filters: { label } }));
      return found.map(({ Id, Labels, Created, State }) => ({
        id: Id,
        labels: Labels,
        createdAt: Created * 1000,
        running: State === "running",
      }));
    },
    dispose: async () => agent.destroy(),
  };
}

async function unless<T>(fault: EngineFault, work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (engineFault(error) === fault) return undefined;
    throw error;
  }
}

/** The daemon answers with a stream of JSON objects, and with status 200 before the work is done. */
async function importImage(
  docker: Docker,
  tar: Readable,
  { repository, tag, changes }: NewImage,
): Promise<void> {
  const query = { repo: repository, tag, changes: [...changes] };
  const said = await text((await docker.importImage(tar, query)) as Readable);
  const failure = /"error":"((?:[^"\\]|\\.)*)"/.exec(said);
  if (failure) throw new Error(failure[1]);
}

/** dockerode's own `wait` never settles when the connection breaks after the headers, so the raw answer is read here. */
function waitForEnd({ modem }: Docker, id: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = {
      path: `/containers/${id}/wait?`,
      method: "POST",
      isStream: true,
      statusCodes: { 200: true, 404: true },
      options: { condition: "not-running" },
    };
    modem.dial(request, (error: unknown, answer: unknown) => {
      if (error !== null && error !== undefined) {
        resolve(false);
        return;
      }
      const response = answer as Readable;
      finished(response, (broken) => resolve(!broken));
      response.resume();
    });
  });
}
