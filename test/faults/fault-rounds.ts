/** How often each trouble comes: once in `npm test`; more often where FAULT_ROUNDS says so. */
export const ROUNDS = Number(process.env['FAULT_ROUNDS'] ?? 1);

/**
 * Within these milliseconds of the end of a trouble updates work again, however busy the machine is. That it takes
 * two seconds at most where it is not is for a test whose clock stands still: unit/adapters/rfc2136/primary-health.
 */
export const RECOVERY = 30_000;
