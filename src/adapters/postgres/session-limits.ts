/**
 * What PostgreSQL itself ends, as parameters of a connection. We give up a question after `milliseconds`, and PostgreSQL
 * would not notice while it waits for somebody's lock: its connections would become more and more. And the locks of a
 * process that is frozen in the middle of a change end, so that others can change something again.
 *
 * Only for connections to PostgreSQL itself: a pooler refuses these parameters.
 */
export const sessionLimits = (milliseconds: number) => ({
  statement_timeout: milliseconds,
  idle_in_transaction_session_timeout: milliseconds,
});
