import type { Interfaces } from "@oclif/core";
import { EXIT_CODES } from "./exit-codes.ts";

/** Says on one line that there is no such command, and which there are. */
const commandNotFound: Interfaces.Hook<"command_not_found"> = async ({ id, config }) => {
  const spaced = (name: string): string => name.replaceAll(":", " ");
  const names = config.commandIDs.map(spaced).toSorted().join(", ");
  process.stderr.write(
    `mcp-optimizer: there is no command ${JSON.stringify(spaced(id))}; there are ${names}\n`,
  );
  process.exit(EXIT_CODES.usage);
};

export default commandNotFound;
