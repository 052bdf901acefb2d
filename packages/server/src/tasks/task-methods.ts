import {
  inputResponse,
  MissingRequiredClientCapabilityError,
  ProtocolError,
  ProtocolErrorCode,
  type Server,
  type ServerContext,
  type StandardSchemaV1,
} from "@modelcontextprotocol/server";
import { callOrigin } from "../protocol/call-origin.ts";
import { clientAbilities, TASKS_EXTENSION } from "../protocol/client-abilities.ts";
import type { Task } from "./task.ts";
import type { TaskTable } from "./task-table.ts";

interface TaskParams {
  readonly taskId: string;
}

const TaskParams: StandardSchemaV1<TaskParams> = {
  "~standard": {
    version: 1,
    vendor: "mcp-optimizer",
    validate: (value) =>
      typeof value === "object" && value !== null && "taskId" in value && typeof value.taskId === "string"
        ? { value: { taskId: value.taskId } }
        : { issues: [{ message: "taskId must be a string" }] },
  },
};

/** Lets a server of the era since 2026-07-28 answer `tasks/get`, `tasks/update` and `tasks/cancel`. */
export function serveTaskMethods(server: Server, tasks: TaskTable): void {
  const onTask = (
    method: string,
    answer: (task: Task, context: ServerContext) => Record<string, unknown>,
  ): void => {
    server.setRequestHandler(method, { params: TaskParams }, ({ taskId }, context) => {
      if (!clientAbilities("modern", server, context).tasks) {
        throw new MissingRequiredClientCapabilityError({
          requiredCapabilities: { extensions: { [TASKS_EXTENSION]: {} } },
        });
      }
      const task = tasks.find(callOrigin(context, undefined).tenant, taskId);
      if (task === undefined) {
        throw new ProtocolError(ProtocolErrorCode.InvalidParams, "There is no such task, or it is over.");
      }
      return answer(task, context);
    });
  };
  onTask("tasks/get", (task) => ({ ...task.view }));
  onTask("tasks/update", (task, { mcpReq }) => {
    if (mcpReq.inputResponses === undefined) {
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, "inputResponses is missing.");
    }
    task.answer((key) => {
      const answer = inputResponse(mcpReq.inputResponses, key);
      return answer.kind === "elicit" ? answer : undefined;
    });
    return {};
  });
  onTask("tasks/cancel", (task) => {
    task.cancel();
    return {};
  });
}
