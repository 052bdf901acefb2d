/** Something that is opened when it is first asked for, and again after it was closed or could not be opened. */
export interface Lazily<T> {
  get(): Promise<T>;
  /** Closes it, when it is open. */
  close(): Promise<void>;
}

/** Opens at most one at a time. */
export function lazily<T>(
  open: () => Promise<{ readonly value: T; readonly close: () => Promise<void> }>,
): Lazily<T> {
  let opening: ReturnType<typeof open> | undefined;
  return {
    async get() {
      const mine = (opening ??= open());
      try {
        return (await mine).value;
      } catch (error) {
        if (opening === mine) opening = undefined;
        throw error;
      }
    },
    async close() {
      const mine = opening;
      opening = undefined;
      // What could not be opened is not open.
      const opened = await mine?.catch(() => undefined);
      await opened?.close();
    },
  };
}
