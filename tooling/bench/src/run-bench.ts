/** What the command line of a bench asks for. */
export interface BenchRun<Report> {
  readonly json: boolean;
  /** Aborts once the process is asked to end: what was started is closed then. */
  readonly measure: (say: (line: string) => void, signal: AbortSignal) => Promise<Report>;
  readonly print: (report: Report) => string;
  /** Whether the figures are worth nothing. Default: never. */
  readonly failed?: (report: Report) => boolean;
}

/** Measures, prints, and sets the exit code. Progress goes to stderr. */
export async function runBench<Report>({ json, measure, print, failed }: BenchRun<Report>): Promise<void> {
  const interrupted = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => interrupted.abort(new Error(`Ended by ${signal}`)));
  }
  try {
    const report = await measure((line) => console.error(line), interrupted.signal);
    console.log(json ? JSON.stringify(report, undefined, 2) : print(report));
    if (failed?.(report) === true) process.exitCode = 1;
  } catch (error) {
    failBench((error as Error).message);
  }
}

/** Loads modules that need the built packages; undefined, and a message, where these are missing. */
export async function loadBuilt<Modules>(load: () => Promise<Modules>): Promise<Modules | undefined> {
  try {
    return await load();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    return failBench("The packages are not built. Run: npm run setup && npm run build");
  }
}

/** Says why there is no report, and makes the process fail. */
export function failBench(message: string): undefined {
  console.error(message);
  process.exitCode = 1;
}
