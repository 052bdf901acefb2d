/** A sandbox that runs the script. */
export interface Contestant {
  /** Runs the script once, in a realm as fresh as the sandbox gives, and returns its value. */
  run(): Promise<unknown>;
  /** Runs at once when throughput is measured. */
  readonly inFlight: number;
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
  readonly open: () => Promise<Contestant>;
}
