// SPDX-License-Identifier: Apache-2.0
export { addSections, type ExtendedPe, type NewPeSection, type PlacedPeSection } from './add-sections.js';
export { authenticodeDigest } from './authenticode.js';
export { type PeCertificate, readCertificates } from './certificates.js';
export { peChecksum } from './checksum.js';
export { openPe, type PeImage } from './open.js';
export type { FileRange, PeHeaders, PePlaces, PeSection } from './pe.js';
export { removeSignature } from './remove-signature.js';
export { readSignedDigest } from './signed-digest.js';
