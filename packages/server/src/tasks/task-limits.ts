/** When a call becomes a task, and how tasks are kept. */
export interface TaskLimits {
  /** How long a call may take before a client that knows tasks is given one, in milliseconds. Default 10,000. */
  readonly foregroundMs: number;
  /** Tasks kept, those that have ended and calls that may become one included. Beyond it a call is refused. Default 256. */
  readonly maxTasks: number;
  /** Of one owner. Default: all. */
  readonly maxTasksOfOne: number;
  /** How long a task can be read after its end, in milliseconds. Default 600,000. */
  readonly taskTtlMs: number;
  /** How often clients are told to ask, in milliseconds. Default 1,000. */
  readonly taskPollMs: number;
}

/** What is said of them; how many one owner has follows from who can be told apart. */
export type TaskLimitOptions = Partial<Omit<TaskLimits, "maxTasksOfOne">>;

/** Puts the defaults where nothing is said. */
export function taskLimits(options: TaskLimitOptions): TaskLimits {
  const { foregroundMs = 10_000, maxTasks = 256, taskTtlMs = 600_000, taskPollMs = 1_000 } = options;
  return { foregroundMs, maxTasks, maxTasksOfOne: maxTasks, taskTtlMs, taskPollMs };
}
