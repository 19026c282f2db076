/** How often each trouble comes: once in `npm test`; more often where FAULT_ROUNDS says so. */
export const ROUNDS = Number(process.env['FAULT_ROUNDS'] ?? 1);

/** Within these milliseconds of the end of a trouble, updates work again. */
export const RECOVERY = 2_000;
