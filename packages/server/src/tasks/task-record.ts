import type { JsonObject, SessionRecord } from "@mcp-optimizer/contracts";
import { sameOwner, type Owner } from "../shared/owner.ts";
import type { Task, TaskView } from "./task.ts";

/** A task as all processes find it. */
export interface TaskRecord {
  readonly view: TaskView;
  /** The process that works on it. */
  readonly instance: string;
  /** The run that it is part of, where it is known. */
  readonly run?: string;
  /** Another process has ended it, since that one was dead. */
  readonly lost?: true;
}

/** A task as it is stored. */
export function taskData({ view, run }: Task, instance: string): JsonObject {
  const data: TaskRecord = { view, instance, ...(run !== undefined && { run }) };
  return { task: data as unknown as JsonObject };
}

/** Reads a stored task; undefined for what is none, or another's. */
export function taskIn(record: SessionRecord | undefined, owner: Owner): TaskRecord | undefined {
  if (record === undefined || !sameOwner(record, owner)) return undefined;
  return record.data["task"] as unknown as TaskRecord | undefined;
}

/** Whether a task will not change any more. */
export function hasEnded({ status }: TaskView): boolean {
  return status !== "working" && status !== "input_required";
}

/** A task whose process has died with it, as it stands since. */
export function abandoned({ view, instance, run }: TaskRecord, now: number, ttlMs: number): TaskRecord {
  const { taskId, createdAt, pollIntervalMs } = view;
  const look =
    run === undefined
      ? "Look at what it was to do"
      : `Look at its run, ${run}, or go on with it by calling run_code with { "run": "${run}" }`;
  const message = `outcome_unknown: The process that worked on this ended before its result was there. What it had begun may have happened. ${look}, before it is done again.`;
  return {
    instance,
    ...(run !== undefined && { run }),
    lost: true,
    view: {
      taskId,
      status: "failed",
      error: {
        code: -32_603,
        message,
        data: { code: "outcome_unknown", ...(run !== undefined && { runId: run }) },
      },
      createdAt,
      lastUpdatedAt: new Date(now).toISOString(),
      ttlMs: now - Date.parse(createdAt) + ttlMs,
      pollIntervalMs,
    },
  };
}
