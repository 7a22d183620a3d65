// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import {
  AttestationError,
  type AttestationPolicy,
  MAX_ATTESTATION_BYTES,
  PREDICATE_TYPE,
  type PredicateName,
  splitEnvelopes,
  verifyAttestation,
} from '@latticra/attestation';
import { readStableFile } from '@latticra/held-files';
import { defineLane, LaneError } from '@latticra/lane';
import { releaseFixture } from '@latticra/manifest';
import { version } from '../package.json';
import { expectedBuild } from './expected.js';
import { measureAll } from './measure.js';
import { type Checked, verificationReport } from './report.js';
import { readPins, readTrusted } from './trusted.js';

const KINDS = Object.keys(PREDICATE_TYPE) as PredicateName[];

export const lane = defineLane({
  bin: 'latticra-os-image-attest-verify',
  version,
  summary: 'verify in-toto attestations in DSSE, our own and others, of files that are measured',
  details: `
Reads envelopes, one to a file or one to a line, and takes each through the checks in the order that counts: JSON with one meaning,
a signature, a known type of payload, a trusted key for exactly these bytes, then the statement, its kind, its subjects by digests that
are computed here, and what it says. A provenance or a verification counts only for a pinned pair of builder or verifier and key, and a
provenance only for a build of the expected type whose every parameter is expected: those of --build-record, or of --build-type
and --expect-parameter. One attestation that does not hold ends it with 65, and there is no report. That an attestation is missing,
nobody can tell: say which kinds you need with --kind.`,
  examples: [
    '--attestation attestations/boots.dsse.json --artifact os.iso --trusted-key key.pub',
    '--attestation provenance.dsse.json --artifact os.iso --trusted-key key.pub --pins builders.txt --build-record os-image-build.txt',
  ],
  fixture: releaseFixture,
  flags: {
    attestation: { value: 'paths', required: true, placeholder: 'file', help: 'envelopes (.json, .jsonl)' },
    artifact: { value: 'paths', required: true, placeholder: 'file', help: 'the files that they are about' },
    'trusted-key': {
      value: 'paths',
      required: true,
      placeholder: 'file',
      help: 'public keys of ed25519 that count: .pub files of OpenSSH, or PEM',
    },
    threshold: {
      value: 'integer',
      min: 1,
      max: 64,
      default: 1,
      help: 'how many of them have to have signed',
    },
    pins: {
      value: 'path',
      placeholder: 'file',
      help: 'pairs of a builder or verifier and its key, a line each: <id> ssh-ed25519 <base64>',
    },
    kind: {
      value: 'texts',
      placeholder: 'kind',
      help: `what is asked for, each of which has to be there: ${KINDS.join(', ')} (default: any)`,
    },
    'build-record': { value: 'path', help: 'the record of the build that a provenance is expected to be of' },
    'build-type': { value: 'text', placeholder: 'address', help: 'the type of build that is expected' },
    'expect-parameter': {
      value: 'texts',
      placeholder: 'name=value',
      help: 'a parameter that the build is expected to have, with --build-type',
    },
    'resource-uri': {
      value: 'text',
      placeholder: 'address',
      help: 'the resource that a verification summary has to be about',
    },
    level: { value: 'texts', placeholder: 'level', help: 'a level that such a summary has to say' },
    'allow-other-subjects': { value: 'none', help: 'pass over subjects that are none of the artifacts' },
  },
  async run({ flags, cwd, manifestPath, progress }) {
    const kinds = flags.kind.map(kindNamed);
    const policy: AttestationPolicy = {
      trusted: await readTrusted(flags['trusted-key'], cwd),
      threshold: flags.threshold,
      kinds: kinds.length === 0 ? undefined : kinds,
      pins: flags.pins === undefined ? [] : await readPins(flags.pins, cwd),
      build: await expectedBuild(flags, cwd),
      summary:
        flags['resource-uri'] === undefined
          ? undefined
          : { resourceUri: flags['resource-uri'], levels: flags.level },
      allowOthers: flags['allow-other-subjects'],
      files: await measureAll(flags.artifact, { cwd, progress }),
    };
    const checked: Checked[] = [];
    for (const path of flags.attestation) checked.push(...(await verifyFile(path, cwd, policy)));
    const missing = kinds.find((kind) => checked.every(({ found }) => found.says.kind !== kind));
    if (missing !== undefined) {
      throw new AttestationError('predicate-type', `none of the attestations is of the kind ${missing}`, {
        fix: 'give the file that has it',
      });
    }
    return verificationReport(manifestPath, policy, checked);
  },
});

async function verifyFile(path: string, cwd: string, policy: AttestationPolicy): Promise<Checked[]> {
  const { bytes, sha256 } = await readStableFile(resolve(cwd, path), { maxBytes: MAX_ATTESTATION_BYTES });
  const named = <T>(place: string, read: () => T): T => {
    try {
      return read();
    } catch (cause) {
      if (!(cause instanceof AttestationError)) throw cause;
      const { code, message, fix } = cause;
      throw new AttestationError(code, `${place}: ${code}: ${message}`, {
        cause,
        ...(fix !== undefined && { fix }),
      });
    }
  };
  const envelopes = named(path, () => splitEnvelopes(bytes));
  return envelopes.map((envelope, index) => {
    const place = envelopes.length === 1 ? path : `${path}, line ${index + 1}`;
    return { path, sha256, found: named(place, () => verifyAttestation(envelope, policy)) };
  });
}

function kindNamed(word: string): PredicateName {
  const kind = KINDS.find((each) => each === word);
  if (kind !== undefined) return kind;
  throw new LaneError('usage', `--kind: expected ${KINDS.join(', ')}, found ${JSON.stringify(word)}`);
}
