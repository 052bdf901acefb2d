/** The longest program, in characters. */
export const MAX_PROGRAM_LENGTH: number = 256 * 1024;
