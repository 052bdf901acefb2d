import { randomUUID } from "node:crypto";
import { OptimizerError, type Clock, type JsonObject, type Log } from "@mcp-optimizer/contracts";
import type { FormAnswer } from "../approvals/approval-form.ts";
import { openMailbox } from "../shared/mailbox.ts";
import type { Owner } from "../shared/owner.ts";
import type { SharedState } from "../shared/shared-state.ts";
import { createHeldTasks } from "./held-tasks.ts";
import { takeInstanceLease } from "./instance-lease.ts";
import type { TaskDesk } from "./task-desk.ts";
import type { TaskLimits } from "./task-limits.ts";
import { abandoned, hasEnded, taskIn, type TaskRecord } from "./task-record.ts";
import { createTaskTable } from "./task-table.ts";
import type { Task } from "./task.ts";

const LEASE_MS = 15_000;
const CLOSE_MS = 1_000;
/** A person's answer to a form is small. */
const MAX_ANSWER_CHARACTERS = 4_096;

/** What a shared desk is made of. */
export interface SharedTaskParts extends Pick<SharedState, "tasks" | "bulletin"> {
  readonly limits: TaskLimits;
  readonly clock: Clock;
  readonly log: Log;
  /** How long a silent process is taken for alive, in milliseconds. Default 15,000. */
  readonly leaseMs?: number;
}

/** The tasks of all processes that share a store. The store alone says how they stand, so that a client is never told two things. */
export function createSharedTaskDesk(parts: SharedTaskParts): TaskDesk {
  const { tasks: store, bulletin, limits, clock, log, leaseMs = LEASE_MS } = parts;
  const instance = randomUUID();
  const held = createHeldTasks({
    store,
    instance,
    ttlMs: limits.taskTtlMs,
    pollMs: limits.taskPollMs,
    clock,
    log,
    onLost(task) {
      log({ level: "warn", message: "A task was given up: this process was taken for dead." });
      task.cancel();
      table.drop(task);
    },
  });
  const table = createTaskTable(limits, clock, {
    onChange: (task, state) => held.changed(task, state),
    onForget: (task) => held.remove(task),
  });

  const letterOf = (id: string, what: string): string => `${what}/${id}`;
  /** Takes what clients have told other processes. */
  const collect = async (task: Task): Promise<void> => {
    try {
      const { tenant } = task.owner;
      const { question } = task;
      if (question !== undefined) {
        const letter = await mailbox.take(tenant, letterOf(task.id, question));
        if (letter !== undefined) task.answer((key) => (key === question ? toAnswer(letter) : undefined));
      }
      if ((await mailbox.take(tenant, letterOf(task.id, "cancel"))) !== undefined) task.cancel();
    } catch (cause) {
      log({ level: "warn", message: "What a client told a task could not be fetched for now.", cause });
    }
  };
  const onNews = ({ to, task: id }: JsonObject): void => {
    const task = to === instance && typeof id === "string" ? held.get(id) : undefined;
    if (task !== undefined) void collect(task);
  };
  const onGap = (): void => {
    void lease.renew();
    for (const task of held.all()) if (!task.ended) void collect(task);
  };
  const mailbox = openMailbox({ store, bulletin, topic: "mcp/tasks", clock, log, onNews, onGap });
  const lease = takeInstanceLease({
    store,
    instance,
    leaseMs,
    clock,
    log,
    onBeat() {
      held.keepAlive();
      store.takeExpired(100).catch(() => {});
    },
  });

  /** A task as it stands, which for one whose process has died is decided here, once. */
  const find = async (owner: Owner, id: string): Promise<TaskRecord | undefined> => {
    for (;;) {
      const record = await store.get(owner.tenant, id);
      const found = taskIn(record, owner);
      if (record === undefined || found === undefined) return undefined;
      if (hasEnded(found.view) || found.instance === instance) return found;
      if (!(await lease.isDead(found.instance))) return found;
      const failed = abandoned(found, clock.now(), limits.taskTtlMs);
      const data = { task: failed as unknown as JsonObject };
      try {
        await store.update(owner.tenant, id, record.version, data);
        return failed;
      } catch (error) {
        if (!OptimizerError.is(error) || (error.code !== "conflict" && error.code !== "not_found"))
          throw error;
      }
    }
  };
  const post = async (owner: Owner, id: string, to: string, what: string, letter: JsonObject) => {
    await mailbox.post(owner, letterOf(id, what), letter, { to, task: id });
  };

  return {
    limits,
    open: (owner) => table.open(owner),
    drop: (task) => table.drop(task),
    publish: (task) => held.add(task),
    async view(owner, id) {
      const local = table.find(owner, id);
      return await find(owner, id).then(
        (found) => found?.view,
        (error: unknown) => {
          // Who works on it knows best while the store is away.
          if (local !== undefined && held.get(id) === local) return local.view;
          throw error;
        },
      );
    },
    async answer(owner, id, read) {
      const local = held.get(id) && table.find(owner, id);
      if (local !== undefined) {
        local.answer(read);
        return true;
      }
      const found = await find(owner, id);
      if (found === undefined) return false;
      if (found.view.status !== "input_required") return true;
      for (const key of Object.keys(found.view.inputRequests)) {
        const answer = read(key);
        if (answer !== undefined) await post(owner, id, found.instance, key, toLetter(answer));
      }
      return true;
    },
    async cancel(owner, id) {
      const local = held.get(id) && table.find(owner, id);
      if (local !== undefined) {
        local.cancel();
        return true;
      }
      const found = await find(owner, id);
      if (found === undefined) return false;
      if (!hasEnded(found.view)) await post(owner, id, found.instance, "cancel", {});
      return true;
    },
    async dispose() {
      const open = held.all().filter((task) => !task.ended);
      for (const task of open) task.cancel();
      const late = Promise.withResolvers<void>();
      const cancelTimer = clock.schedule(CLOSE_MS, late.resolve);
      await Promise.race([
        Promise.all(open.map((task) => task.over)).then(() => held.flushed()),
        late.promise,
      ]);
      cancelTimer();
      held.dispose();
      table.dispose();
      await Promise.allSettled([lease.end(), mailbox.close()]);
    },
  };
}

function toLetter({ action, content }: FormAnswer): JsonObject {
  const letter = { action, ...(content !== undefined && { content: content as JsonObject }) };
  if (JSON.stringify(letter).length <= MAX_ANSWER_CHARACTERS) return letter;
  throw new OptimizerError("context_limit", {
    detail: `an answer has at most ${MAX_ANSWER_CHARACTERS} characters`,
  });
}

function toAnswer(letter: JsonObject): FormAnswer {
  return letter as unknown as FormAnswer;
}
