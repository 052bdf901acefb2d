import { OptimizerError, type Clock, type Log } from "@mcp-optimizer/contracts";
import type { SessionStore } from "@mcp-optimizer/contracts";
import { taskData, taskIn } from "./task-record.ts";
import type { Task } from "./task.ts";

/** Tasks of this process, as its store has them: what they become is written there, the newest state at last. */
export interface HeldTasks {
  /** Writes a task for the first time. */
  add(task: Task): Promise<void>;
  get(id: string): Task | undefined;
  all(): readonly Task[];
  /** It has changed. A state is written at once, a message with the next one or after a while. */
  changed(task: Task, state: boolean): void;
  /** Takes a task out of the store, too. */
  remove(task: Task): void;
  /** Begins the lifetime anew of what still goes on. */
  keepAlive(): void;
  /** Resolves when all that has ended is written, or could not be. */
  flushed(): Promise<void>;
  dispose(): void;
}

/** What held tasks are made of. */
export interface HeldTaskParts {
  readonly store: SessionStore;
  readonly instance: string;
  readonly ttlMs: number;
  readonly pollMs: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Another process has taken this one for dead, and said so: what comes of the call is of no use. */
  readonly onLost: (task: Task) => void;
}

interface Held {
  readonly task: Task;
  version: number;
  writtenAt: number;
  dirty: boolean;
  writing: Promise<void> | undefined;
  cancelTimer: (() => void) | undefined;
}

/** Holds no task yet. */
export function createHeldTasks(parts: HeldTaskParts): HeldTasks {
  const { store, instance, ttlMs, pollMs, clock, log, onLost } = parts;
  const held = new Map<string, Held>();

  const release = (each: Held): void => {
    each.cancelTimer?.();
    held.delete(each.task.id);
  };
  const later = (each: Held): void => {
    each.cancelTimer ??= clock.schedule(pollMs, () => {
      each.cancelTimer = undefined;
      if (held.get(each.task.id) === each) write(each);
    });
  };
  /** Takes up the version that an earlier write of this process has made, though it was not told so. */
  const catchUp = async (each: Held): Promise<boolean> => {
    const { owner, id } = each.task;
    const record = await store.get(owner.tenant, id);
    const stored = taskIn(record, owner);
    if (record === undefined || stored?.instance !== instance || stored.lost === true) return false;
    each.version = record.version;
    return true;
  };
  const attempt = async (each: Held): Promise<void> => {
    const { task } = each;
    try {
      each.dirty = false;
      const data = taskData(task, instance);
      each.version = (await store.update(task.owner.tenant, task.id, each.version, data)).version;
      each.writtenAt = clock.elapsed();
    } catch (error) {
      each.dirty = true;
      const code = OptimizerError.is(error) ? error.code : undefined;
      if (code !== "conflict" && code !== "not_found") throw error;
      if (code === "conflict" && (await catchUp(each))) return;
      release(each);
      onLost(task);
    }
  };
  const run = async (each: Held): Promise<void> => {
    try {
      while (each.dirty && held.get(each.task.id) === each) await attempt(each);
    } catch (cause) {
      log({ level: "warn", message: "A task's state could not be written for now.", cause });
      later(each);
    } finally {
      each.writing = undefined;
    }
  };
  const write = (each: Held): void => {
    each.dirty = true;
    each.writing ??= run(each);
  };

  return {
    async add(task) {
      const { tenant, principal } = task.owner;
      const made: Held = {
        task,
        version: 1,
        writtenAt: clock.elapsed(),
        dirty: false,
        writing: undefined,
        cancelTimer: undefined,
      };
      held.set(task.id, made);
      const first = taskData(task, instance);
      const creating = store.create({ tenant, principal, id: task.id, data: first, ttlMs });
      // Changes meanwhile wait for it.
      made.writing = settled(creating);
      try {
        await creating;
      } catch (error) {
        release(made);
        throw error;
      } finally {
        made.writing = undefined;
      }
      // It may have changed meanwhile.
      if (JSON.stringify(taskData(task, instance)) !== JSON.stringify(first)) write(made);
    },
    get: (id) => held.get(id)?.task,
    all: () => [...held.values()].map(({ task }) => task),
    changed(task, state) {
      const each = held.get(task.id);
      if (each === undefined) return;
      if (state) write(each);
      else later(each);
    },
    remove(task) {
      const each = held.get(task.id);
      if (each === undefined) return;
      release(each);
      store.delete(task.owner.tenant, task.id).catch((cause: unknown) => {
        log({ level: "debug", message: "A task could not be taken out of its store.", cause });
      });
    },
    keepAlive() {
      for (const each of held.values()) {
        if (each.task.ended || clock.elapsed() - each.writtenAt < ttlMs / 3) continue;
        each.writtenAt = clock.elapsed();
        store.touch(each.task.owner.tenant, each.task.id).catch(() => (each.writtenAt = 0));
      }
    },
    async flushed() {
      await Promise.all([...held.values()].map(({ writing }) => writing ?? Promise.resolve()));
    },
    dispose() {
      for (const each of held.values()) each.cancelTimer?.();
      held.clear();
    },
  };
}

async function settled(promise: Promise<unknown>): Promise<void> {
  await promise.catch(() => {});
}
