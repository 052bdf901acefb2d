import { parseExpressionAt, type Program, type Statement } from "acorn";

/** A piece of text to put into a source. */
export interface Insertion {
  readonly offset: number;
  readonly text: string;
}

const ECMA_VERSION = 2025;

/**
 * What makes a program's last expression its value: a `return` before it, in each branch of a trailing `if`, block or `try`.
 * A program that is one function is called. A trailing block that reads as an object literal is one.
 * `body` are the statements of the wrapping function, `code` the text they were parsed from.
 */
export function tailReturn(body: readonly Statement[], code: string): Insertion[] {
  const only = body.length === 1 ? body[0] : undefined;
  if (only?.type === "FunctionDeclaration" && only.params.length === 0) {
    return [{ offset: only.end, text: `; return ${only.id.name}();` }];
  }
  if (only?.type === "ExpressionStatement" && isFunction(only.expression.type)) {
    const { start, end } = only.expression;
    return [
      { offset: only.start, text: "return (" },
      // The expression may stand in parentheses of its own, so the statement's text decides where it ends.
      { offset: endOfExpression(code, only.start, only.end, end, start), text: ")()" },
    ];
  }
  const last = body.at(-1);
  return last === undefined ? [] : tailOf(last, code);
}

function tailOf(statement: Statement, code: string): Insertion[] {
  switch (statement.type) {
    case "ExpressionStatement":
      return [{ offset: statement.start, text: "return " }];
    case "IfStatement":
      return [
        ...branch(statement.consequent, code),
        ...(statement.alternate ? branch(statement.alternate, code) : []),
      ];
    case "BlockStatement": {
      const text = code.slice(statement.start, statement.end);
      if (statement.body.length > 0 && isObjectLiteral(text)) {
        return [{ offset: statement.start, text: "return " }];
      }
      return lastOf(statement.body, code);
    }
    case "TryStatement":
      return [
        ...lastOf(statement.block.body, code),
        ...(statement.handler ? lastOf(statement.handler.body.body, code) : []),
      ];
    default:
      return [];
  }
}

const lastOf = (body: readonly Statement[], code: string): Insertion[] => {
  const last = body.at(-1);
  return last === undefined ? [] : tailOf(last, code);
};

/** A branch of an `if`: its block is always a block, never an object. */
const branch = (statement: Statement, code: string): Insertion[] =>
  statement.type === "BlockStatement" ? lastOf(statement.body, code) : tailOf(statement, code);

const isFunction = (type: string): boolean =>
  type === "ArrowFunctionExpression" || type === "FunctionExpression";

function isObjectLiteral(text: string): boolean {
  try {
    const expression = parseExpressionAt(text, 0, {
      ecmaVersion: ECMA_VERSION,
      allowAwaitOutsideFunction: true,
    });
    return expression.type === "ObjectExpression" && expression.end === text.length;
  } catch {
    return false;
  }
}

function endOfExpression(code: string, from: number, to: number, end: number, start: number): number {
  const opened = code.slice(from, start).split("(").length - 1;
  let offset = end;
  for (let closed = 0; closed < opened && offset < to; offset += 1) if (code[offset] === ")") closed += 1;
  return offset;
}

/** The statements after the directive in the one async arrow function that a text must consist of; undefined when it is anything else. */
export function bodyOfOnlyFunction(program: Program, code: string): readonly Statement[] | undefined {
  const statement = program.body[0];
  if (program.body.length !== 1 || statement?.type !== "ExpressionStatement") return undefined;
  const { expression } = statement;
  if (expression.type !== "ArrowFunctionExpression" || !expression.async || expression.params.length > 0)
    return undefined;
  if (expression.body.type !== "BlockStatement" || statement.start !== 0) return undefined;
  return expression.body.end === code.lastIndexOf("}") + 1 ? expression.body.body.slice(1) : undefined;
}
