// SPDX-License-Identifier: Apache-2.0
import { envelopeFromJSON } from '@sigstore/bundle';
import { dsse } from '@sigstore/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testSigner } from '../../test/keys.js';
import { AttestationError } from '../error.js';
import { decodeBase64 } from './base64.js';
import { formatEnvelope, parseEnvelope, splitEnvelopes } from './envelope.js';
import { preAuthEncoding } from './pae.js';
import { verifyEnvelope } from './verify.js';

const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const bytes = fc.uint8Array({ maxLength: 60 });
const envelopes = fc
  .record({
    payloadType: text,
    payload: bytes,
    signatures: fc.uniqueArray(
      fc.record({ keyid: text, sig: fc.uint8Array({ minLength: 1, maxLength: 70 }) }),
      { minLength: 1, maxLength: 4, selector: ({ sig }) => Buffer.from(sig).toString('hex') },
    ),
  })
  .map(({ payloadType, payload, signatures }) => ({
    payloadType,
    payload: Buffer.from(payload),
    signatures: signatures.map(({ keyid, sig }) => ({ keyid, sig: Buffer.from(sig) })),
  }));

describe('the encoding that is signed', () => {
  it('the encoding is the one of the specification', () => {
    expect(preAuthEncoding('http://example.com/HelloWorld', Buffer.from('hello world')).toString()).toBe(
      'DSSEv1 29 http://example.com/HelloWorld 11 hello world',
    );
  });

  it('the encoding is the one of sigstore, for every type and payload', () => {
    fc.assert(
      fc.property(text, bytes, (type, payload) => {
        expect(preAuthEncoding(type, payload)).toEqual(dsse.preAuthEncoding(type, Buffer.from(payload)));
      }),
    );
  });
});

describe('envelopes', () => {
  it('an envelope is read back as it was written, and by sigstore as well', () => {
    fc.assert(
      fc.property(envelopes, (envelope) => {
        const written = formatEnvelope(envelope);
        expect(parseEnvelope(Buffer.from(written))).toEqual(envelope);
        const theirs = envelopeFromJSON(JSON.parse(written));
        expect([theirs.payloadType, theirs.payload]).toEqual([envelope.payloadType, envelope.payload]);
        expect(theirs.signatures).toEqual(envelope.signatures);
      }),
    );
  });

  it('a file of one envelope, over however many lines, or of one a line, is split into its envelopes', () => {
    fc.assert(
      fc.property(fc.array(envelopes, { minLength: 1, maxLength: 4 }), (list) => {
        const read = (file: string) => splitEnvelopes(Buffer.from(file)).map(parseEnvelope);
        expect(read(list.map(formatEnvelope).join(''))).toEqual(list);
        const [first] = list;
        if (first === undefined) return;
        expect(read(JSON.stringify(JSON.parse(formatEnvelope(first)), null, 2))).toEqual([first]);
      }),
    );
    expect(() => splitEnvelopes(Buffer.from(' \n\n'))).toThrow(expect.objectContaining({ code: 'not-json' }));
  });

  it('whatever is read as an envelope is one, or refused as an attestation is', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json().map((json) => Buffer.from(json)),
          bytes,
        ),
        (input) => {
          expect(() => parseEnvelope(input)).toThrow(AttestationError);
        },
      ),
    );
  });

  it.each<[string, object, string]>([
    ['a list', [], 'not-an-envelope'],
    ['an object without a type', { payload: '', signatures: [{ sig: 'AA' }] }, 'not-an-envelope'],
    ['signatures that are no list', { payload: '', payloadType: 'x', signatures: {} }, 'not-an-envelope'],
    [
      'a signature that is a number',
      { payload: '', payloadType: 'x', signatures: [{ sig: 1 }] },
      'not-an-envelope',
    ],
    [
      'a bundle of sigstore',
      { mediaType: 'x', verificationMaterial: {}, dsseEnvelope: {} },
      'sigstore-bundle',
    ],
  ])('%s is no envelope', (_, value, code) => {
    expect(() => parseEnvelope(Buffer.from(JSON.stringify(value)))).toThrow(
      expect.objectContaining({ code }),
    );
  });

  it('only distinct trusted keys count, whatever the envelope says of keys', async () => {
    const [one, two, three] = ['one', 'two', 'three'].map(testSigner);
    if (one === undefined || two === undefined || three === undefined) throw new Error('three keys');
    const payload = Buffer.from('{}');
    const message = preAuthEncoding('a/b', payload);
    const signed = async (signer: typeof one, keyid: string) => ({ keyid, sig: await signer.sign(message) });
    const envelope = {
      payloadType: 'a/b',
      payload,
      signatures: [
        { keyid: one.key.fingerprint, sig: Buffer.alloc(64) },
        await signed(three, one.key.fingerprint),
        await signed(two, 'somebody'),
        await signed(one, ''),
      ],
    };
    expect(verifyEnvelope(envelope, [one.key, two.key], 2)).toEqual([one.key, two.key]);
    expect(() => verifyEnvelope(envelope, [one.key, one.key], 2)).toThrow(/1 of the trusted keys/);
    expect(() => verifyEnvelope({ ...envelope, payloadType: 'a/c' }, [one.key])).toThrow(/no signature/);
  });
});

describe('decodeBase64', () => {
  it('base64 is read in both alphabets, padded or not, and in no other form', () => {
    fc.assert(
      fc.property(bytes, (input) => {
        const buffer = Buffer.from(input);
        for (const form of ['base64', 'base64url'] as const) {
          const bare = buffer.toString(form).replace(/=+$/, '');
          const padded = bare.padEnd(Math.ceil(bare.length / 4) * 4, '=');
          expect([decodeBase64(bare), decodeBase64(padded)]).toEqual([buffer, buffer]);
        }
      }),
    );
    for (const bad of [
      'A',
      'AB',
      'AA=',
      'AA===',
      '=',
      '====',
      ' AAAA',
      'AAAA\n',
      'AA==AA==',
      '+_AA',
      'AAAA=',
      '!!!!',
    ]) {
      expect(decodeBase64(bad), bad).toBeUndefined();
    }
  });
});
