/** Loads what needs the installed and built packages. */
async function load() {
  try {
    await import("@mcp-optimizer/sandbox-wasi");
    const [{ measureSandboxes }, { printReport }] = await Promise.all([
      import("./sandbox-report.ts"),
      import("./print-report.ts"),
    ]);
    return { measureSandboxes, printReport };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    console.error("The packages are not installed or not built. Run: npm run setup && npm run build");
    process.exitCode = 1;
    return undefined;
  }
}

const modules = await load();
if (modules !== undefined) {
  const only = process.argv.find((arg) => arg.startsWith("--only="))?.slice("--only=".length) ?? "";
  const report = await modules.measureSandboxes(only, (line) => console.error(line));
  console.log(
    process.argv.includes("--json") ? JSON.stringify(report, undefined, 2) : modules.printReport(report),
  );
}
