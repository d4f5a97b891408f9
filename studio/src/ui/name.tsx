// A name that somebody else gave, as long as it may be.

/** A name in one line: what has no room is cut, and a pointer shows all of it. */
export const Name = ({ of }: { readonly of: string }) => (
  <span class="name" title={of}>
    {of}
  </span>
);
