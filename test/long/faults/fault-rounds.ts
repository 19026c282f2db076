/** How often each trouble comes: once, or as often as FAULT_ROUNDS says. */
export const ROUNDS = Number(process.env['FAULT_ROUNDS'] ?? 1);
