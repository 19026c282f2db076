import { PassThrough } from 'node:stream';
import type { UserName } from '../../domain/user.ts';
import type { Markup } from './html.ts';
import type { PageServices } from './page-services.ts';
import type { PageContext } from './visit.ts';

/** How many streams a user may have. One more ends the oldest, whose page asks for another one later. */
const MOST_STREAMS = 6;
/** Milliseconds in which several events become one message. */
const GATHERING = 100;
/**
 * Milliseconds after which a stream looks for news even without an event. So it finds what another process has taken, a
 * session that has ended, and a browser that has left.
 */
const LOOKING = 5_000;
/** Milliseconds after which a browser that has lost its stream asks for another one. */
const RETRY = 3_000;

export type LiveLines = {
  /**
   * Answers with a stream of server-sent events. Each has the markup that `look` gives when something has come. The
   * stream ends when `look` gives undefined, when the browser leaves, and when the server stops.
   */
  follow(context: PageContext, user: UserName, look: () => Promise<Markup | undefined>): void;
};

export function createLiveLines({
  arrivals,
  clock,
  logger,
}: Pick<PageServices, 'arrivals' | 'clock' | 'logger'>): LiveLines {
  const streams = new Map<UserName, Set<PassThrough>>();

  function open(user: UserName): PassThrough {
    const stream = new PassThrough();
    const own = streams.get(user) ?? new Set();
    streams.set(user, own.add(stream));
    const [oldest] = own;
    if (own.size > MOST_STREAMS && oldest !== undefined) {
      own.delete(oldest);
      oldest.end();
    }
    return stream;
  }

  function forget(user: UserName, stream: PassThrough): void {
    const own = streams.get(user);
    own?.delete(stream);
    if (own?.size === 0) streams.delete(user);
  }

  return {
    follow(context, user, look) {
      const stream = open(user);
      stream.write(`retry: ${RETRY}\n\n`);
      let shown: string | undefined;
      const show = async () => {
        const markup = await look();
        if (markup === undefined || !stream.writable) return void stream.end();
        // A browser that does not read must not fill the memory.
        if (stream.writableNeedDrain) return void stream.destroy();
        stream.write(markup.text === shown ? ':\n\n' : messageOf(markup));
        shown = markup.text;
        planned ??= plan(LOOKING);
      };
      let showing = Promise.resolve();
      const plan = (milliseconds: number) =>
        clock.schedule(milliseconds, () => {
          planned = undefined;
          isGathering = false;
          showing = showing.then(show).catch((error: Error) => {
            logger.error('A live page could not be kept up to date', { path: context.path, error });
            stream.end();
          });
        });
      let planned: (() => void) | undefined = plan(0);
      let isGathering = false;
      const unwatch = arrivals.watch(user, {
        changed() {
          if (isGathering) return;
          isGathering = true;
          planned?.();
          planned = plan(GATHERING);
        },
        ended: () => stream.end(),
      });
      context.res.on('close', () => {
        stream.destroy();
        planned?.();
        unwatch();
        forget(user, stream);
      });

      // The connection ends with the stream, so that a server that stops need not wait for another request.
      context.res.shouldKeepAlive = false;
      context.set('Content-Type', 'text/event-stream; charset=utf-8');
      context.set('X-Accel-Buffering', 'no');
      context.body = stream;
    },
  };
}

/** A line of its own for each line of the markup (WHATWG HTML section 9.2.5). */
const messageOf = ({ text }: Markup): string => `${text.replace(/^/gm, 'data: ')}\n\n`;
