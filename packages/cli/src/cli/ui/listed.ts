// Names in a line, of which there may be very many.
const SHOWN = 8;

/** The first of some names and, where there are more, how many there are. */
export const listed = (names: readonly string[]): string =>
  names.slice(0, SHOWN).join(", ") + (names.length > SHOWN ? ` … (${names.length})` : "");
