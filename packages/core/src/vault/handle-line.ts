/** What a model can do with a handle. */
export const handleLine = (handle: string): string =>
  `vault.open('${handle}') is the whole; parts: vault.slice(handle, from, to), vault.select(handle, '$.a[*].b'), vault.grep(handle, 'regex')`;
