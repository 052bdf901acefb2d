/** Whether a value has more levels of nesting than this. */
export function isDeeper(value: object, limit: number): boolean {
  let level: object[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limit) return true;
    level = level.flatMap((node) =>
      Object.values(node).filter((child) => typeof child === "object" && child !== null),
    );
  }
  return false;
}
