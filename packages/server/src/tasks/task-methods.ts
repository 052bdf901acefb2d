import { OptimizerError } from "@mcp-optimizer/contracts";
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
import type { Owner } from "../shared/owner.ts";
import type { TaskDesk } from "./task-desk.ts";

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
export function serveTaskMethods(server: Server, tasks: TaskDesk): void {
  const onTask = (
    method: string,
    /** Resolves with undefined when there is no such task. */
    answer: (owner: Owner, taskId: string, context: ServerContext) => Promise<object | undefined>,
  ): void => {
    server.setRequestHandler(method, { params: TaskParams }, async ({ taskId }, context) => {
      if (!clientAbilities("modern", server, context).tasks) {
        throw new MissingRequiredClientCapabilityError({
          requiredCapabilities: { extensions: { [TASKS_EXTENSION]: {} } },
        });
      }
      const answered = await answer(callOrigin(context, undefined), taskId, context).catch(asProtocolError);
      if (answered === undefined) {
        throw new ProtocolError(ProtocolErrorCode.InvalidParams, "There is no such task, or it is over.");
      }
      return { ...answered };
    });
  };
  onTask("tasks/get", (owner, id) => tasks.view(owner, id));
  onTask("tasks/update", async (owner, id, { mcpReq }) => {
    if (mcpReq.inputResponses === undefined) {
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, "inputResponses is missing.");
    }
    const found = await tasks.answer(owner, id, (key) => {
      const answer = inputResponse(mcpReq.inputResponses, key);
      return answer.kind === "elicit" ? answer : undefined;
    });
    return found ? {} : undefined;
  });
  onTask("tasks/cancel", async (owner, id) => ((await tasks.cancel(owner, id)) ? {} : undefined));
}

function asProtocolError(error: unknown): never {
  if (!OptimizerError.is(error)) throw error;
  const { InvalidParams, InternalError } = ProtocolErrorCode;
  throw new ProtocolError(error.status < 500 ? InvalidParams : InternalError, error.message, {
    code: error.code,
  });
}
