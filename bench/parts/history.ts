import type { Part } from '../part.ts';
import { withAndWithout } from '../with-and-without.ts';

/** Updates with a history, and with name servers that are asked about changes, beside the same without both. */
export const history: Part = {
  title: 'What the history and the visibility of changes cost',
  run: (conditions) =>
    withAndWithout(
      conditions,
      [
        { name: 'with history and visibility', options: {} },
        { name: 'without', options: { remembers: false } },
      ],
      0.95,
    ),
};
