/** The part of the package that is used. */
declare module 'siphash' {
  const siphash: {
    /** SipHash-2-4. The key is four words, each in little-endian order; so are the two halves of the hash. */
    hash(key: Uint32Array, message: Uint8Array): { readonly h: number; readonly l: number };
  };
  export = siphash;
}
