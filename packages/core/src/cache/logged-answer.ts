import type { JsonObject, JsonValue } from "@mcp-optimizer/contracts";

/** An answer that was kept, as a run's log has it: no calls were made that would say where it comes from. */
export const loggedAnswer = (answer: JsonValue, sources: readonly string[]): JsonValue => ({
  answer,
  sources: [...sources],
});

/** What {@link loggedAnswer} was made of. */
export function fromLoggedAnswer(logged: JsonValue): {
  readonly answer: JsonValue;
  readonly sources: readonly string[];
} {
  const { answer = null, sources = [] } = logged as JsonObject;
  return { answer, sources: sources as string[] };
}
