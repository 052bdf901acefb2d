import { randomUUID } from "node:crypto";
import { OptimizerError, type Clock } from "@mcp-optimizer/contracts";
import { Task } from "./task.ts";
import type { TaskLimits } from "./task-limits.ts";

/** The tasks of a service, and the calls that may become one. */
export interface TaskTable {
  readonly limits: TaskLimits;
  /** Makes room for a call. Throws `concurrency_limit` when there is none. */
  open(owner: string): Task;
  /** Forgets a call that ended before it became a task. */
  drop(task: Task): void;
  /** The task of that id, if it is the owner's. */
  find(owner: string, id: string): Task | undefined;
  /** Stops every call and forgets every task. Idempotent. */
  dispose(): void;
}

/** Creates an empty table. */
export function createTaskTable(limits: TaskLimits, clock: Clock): TaskTable {
  const tasks = new Map<string, Task>();
  const timers = new Set<() => void>();

  const ended = new Set<string>();
  const forget = (id: string): void => {
    ended.delete(id);
    tasks.delete(id);
  };
  const expire = (id: string): void => {
    ended.add(id);
    const cancelTimer = clock.schedule(limits.taskTtlMs, () => {
      timers.delete(cancelTimer);
      forget(id);
    });
    timers.add(cancelTimer);
  };

  return {
    limits,
    open(owner) {
      if (tasks.size >= limits.maxTasks) {
        // The one that has waited longest to be fetched makes room.
        const [oldest] = ended;
        if (oldest !== undefined) forget(oldest);
      }
      if (tasks.size >= limits.maxTasks) {
        throw new OptimizerError("concurrency_limit", {
          detail: `${tasks.size} tasks are under way, and there is no room for another; nothing was started. Try again when one is over`,
          data: { retryAfterMs: limits.taskPollMs },
        });
      }
      // Random, because whoever has the id of a task can read its result.
      const id = randomUUID();
      const onEnd = (): void => {
        if (tasks.has(id)) expire(id);
      };
      const task = new Task({ id, owner, clock, ttlMs: limits.taskTtlMs, pollMs: limits.taskPollMs, onEnd });
      tasks.set(id, task);
      return task;
    },
    drop(task) {
      forget(task.id);
    },
    find(owner, id) {
      const task = tasks.get(id);
      return task?.owner === owner ? task : undefined;
    },
    dispose() {
      for (const cancelTimer of timers) cancelTimer();
      timers.clear();
      const open = [...tasks.values()];
      tasks.clear();
      for (const task of open) task.cancel();
    },
  };
}
