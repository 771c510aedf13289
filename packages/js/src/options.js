// The options of a call, which may be left out: as a whole, or each.

/** Give options over their defaults; null, as a form or JSON has it for what is not said, is as
 * undefined. */
export function withDefaults(options, defaults = {}) {
  const said = Object.entries(options ?? {}).filter(([, value]) => (value ?? null) !== null);
  return { ...defaults, ...Object.fromEntries(said) };
}
