// The errors alone, for a command line that must start fast: the rest of this package loads zod.
export { ERROR_CODES, isErrorCode, type ErrorCode, type ErrorSpec } from "./error-codes.ts";
export { OptimizerError, type OptimizerErrorOptions } from "./optimizer-error.ts";
