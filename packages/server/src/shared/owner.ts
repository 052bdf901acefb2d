/** Whose a session or a task is: nobody else finds it. */
export interface Owner {
  readonly tenant: string;
  readonly principal: string;
}

/** Whether it is the same one. */
export function sameOwner(one: Owner, other: Owner): boolean {
  return one.tenant === other.tenant && one.principal === other.principal;
}

/** A text that is another for each owner. */
export function ownerKey({ tenant, principal }: Owner): string {
  return JSON.stringify([tenant, principal]);
}
