import type { TaskDesk } from "./task-desk.ts";
import type { TaskTable } from "./task-table.ts";

/** The tasks of one process, which nobody else can find. */
export function createLocalTaskDesk(table: TaskTable): TaskDesk {
  return {
    limits: table.limits,
    open: (owner) => table.open(owner),
    drop: (task) => table.drop(task),
    publish: async () => {},
    view: async (owner, id) => table.find(owner, id)?.view,
    async answer(owner, id, read) {
      const task = table.find(owner, id);
      task?.answer(read);
      return task !== undefined;
    },
    async cancel(owner, id) {
      const task = table.find(owner, id);
      task?.cancel();
      return task !== undefined;
    },
    dispose: async () => table.dispose(),
  };
}
