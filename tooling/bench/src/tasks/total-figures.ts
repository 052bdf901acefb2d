import type { TaskFigures } from "./task-figures.ts";

/** Sums over all tasks. */
export interface TotalFigures {
  readonly classicOwn: number;
  readonly classicAll: number;
  readonly ours: number;
  readonly warm: number;
  readonly calls: number;
  readonly correct: boolean;
  /** Share of `classicAll` that `ours` does not need: 0.97 is 97 %. */
  readonly saved: number;
  readonly warmSaved: number;
  /** Share of `classicOwn` that `ours` does not need. */
  readonly savedOwn: number;
}

/** Adds the tasks up. */
export function totalOf(tasks: readonly TaskFigures[]): TotalFigures {
  const sum = (key: "classicOwn" | "classicAll" | "ours" | "warm" | "calls"): number =>
    tasks.reduce((total, task) => total + task[key], 0);
  const [classicOwn, classicAll, ours, warm] = [
    sum("classicOwn"),
    sum("classicAll"),
    sum("ours"),
    sum("warm"),
  ];
  return {
    classicOwn,
    classicAll,
    ours,
    warm,
    calls: sum("calls"),
    correct: tasks.every(({ correct }) => correct),
    saved: saved(ours, classicAll),
    warmSaved: saved(warm, classicAll),
    savedOwn: saved(ours, classicOwn),
  };
}

const saved = (now: number, before: number): number =>
  before === 0 ? 0 : Math.round((1 - now / before) * 10_000) / 10_000;
