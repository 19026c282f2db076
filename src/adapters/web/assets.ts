import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Middleware } from 'koa';

/** The files that pages name, and their types. They lie in `assets`, beside this module or the program that has it. */
const TYPES = {
  'style.css': 'text/css; charset=utf-8',
  'live.js': 'text/javascript; charset=utf-8',
  'passkeys.js': 'text/javascript; charset=utf-8',
  'signs.svg': 'image/svg+xml',
  'mark.svg': 'image/svg+xml',
} as const;

export type AssetName = keyof typeof TYPES;

type Asset = { readonly body: Buffer; readonly type: string; readonly version: string };

const assets = new Map<string, Asset>();

function load(name: string): Asset | undefined {
  if (!Object.hasOwn(TYPES, name)) return undefined;
  const known = assets.get(name);
  if (known !== undefined) return known;
  const file = readFileSync(new URL(`./assets/${name}`, import.meta.url));
  const body = name === 'style.css' ? withoutComments(file) : file;
  const version = hash('sha256', body, 'base64url').slice(0, 10);
  const asset = { body, type: TYPES[name as AssetName], version };
  assets.set(name, asset);
  return asset;
}

/** A style sheet without what only its authors read. */
const withoutComments = (file: Buffer): Buffer =>
  Buffer.from(
    file
      .toString()
      .replace(/\/\*.*?\*\//gs, '')
      .replace(/\s*\n\s*/g, '\n'),
  );

/** The path of a file, which changes with its content: browsers may keep it for good. */
export const assetPath = (name: AssetName): string => `/assets/${name}?v=${load(name)?.version ?? ''}`;

/** Serves `/assets/NAME`. */
export const serveAsset: Middleware = (context, next) => {
  const asset = load(context.path.slice('/assets/'.length));
  if (asset === undefined) return next();
  context.set('Content-Type', asset.type);
  context.set('Cache-Control', 'public, max-age=31536000, immutable');
  context.body = asset.body;
  return undefined;
};
