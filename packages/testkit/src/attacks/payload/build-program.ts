import type { GuestProgram, Language } from "@mcp-optimizer/contracts";
import type { Attack, AttackTargets } from "../attack.ts";
import { BREAKOUT, STAY_IN } from "./javascript-prelude.ts";
import { PYTHON_PRELUDE } from "./python-prelude.ts";

/** The tools that an attack's programs are told of. */
const NAMESPACES: GuestProgram["namespaces"] = [
  { name: "fixture", tools: ["echo", "refused", "hang", "large", "listening"] },
];

/** An attack as a program, or `undefined` when it has none in a language. */
export function buildProgram(
  attack: Attack,
  language: Language,
  targets: AttackTargets,
): GuestProgram | undefined {
  const payload = attack[language];
  if (payload === undefined) return undefined;
  const source = (language === "python" ? pythonSource : javascriptSource)(attack, payload, targets);
  return { language, source, namespaces: NAMESPACES };
}

function javascriptSource(attack: Attack, payload: string, targets: AttackTargets): string {
  if (attack.wholeSource === true) return payload;
  const breakout = attack.breakout === true ? BREAKOUT + STAY_IN : "";
  return `async () => {\nconst T = ${JSON.stringify(targets)};\n${breakout}${payload}\n}`;
}

function pythonSource(attack: Attack, payload: string, targets: AttackTargets): string {
  const text = JSON.stringify(JSON.stringify(targets));
  const prelude = attack.group === "language" && !payload.includes("sc(") ? "" : PYTHON_PRELUDE;
  return `import json\nT = json.loads(${text})\n${prelude}\n${dedent(payload)}`;
}

/** Takes off the indentation that all lines share. */
function dedent(text: string): string {
  const lines = text.replace(/^\n/, "").split("\n");
  const widths = lines.filter((line) => line.trim() !== "").map((line) => /^ */.exec(line)![0].length);
  const shared = Math.min(...widths);
  return lines.map((line) => line.slice(shared)).join("\n");
}
