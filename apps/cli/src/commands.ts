import type { Command } from "@oclif/core/command";
import { AuthToken } from "./commands/auth/token.ts";
import { IntentsList } from "./commands/intents/list.ts";
import { IntentsRemove } from "./commands/intents/remove.ts";
import { IntentsRun } from "./commands/intents/run.ts";
import { IntentsSave } from "./commands/intents/save.ts";
import { IntentsShow } from "./commands/intents/show.ts";
import { Run } from "./commands/run.ts";
import { RunsList } from "./commands/runs/list.ts";
import { RunsReplay } from "./commands/runs/replay.ts";
import { RunsRevert } from "./commands/runs/revert.ts";
import { RunsShow } from "./commands/runs/show.ts";
import { Sandboxes } from "./commands/sandboxes.ts";
import { Savings } from "./commands/savings.ts";
import { Search } from "./commands/search.ts";
import { Serve } from "./commands/serve.ts";
import { SessionsCleanup } from "./commands/sessions/cleanup.ts";
import { SessionsDelete } from "./commands/sessions/delete.ts";
import { SessionsList } from "./commands/sessions/list.ts";
import { Tokens } from "./commands/tokens.ts";
import { Tools } from "./commands/tools.ts";
import { TypesForget } from "./commands/types/forget.ts";
import { TypesList } from "./commands/types/list.ts";
import { Worker } from "./commands/worker.ts";

/** Every command by its name. */
export const commands: Readonly<Record<string, Command.Class>> = {
  "auth:token": AuthToken,
  "intents:list": IntentsList,
  "intents:remove": IntentsRemove,
  "intents:run": IntentsRun,
  "intents:save": IntentsSave,
  "intents:show": IntentsShow,
  run: Run,
  "runs:list": RunsList,
  "runs:replay": RunsReplay,
  "runs:revert": RunsRevert,
  "runs:show": RunsShow,
  sandboxes: Sandboxes,
  savings: Savings,
  search: Search,
  serve: Serve,
  "sessions:cleanup": SessionsCleanup,
  "sessions:delete": SessionsDelete,
  "sessions:list": SessionsList,
  tokens: Tokens,
  tools: Tools,
  types: TypesList,
  "types:forget": TypesForget,
  worker: Worker,
};
