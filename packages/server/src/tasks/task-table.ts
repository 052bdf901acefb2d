import { randomUUID } from "node:crypto";
import { OptimizerError, type Clock } from "@mcp-optimizer/contracts";
import { sameOwner, type Owner } from "../shared/owner.ts";
import { Task } from "./task.ts";
import type { TaskLimits } from "./task-limits.ts";

/** What others want to know of tasks. */
export interface TaskWatch {
  /** It has another state, or another message only. */
  readonly onChange?: (task: Task, state: boolean) => void;
  /** It is not kept any longer. */
  readonly onForget?: (task: Task) => void;
}

/** The tasks of a process, and the calls that may become one. */
export interface TaskTable {
  readonly limits: TaskLimits;
  /** Makes room for a call. Throws `concurrency_limit` when there is none. */
  open(owner: Owner): Task;
  /** Forgets a call that ended before it became a task. */
  drop(task: Task): void;
  /** The task of that id, if it is the owner's. */
  find(owner: Owner, id: string): Task | undefined;
  /** Stops every call and forgets every task. Idempotent. */
  dispose(): void;
}

/** Creates an empty table. */
export function createTaskTable(limits: TaskLimits, clock: Clock, watch: TaskWatch = {}): TaskTable {
  const tasks = new Map<string, Task>();
  /** Those that have ended, oldest first, each with what keeps it from being forgotten in time. */
  const ended = new Map<string, () => void>();
  const forget = (id: string): void => {
    const task = tasks.get(id);
    ended.get(id)?.();
    ended.delete(id);
    tasks.delete(id);
    if (task !== undefined) watch.onForget?.(task);
  };
  const expire = (id: string): void => {
    ended.set(
      id,
      clock.schedule(limits.taskTtlMs, () => forget(id)),
    );
  };

  const hasShare = (owner: Owner): boolean => {
    let own = 0;
    for (const task of tasks.values()) if (sameOwner(task.owner, owner)) own += 1;
    return own < limits.maxTasksOfOne;
  };
  const isFull = (owner: Owner): boolean => tasks.size >= limits.maxTasks || !hasShare(owner);

  return {
    limits,
    open(owner) {
      if (isFull(owner)) {
        // The one that has waited longest to be fetched makes room; another's only where the owner has none.
        const own = [...ended.keys()].find((each) => sameOwner(tasks.get(each)!.owner, owner));
        const oldest = own ?? (hasShare(owner) ? [...ended.keys()][0] : undefined);
        if (oldest !== undefined) forget(oldest);
      }
      if (isFull(owner)) {
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
      const onChange = (state: boolean): void => watch.onChange?.(task, state);
      const { taskTtlMs: ttlMs, taskPollMs: pollMs } = limits;
      const task: Task = new Task({ id, owner, clock, ttlMs, pollMs, onEnd, onChange });
      tasks.set(id, task);
      return task;
    },
    drop(task) {
      forget(task.id);
    },
    find(owner, id) {
      const task = tasks.get(id);
      return task !== undefined && sameOwner(task.owner, owner) ? task : undefined;
    },
    dispose() {
      for (const cancelTimer of ended.values()) cancelTimer();
      ended.clear();
      const open = [...tasks.values()];
      tasks.clear();
      for (const task of open) task.cancel();
    },
  };
}
