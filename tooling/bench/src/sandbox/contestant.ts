/** A sandbox that runs the script. */
export interface Contestant {
  /** Runs the script once, in a realm as fresh as the sandbox gives, and returns its value. */
  run(): Promise<unknown>;
  /** The same in a guest that is started for it, where ready ones are kept. Default: the first run is the cold one. */
  readonly runCold?: () => Promise<unknown>;
  /** Runs at once when throughput is measured. */
  readonly inFlight: number;
  /** Pause before each run whose latency is measured, in milliseconds: time to have a guest ready again. Default none. */
  readonly pauseMs?: number;
  /** Memory of one guest, in bytes. Default: what this process grew by. */
  readonly guestBytes?: () => number | undefined;
  close(): Promise<void>;
}

/** How a contestant is found and opened. */
export interface ContestantEntry {
  readonly name: string;
  /** What it isolates, in a few words. */
  readonly note: string;
  /** Runs of one repeat. */
  readonly runs: number;
  /** Throws when a value is not what the program gives. */
  readonly check: (value: unknown) => void;
  /** The sandbox whose services it needs. Default none. */
  readonly sandbox?: string;
  readonly open: () => Promise<Contestant>;
}

/** Environment variable with the settings of what was started for a contestant, as JSON. */
export const SERVED_SETTINGS = "BENCH_SANDBOX_SETTINGS";
