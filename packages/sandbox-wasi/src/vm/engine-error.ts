/** A value that the guest threw out of a call of the glue. */
export class EngineError extends Error {
  /** Whether the guest had no memory left. */
  readonly outOfMemory: boolean;
  /** Pointer to the thrown value; absent when there is none. */
  readonly thrown: number | undefined;

  constructor(text: string, outOfMemory: boolean, thrown?: number) {
    super(text);
    this.outOfMemory = outOfMemory;
    this.thrown = thrown;
  }
}

/** Thrown from the interrupt hook to unwind a guest that does not stop. Only a reset may follow. */
export class Unwind extends Error {}

/** A message of the guest is over its size limit. */
export class MessageTooLong extends Error {}
