export type { Attack, AttackEnd, AttackEvidence, AttackGroup, AttackTargets } from "./attacks/attack.ts";
export { ATTACK_LIMITS } from "./attacks/attack-limits.ts";
export { ATTACKS } from "./attacks/attack-list.ts";
export type { SeenCall } from "./attacks/host/attack-host.ts";
export type { LoopLateness } from "./attacks/host/loop-watch.ts";
export type { AttackReport, AttackResult } from "./attacks/run/attack-report.ts";
export { runAttacks, type AttackRunOptions } from "./attacks/run/run-attacks.ts";
