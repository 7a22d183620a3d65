// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { ALICE, BOB, codeOf, words } from '../test/keys.js';
import { digestOf, MESSAGE } from '../test/vectors.js';
import { authorise, parseAllowedSigners, parseSignature, type SignerPolicy, signWithKey } from './index.js';

const DIGEST = digestOf(MESSAGE);
const K = words(ALICE);
const AT = new Date('2024-06-01T12:00:00Z');

function judge(
  lines: string,
  {
    namespace = 'latticra-os-image' as 'latticra-os-image' | 'latticra-review',
    signedFor = namespace,
    digest = DIGEST,
    ...policy
  }: Partial<Omit<SignerPolicy, 'allowed'>> & {
    namespace?: 'latticra-os-image' | 'latticra-review';
    signedFor?: 'latticra-os-image' | 'latticra-review';
    digest?: Buffer;
  } = {},
) {
  const signature = parseSignature(signWithKey(ALICE.key, signedFor, DIGEST));
  const allowed = parseAllowedSigners(Buffer.from(lines));
  return authorise(signature, digest, namespace, { allowed, at: AT, ...policy });
}

describe('authorise', () => {
  it('a signature of an allowed key says who signed what', () => {
    expect(judge(`alice@example.org ${K}`)).toEqual({
      principal: 'alice@example.org',
      key: ALICE.key.publicKey,
      namespace: 'latticra-os-image',
      hash: 'sha256',
      digest: DIGEST.toString('hex'),
    });
  });

  it.each<[string, string, Parameters<typeof judge>[1], string]>([
    ['no line', '', {}, 'not-allowed'],
    ['a line of another key', `alice ${words(BOB)}`, {}, 'not-allowed'],
    ['only a line that certifies', `alice cert-authority ${K}`, {}, 'not-allowed'],
    ['a signature over another file', `alice ${K}`, { digest: digestOf(Buffer.from('x')) }, 'not-verified'],
    ['a signature for another purpose', `alice ${K}`, { signedFor: 'latticra-review' }, 'other-namespace'],
    ['a line for another purpose', `alice namespaces="file" ${K}`, {}, 'namespace-not-allowed'],
    [
      'a line for every purpose but this',
      `alice namespaces="latticra-*,!latticra-os-image" ${K}`,
      {},
      'namespace-not-allowed',
    ],
    ['a line from later on', `alice valid-after="20240601120001Z" ${K}`, {}, 'not-yet-valid'],
    ['a line until before', `alice valid-before="20240601115959Z" ${K}`, {}, 'expired'],
    ['a revoked key', `alice ${K}`, { revoked: new Set([ALICE.key.publicKey.fingerprint]) }, 'revoked'],
    ['two names for the key', `alice ${K}\nbob ${K}`, {}, 'ambiguous-signer'],
    ['two names in a line', `alice,bob ${K}`, {}, 'ambiguous-signer'],
    ['a pattern beside a name', `alice ${K}\n*@example.org ${K}`, {}, 'ambiguous-signer'],
    ['a pattern', `al?ce ${K}`, {}, 'ambiguous-signer'],
    ['a name that is not', `!alice ${K}`, {}, 'ambiguous-signer'],
    ['another signer', `alice ${K}\nbob ${words(BOB)}`, { signer: 'bob' }, 'other-signer'],
    ['a signer who is taken out', `*,!bob ${K}`, { signer: 'bob' }, 'other-signer'],
    ['a signer that is a pattern', `* ${K}`, { signer: '*' }, 'bad-signer'],
    [
      'a review by a line for all purposes',
      `alice ${K}`,
      { namespace: 'latticra-review' },
      'namespace-not-allowed',
    ],
    [
      'a review by a line that does not name it',
      `alice namespaces="latticra-*" ${K}`,
      { namespace: 'latticra-review' },
      'namespace-not-allowed',
    ],
    [
      'a review by a line that names it and takes it out',
      `alice namespaces="latticra-review,!latticra-rev*" ${K}`,
      { namespace: 'latticra-review' },
      'namespace-not-allowed',
    ],
  ])('a signature is refused with %s', (_, lines, options, code) => {
    expect(codeOf(() => judge(lines, options))).toBe(code);
  });

  it.each<[string, string, Parameters<typeof judge>[1], string]>([
    ['two lines of one name', `alice ${K}\nalice namespaces="latticra-*" ${K}`, {}, 'alice'],
    ['a name for now, another one from before', `bob valid-before="20200101Z" ${K}\nalice ${K}`, {}, 'alice'],
    ['a name for this, another one for else', `bob namespaces="file" ${K}\nalice ${K}`, {}, 'alice'],
    ['the signer asked for, of two', `alice ${K}\nbob ${K}`, { signer: 'bob' }, 'bob'],
    ['the signer asked for, by a pattern', `*@x,!eve@x ${K}`, { signer: 'bob@x' }, 'bob@x'],
    ['a negation in another line', `*,!bob ${K}\nbob ${K}`, { signer: 'bob' }, 'bob'],
    ['a beginning at this second', `alice valid-after="20240601120000Z" ${K}`, {}, 'alice'],
    ['an end at this second', `alice valid-before="202406011200Z" ${K}`, {}, 'alice'],
    [
      'a review by a line that names it',
      `alice namespaces="latticra-review" ${K}`,
      { namespace: 'latticra-review' },
      'alice',
    ],
  ])('a signature with %s is by that name', (_, lines, options, principal) => {
    expect(judge(lines, options).principal).toBe(principal);
  });
});
