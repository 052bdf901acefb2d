/** Error numbers of preview1 that these calls give. */
export const ERRNO = {
  success: 0,
  tooBig: 1,
  badDescriptor: 8,
  exists: 20,
  fault: 21,
  fileTooBig: 22,
  illegalSequence: 25,
  invalid: 28,
  isDirectory: 31,
  loop: 32,
  tooManyDescriptors: 33,
  nameTooLong: 37,
  noEntry: 44,
  noMemory: 48,
  noSpace: 51,
  notDirectory: 54,
  notEmpty: 55,
  notSocket: 57,
  notSupported: 58,
  overflow: 61,
  notPermitted: 63,
  illegalSeek: 70,
  notCapable: 76,
} as const;

/** Ends a call of the module with an error number, which the module sees. */
export class WasiError extends Error {
  readonly errno: number;

  constructor(name: keyof typeof ERRNO) {
    super(name);
    this.errno = ERRNO[name];
  }
}
