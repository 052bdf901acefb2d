import type { Attack } from "./attack.ts";
import { AGENT_FRAME_ATTACKS } from "./groups/agent-frames.ts";
import { BRIDGE_ATTACKS } from "./groups/bridge.ts";
import { CPU_ATTACKS } from "./groups/cpu.ts";
import { FILE_ATTACKS } from "./groups/files.ts";
import { FILE_LIMIT_ATTACKS } from "./groups/file-limits.ts";
import { KERNEL_CALL_ATTACKS } from "./groups/kernel-calls.ts";
import { KERNEL_FILE_ATTACKS } from "./groups/kernel-files.ts";
import { LANGUAGE_CVE_ATTACKS } from "./groups/language-cves.ts";
import { LANGUAGE_PYTHON_ATTACKS } from "./groups/language-python.ts";
import { LANGUAGE_REALM_ATTACKS } from "./groups/language-realm.ts";
import { MEMORY_ATTACKS } from "./groups/memory.ts";
import { NETWORK_ATTACKS } from "./groups/network.ts";
import { PROCESS_ATTACKS } from "./groups/processes.ts";
import { SECRET_ATTACKS } from "./groups/secrets.ts";
import { TENANT_ATTACKS } from "./groups/tenants.ts";

/** Every attack, by group. */
export const ATTACKS: readonly Attack[] = [
  ...CPU_ATTACKS,
  ...MEMORY_ATTACKS,
  ...PROCESS_ATTACKS,
  ...FILE_ATTACKS,
  ...FILE_LIMIT_ATTACKS,
  ...SECRET_ATTACKS,
  ...TENANT_ATTACKS,
  ...NETWORK_ATTACKS,
  ...KERNEL_CALL_ATTACKS,
  ...KERNEL_FILE_ATTACKS,
  ...LANGUAGE_REALM_ATTACKS,
  ...LANGUAGE_CVE_ATTACKS,
  ...LANGUAGE_PYTHON_ATTACKS,
  ...BRIDGE_ATTACKS,
  ...AGENT_FRAME_ATTACKS,
];
