/** A file or folder of the host that a guest sees, read-only. */
export interface RuntimeBind {
  readonly source: string;
  readonly target: string;
}

/** An interpreter of this machine, with all that it needs. */
export interface GuestRuntime {
  readonly version: string;
  /** The interpreter itself, on the host. */
  readonly executable: string;
  readonly binds: readonly RuntimeBind[];
  /** Folders in the binds that a guest sees empty. */
  readonly hidden: readonly string[];
}
