import type { LogFields } from '../../application/ports/logger.ts';
import { DynonymError } from '../../domain/errors.ts';
import { hasLeft } from './answer-faults.ts';
import type { HttpContext, HttpMiddleware } from './context.ts';
import type { UpdateServices } from './update-services.ts';

/** What is known of every request: a word for the answer, or one for each name. */
type Outcome = { readonly outcome: readonly string[] };

/** What the log and the metrics are told about a kind of requests. */
export type Telling<Report> = {
  /** The same for each request. */
  readonly event: string;
  readonly fieldsOf: (report: Report | Outcome, context: HttpContext, milliseconds: number) => LogFields;
  /** Whether the operator may have to do something about it. */
  readonly isTrouble: (report: Report) => boolean;
  readonly count: (report: Report) => void;
};

/** Answers requests by `answer`, and logs each in one line. A request that fails inside has its line in the audit log. */
export function answerAndLog<Report extends Outcome>(
  { clock, logger, audit }: UpdateServices,
  answer: (context: HttpContext) => Promise<Report>,
  { event, fieldsOf, isTrouble, count }: Telling<Report>,
): HttpMiddleware {
  return async (context) => {
    const startedAt = clock.monotonic();
    const took = () => Math.round(clock.monotonic() - startedAt);
    let report: Report;
    try {
      report = await answer(context);
    } catch (error) {
      if (hasLeft(context.req)) throw error;
      // `answerFaults` logs the error itself.
      const faults = [error instanceof DynonymError ? error.code : 'unexpected'];
      audit?.info(event, () => ({ ...fieldsOf({ outcome: ['failed'] }, context, took()), faults }));
      throw error;
    }
    count(report);
    const fields = () => fieldsOf(report, context, took());
    if (isTrouble(report)) logger.warn(event, fields);
    else logger.info(event, fields);
    audit?.info(event, fields);
  };
}
