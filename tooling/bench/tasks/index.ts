import type { BenchTask } from "../src/tasks/bench-task.ts";
import { T01 } from "./t01.ts";
import { T03 } from "./t03.ts";
import { T05 } from "./t05.ts";
import { T06 } from "./t06.ts";
import { T07 } from "./t07.ts";
import { T09 } from "./t09.ts";
import { T11 } from "./t11.ts";
import { T14 } from "./t14.ts";
import { T15 } from "./t15.ts";
import { T16 } from "./t16.ts";

/** All tasks, in the order in which they run. */
export const TASKS: readonly BenchTask[] = [T01, T03, T05, T06, T07, T09, T11, T14, T15, T16];
