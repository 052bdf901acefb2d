/** Who looks at the catalogue: what is there to see hangs on both. */
export interface Viewer {
  /** Default `local`. */
  readonly tenant?: string | undefined;
  /** What the caller was granted. Default none. */
  readonly scopes?: readonly string[] | undefined;
}
