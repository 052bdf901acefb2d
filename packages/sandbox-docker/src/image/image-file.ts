/** A file of an image: copied from this machine, given as text, or a symbolic link. Its path has no leading slash. */
export type ImageFile =
  | { readonly path: string; readonly source: string; readonly executable?: boolean }
  | { readonly path: string; readonly content: string | Uint8Array }
  | { readonly path: string; readonly link: string };
