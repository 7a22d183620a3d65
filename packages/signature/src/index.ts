// SPDX-License-Identifier: Apache-2.0
export { authorise, type VerifiedSignature } from './authorise.js';
export { declareUnsigned, signaturePath, signBeside } from './beside.js';
export { SignatureError, type SignatureErrorCode } from './error.js';
export { authoriseMeasured, hashesFor, readSignatureFile, type SignatureFile } from './file.js';
export { keyIdentity } from './key/identity.js';
export { parsePublicLine } from './key/line.js';
export { parsePublicKey } from './key/public-key.js';
export type { KeyType, PublicKey } from './key/types.js';
export { type KeyContext, MACHINE_KEY_FLAG, namedSigner, SIGN_KEY_FLAG } from './key-flags.js';
export { NAMESPACES, type Namespace } from './namespace.js';
export {
  MAX_SIGNATURE_BYTES,
  type MessageHash,
  parseSignature,
  type SshSignature,
} from './parse/signature.js';
export { type GeneratedKey, generateEd25519Key } from './private/generate.js';
export type { Ed25519PrivateKey } from './private/key.js';
export { parseOpensshPrivateKey } from './private/parse.js';
export {
  checkRecordSignature,
  type RecordBeside,
  type RecordSignature,
  readRecordSignature,
  unsigned,
} from './record-signature.js';
export { signWithKey } from './sign.js';
export { type SignedFile, type SignFileOptions, type SignFileRequest, signFile } from './sign-file.js';
export { dropSignature, type RecordSigner, type SignedRecord, takeSigningKey } from './sign-record.js';
export { type AllowedSigner, type AllowedSigners, parseAllowedSigners } from './signers/allowed.js';
export { SIGNER_FLAGS, type SignerFlags, signersOf } from './signers/flags.js';
export { type LoadedList, type LoadedSigners, loadSigners, type SignerSources } from './signers/load.js';
export { anyMachine, type SignerPolicy } from './signers/policy.js';
export { parseRevokedKeys } from './signers/revoked.js';
export { formatVerifyTime, parseVerifyTime } from './signers/verify-time.js';
export type { SigningOptions } from './ssh-keygen.js';
export { type UnsignedLocal, unsignedLocal } from './unsigned.js';
export { verifySignature } from './verify.js';
