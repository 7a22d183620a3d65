// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import { DER, DerReader } from './der.js';

/** Object identifiers, as DER has their content: pkcs7-signedData, SPC_INDIRECT_DATA_OBJID, sha256. */
const SIGNED_DATA = '2a864886f70d010702';
const INDIRECT_DATA = '2b060104018237020104';
const SHA256 = '608648016503040201';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** Reads an object identifier and refuses another one. @throws ImageError `corrupt` */
function expectOid(reader: DerReader, oid: string, what: string): void {
  const found = hex(reader.value(DER.oid, what));
  if (found !== oid) throw new ImageError('corrupt', `signature: ${what} is ${found}, expected ${oid}`);
}

/**
 * Reads the SHA-256 that an Authenticode signature is over, in lower-case hexadecimal: of the DigestInfo in the indirect
 * data that it holds. Whether the signature holds, and whose it is, is not looked at: that takes keys.
 * @param der the SignedData of PKCS #7
 * @throws ImageError `corrupt` for what is no such signature, `unsupported` for another digest than SHA-256
 */
export function readSignedDigest(der: Uint8Array): string {
  const outer = new DerReader(der);
  const content = outer.enter(DER.sequence, 'ContentInfo');
  outer.end('the certificate');
  expectOid(content, SIGNED_DATA, 'the type of its content');
  const explicit = content.enter(DER.explicit0, 'SignedData');
  content.end('ContentInfo');
  const data = explicit.enter(DER.sequence, 'SignedData');
  explicit.end('SignedData');
  data.value(DER.integer, 'its version');
  data.value(DER.set, 'its digest algorithms');
  const digest = readIndirectData(data.enter(DER.sequence, 'what was signed'));
  if (data.tag === DER.explicit0) data.value(DER.explicit0, 'its certificates');
  if (data.tag === DER.explicit1) data.value(DER.explicit1, 'its revocation lists');
  const signers = data.enter(DER.set, 'its signers');
  data.end('SignedData');
  if (signers.ended) throw new ImageError('corrupt', 'signature: nobody signed it');
  return digest;
}

/** Reads the digest in the indirect data of Authenticode. */
function readIndirectData(signed: DerReader): string {
  expectOid(signed, INDIRECT_DATA, 'the type of what was signed');
  const explicit = signed.enter(DER.explicit0, 'the indirect data');
  signed.end('what was signed');
  const indirect = explicit.enter(DER.sequence, 'the indirect data');
  explicit.end('the indirect data');
  indirect.value(DER.sequence, 'the kind of the file');
  const info = indirect.enter(DER.sequence, 'DigestInfo');
  indirect.end('the indirect data');
  const algorithm = hex(
    info.enter(DER.sequence, 'the digest algorithm').value(DER.oid, 'the digest algorithm'),
  );
  if (algorithm !== SHA256) {
    throw new ImageError('unsupported', `signature over a digest of kind ${algorithm}, expected SHA-256`);
  }
  const digest = info.value(DER.octets, 'the digest');
  info.end('DigestInfo');
  if (digest.length !== 32) throw new ImageError('corrupt', `signature: a SHA-256 of ${digest.length} bytes`);
  return hex(digest);
}
