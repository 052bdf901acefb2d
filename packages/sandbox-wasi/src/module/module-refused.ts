/** A module or its options cannot be run as they are. */
export class ModuleRefused extends Error {
  readonly code: "invalid_params" | "memory_limit";

  /** `detail` says what is wrong. */
  constructor(code: "invalid_params" | "memory_limit", detail: string) {
    super(detail);
    this.code = code;
  }
}
