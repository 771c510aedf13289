// When a golden answer counts as given again.

/** The largest difference of a score that counts as the same: int8 rounds as each runtime does. */
export const TOLERANCE = 0.05;

export const isNear = (one, other) => Math.abs(one - other) <= TOLERANCE;

export const areSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);
