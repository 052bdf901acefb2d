import type { Owner } from "../shared/owner.ts";
import type { FormAnswer } from "../approvals/approval-form.ts";
import type { TaskLimits } from "./task-limits.ts";
import type { Task, TaskView } from "./task.ts";

/** Reads the answer to a question of a task; undefined where there is none. */
export type ReadAnswer = (key: string) => FormAnswer | undefined;

/** The tasks of a service, and the calls that may become one. */
export interface TaskDesk {
  readonly limits: TaskLimits;
  /** Makes room for a call. Throws `concurrency_limit` when there is none. */
  open(owner: Owner): Task;
  /** Forgets a call that ended before it became a task. */
  drop(task: Task): void;
  /** Lets the owner's clients find a call as a task. Rejects with `store_unavailable` when they could not. */
  publish(task: Task): Promise<void>;
  /** A task of an owner as it stands; undefined when there is none. */
  view(owner: Owner, id: string): Promise<TaskView | undefined>;
  /** Takes answers to what a task asks now; others mean nothing. False when there is no such task. */
  answer(owner: Owner, id: string, read: ReadAnswer): Promise<boolean>;
  /** Stops a task's call. False when there is no such task. */
  cancel(owner: Owner, id: string): Promise<boolean>;
  /** Stops every call and forgets every task. Idempotent. */
  dispose(): Promise<void>;
}
