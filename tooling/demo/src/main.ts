import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadO200kTokenCounter } from "@mcp-optimizer/core";
import { connectOptimizer } from "./connect-optimizer.ts";
import { printReport } from "./print-report.ts";
import { printSavings } from "./print-savings.ts";
import { runTask } from "./run-task.ts";
import { writeSampleTree } from "./write-sample-tree.ts";

// What `npm start` shows: three real MCP servers behind one, and a task over two of them in one program. `--savings`: and the ledger of it.
const folder = await mkdtemp(join(tmpdir(), "mcp-optimizer-demo-"));
try {
  const tree = await writeSampleTree(folder);
  const counter = await loadO200kTokenCounter();
  const print = (text: string): void => void process.stdout.write(text);
  const session = await connectOptimizer({ folder, tree });
  {
    await using _closed = session;
    printReport(await runTask({ ...session, tree, counter }), print);
  }
  if (process.argv.includes("--savings")) await printSavings(session.config, print);
} finally {
  await rm(folder, { recursive: true, force: true });
}
