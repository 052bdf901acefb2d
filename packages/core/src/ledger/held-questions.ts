/** Answers that ask for approval: a model reads one only where the client does not ask a person itself. */
export interface HeldQuestions {
  /** Holds what records the answer that asks, under its state. */
  hold(session: string, state: string, record: () => void): void;
  /** The question of this state was answered by a person: no model has read it. Gives whether it was held. */
  answered(state: string): boolean;
  /** A session goes on: its model has read what it was asked. Default: all have. */
  read(session?: string): void;
}

/** Beyond, those asked first are taken for read. */
const MOST_HELD = 1_000;

/** Makes {@link HeldQuestions}. */
export function createHeldQuestions(): HeldQuestions {
  const held = new Map<string, { readonly session: string; readonly record: () => void }>();
  const release = (state: string): void => {
    held.get(state)?.record();
    held.delete(state);
  };
  return {
    hold(session, state, record) {
      held.set(state, { session, record });
      if (held.size > MOST_HELD) release(held.keys().next().value!);
    },
    answered: (state) => held.delete(state),
    read(session) {
      for (const [state, question] of held) {
        if (session === undefined || question.session === session) release(state);
      }
    },
  };
}
