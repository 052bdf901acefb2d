export { approvalMessage } from "./approvals/approval-message.ts";
export { serveHttp, type HttpOptions, type HttpService } from "./serve-http.ts";
export { serveStdio, type StdioOptions, type StdioService } from "./serve-stdio.ts";
export type { ServiceOptions } from "./service-options.ts";
export type { ToolSource } from "./tool-source.ts";
export type { TaskLimits } from "./tasks/task-limits.ts";
