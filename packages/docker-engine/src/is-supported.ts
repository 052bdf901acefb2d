/** Whether a daemon's version is 20.10 or newer. An unreadable one, as of a development build, counts as new. */
export function isSupported(version: string): boolean {
  const match = /^v?(\d+)\.(\d+)/.exec(version);
  if (!match) return true;
  const [major, minor] = [Number(match[1]), Number(match[2])];
  return major > 20 || (major === 20 && minor >= 10);
}
