// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { fields, formatDigest, READINESS_CLAIMS } from '@latticra/evidence-format';
import { bytesIn } from '@latticra/held-files';
import { defineLane, LaneError } from '@latticra/lane';
import { releaseFixture } from '@latticra/manifest';
import { declareUnsigned, NAMESPACES, type Namespace, signBeside, unsignedLocal } from '@latticra/signature';
import { version } from '../package.json';
import { lookAt } from './look.js';

const CHOICES = Object.values(NAMESPACES);

export const lane = defineLane({
  bin: 'latticra-os-image-sign',
  version,
  summary: 'sign an artifact of an OS image, or declare that it is not signed',
  details: `
Signs a file with an OpenSSH key, through ssh-keygen, which asks for a passphrase at the terminal, an agent, or a security
key to be touched. The file is held open: what is signed is what was looked into and measured. The signature is read
back and verified, then written beside the file as <name>.sig, whole or not at all. One that lies there already is never
replaced. With --unsigned-local it writes <name>.unsigned-local.txt instead, which says that the file is handed over
unsigned, and why. It signs an image, a SHA256SUMS, a record: whatever is named, but no signature and no empty file.`,
  examples: [
    '--artifact latticra-x86_64.iso --key release',
    '--artifact SHA256SUMS --key release.pub',
    "--artifact latticra-x86_64.iso --unsigned-local --reason 'a build for this machine alone'",
  ],
  fixture: releaseFixture,
  flags: {
    artifact: { value: 'path', required: true, help: 'the file to sign' },
    key: {
      value: 'path',
      placeholder: 'key',
      help: 'the private key, or the .pub file of one that an agent holds',
    },
    namespace: {
      value: 'choice',
      choices: CHOICES,
      default: NAMESPACES.artifact,
      help: 'what the signature is for: an artifact, a build, a boot, a transcript, a review',
    },
    'unsigned-local': { value: 'none', help: 'declare that the file is handed over unsigned' },
    reason: { value: 'text', help: 'why it is, with --unsigned-local' },
  },
  async run({ flags, manifestPath, cwd, env, progress, signal, tell }) {
    const { artifact, key, reason } = flags;
    const file = resolve(cwd, artifact);
    if (flags['unsigned-local'] === (key !== undefined)) {
      throw new LaneError('usage', 'expected --key or --unsigned-local, one of the two', {
        fix: 'name a key to sign with, or declare that the file is not signed',
      });
    }
    if (flags['unsigned-local'] !== (reason !== undefined)) {
      throw new LaneError('usage', '--unsigned-local and --reason go together', {
        fix: 'say why the file is handed over unsigned, with --unsigned-local --reason <text>',
      });
    }
    let kind = '';
    const look = (held: Parameters<typeof lookAt>[0]) => {
      kind = lookAt(held);
    };
    const reading = `measuring ${artifact}`;
    const size = () => bytesIn(file);
    if (key === undefined) {
      const { declared } = await progress.track(
        reading,
        (onBytes) => declareUnsigned(file, reason ?? '', { onBytes, look }),
        size,
      );
      return unsignedLocal.document(declared);
    }
    const namespace: Namespace = flags.namespace;
    const { measurement, signature } = await progress.track(
      reading,
      (onBytes) =>
        signBeside(
          { file, key: resolve(cwd, key), namespace },
          { cwd, env, signal, onBytes, look, onStderr: tell },
        ),
      size,
    );
    return {
      title: 'LATTICRA OS IMAGE SIGNATURE',
      fields: fields({
        signature_status: 'signed',
        manifest_path: manifestPath,
        artifact_path: artifact,
        artifact_kind: kind,
        artifact_size_bytes: measurement.size,
        artifact_sha256: formatDigest(measurement.sha256),
        signature_path: `${artifact}.sig`,
        signature_namespace: signature.namespace,
        signature_hash: signature.hash,
        signature_key_type: signature.key.type,
        signature_key_fingerprint: signature.key.fingerprint,
        signature_verified_after_signing: 1,
        ...READINESS_CLAIMS,
      }),
      sections: [],
    };
  },
});
