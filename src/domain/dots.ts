/**
 * True for a name that stands for a folder in a path. Browsers and many programs resolve it before they ask, so
 * whatever has this name cannot be reached by a URL: neither seen, nor changed, nor removed.
 */
export const isDots = (text: string): boolean => text === '.' || text === '..';

export const NO_PATH = 'the names . and .. cannot be in a path of a URL; choose another one';
