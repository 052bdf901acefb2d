import { testGuestLauncher } from "@mcp-optimizer/testkit";
import { KINDS } from "./kinds.ts";
import { markContainers, markedContainers } from "./mark-containers.ts";
import { ownerCommand } from "./owner-command.ts";
import { sharedDockerd } from "./shared-dockerd.ts";

const { service, reason } = await sharedDockerd();
const [, kind] = KINDS;
const socketPath = service?.socketPath ?? "";
const mark = `${kind.name} launcher`;
const engine = markContainers(socketPath, mark);

testGuestLauncher({
  name: kind.name,
  slowness: kind.slowness,
  sampledLanguages: ["python"],
  unavailable: reason,
  create: () => kind.launcher({ engine }),
  remains: () => markedContainers(engine, mark),
  owner: ownerCommand(kind.name, socketPath, mark),
});
