import { createHash, timingSafeEqual } from 'node:crypto';

/** Makes the check of the header `x-api-key`; with no keys configured every request passes. Compares in constant time. */
export function makeApiKeyCheck(keys: readonly string[]): (given: string | undefined) => boolean {
  const isOneOf = makeKeyCheck(keys);
  return (given) => keys.length === 0 || isOneOf(given);
}

/** Makes the check of a key that grants more than others; with none configured nobody has it. Compares in constant time. */
export function makeKeyCheck(keys: readonly string[]): (given: string | undefined) => boolean {
  const hashes = keys.map(hash);
  return (given) => {
    if (given === undefined) return false;
    const givenHash = hash(given);
    return hashes.reduce((isKnown, known) => timingSafeEqual(known, givenHash) || isKnown, false);
  };
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
