import { parseArgs } from "node:util";
import { createFixtureSession, type FixtureEra } from "./fixture-session.ts";
import { createStandardToolbox } from "./standard-fixture-tools.ts";
import { sendStdioLine, serveStdioLines } from "./serve-stdio-lines.ts";

// The well-behaved stdio server: `node fixture-server.ts [--era legacy|modern|dual] [--page-size N]`.
const { values } = parseArgs({
  options: { era: { type: "string" }, "page-size": { type: "string" } },
});
const pageSize = values["page-size"];
const session = createFixtureSession({
  toolbox: createStandardToolbox(),
  era: values.era as FixtureEra | undefined,
  pageSize: pageSize === undefined ? undefined : Number(pageSize),
  send: sendStdioLine,
});
serveStdioLines(
  (message) => void session.handle(message),
  () => process.exit(0),
);
