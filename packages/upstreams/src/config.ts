export { parseConfigDocument, type ConfigDocument } from "./config/config-document.ts";
export { parseServersConfig, type ParseServersOptions } from "./config/parse-servers-config.ts";
export type {
  ConfigNote,
  ParsedRemoteServer,
  ParsedServer,
  ParsedServers,
  ParsedStdioServer,
  RemoteTransportType,
  ToolFilter,
  UnusableServer,
} from "./config/parsed-servers.ts";
export { resolveServersConfig, type ResolveServersOptions } from "./config/resolve-servers-config.ts";
export { expandVariables, type Expansion, type VariableScope } from "./config/expand-variables.ts";
export type {
  RemoteUpstream,
  StdioUpstream,
  UnusableUpstream,
  UpstreamConfig,
} from "./config/upstream-config.ts";
