// SPDX-License-Identifier: Apache-2.0
import { join, resolve } from 'node:path';
import { type AttestationSigner, signStatement, takeAttestationKey } from '@latticra/attestation';
import { type EvidenceDocument, fields, formatDigest, READINESS_CLAIMS } from '@latticra/evidence-format';
import { stageFolder, writeFileAtomic } from '@latticra/held-files';
import { defineLane, LaneError } from '@latticra/lane';
import { releaseFixture } from '@latticra/manifest';
import { SIGNER_FLAGS, signersOf } from '@latticra/signature';
import { version } from '../package.json';
import { measureArtifacts } from './artifacts.js';
import { bootStatements } from './boots.js';
import { buildStatement } from './builds.js';
import { sbomStatement } from './sbom.js';
import type { NamedStatement } from './statements.js';

export const lane = defineLane({
  bin: 'latticra-os-image-attest',
  version,
  summary: 'write what was verified of a release as in-toto attestations',
  details: `
Verifies the evidence again, and only then says it in the words of in-toto: how the images were built, as SLSA provenance v1, from
records of builds that are taken apart and repeated; which boots they stood, as test results v0.1, from records of boots; what is
in them, as SPDX 2.3, from their SBOM. Each is a statement about files by their digests, in a DSSE envelope of its own, signed
with a key of ed25519: PKCS#8 or OpenSSH without a passphrase, or the .pub file of one that an agent holds (SSH_AUTH_SOCK). The
folder appears whole or not at all. Nothing says that anything is ready.`,
  examples: [
    '--key key.pem --build-record release/os-image-build.txt --output-dir attestations',
    '--key key.pub --artifact os.iso --boot-records records --sbom sbom.spdx.json --output-dir attestations',
  ],
  fixture: releaseFixture,
  flags: {
    key: { value: 'path', placeholder: 'key', required: true, help: 'what to sign with' },
    'output-dir': { value: 'path', placeholder: 'folder', required: true, help: 'a new or empty folder' },
    'build-record': { value: 'paths', placeholder: 'record', help: 'records of builds, in their folders' },
    'builder-id': {
      value: 'text',
      placeholder: 'address',
      default: 'https://latticra.invalid/builder/local',
      help: 'who built, by the name that others pin together with the key',
    },
    artifact: { value: 'paths', placeholder: 'file', help: 'images that the two below are about' },
    'boot-records': { value: 'path', placeholder: 'folder', help: 'records of boots of the artifacts' },
    sbom: { value: 'path', help: 'the SBOM (SPDX 2.3), which has to list every artifact' },
    ...SIGNER_FLAGS,
  },
  async run({ flags, cwd, env, signal, progress, manifestPath }) {
    const { sbom, 'boot-records': records, 'build-record': builds, 'builder-id': builder } = flags;
    const needsArtifact = sbom !== undefined || records !== undefined;
    if (needsArtifact !== flags.artifact.length > 0) {
      throw new LaneError('usage', '--artifact goes with --boot-records or --sbom, and they with it');
    }
    if (!needsArtifact && builds.length === 0) {
      throw new LaneError('usage', 'expected --build-record, --boot-records or --sbom');
    }
    if (!/^[a-z][a-z0-9+.-]*:\S+$/i.test(builder)) {
      throw new LaneError('usage', `--builder-id: expected an address, found ${JSON.stringify(builder)}`);
    }
    const signer = await takeAttestationKey(resolve(cwd, flags.key), env);
    const signers = await signersOf(flags, cwd);
    const statements: NamedStatement[] = [];
    for (const path of builds) {
      const choice = { path, resolvedPath: resolve(cwd, path), builder, signers };
      statements.push(await buildStatement(choice, { env, signal, progress }));
    }
    const artifacts = await measureArtifacts(flags.artifact, { cwd, progress });
    if (records !== undefined) {
      statements.push(...(await bootStatements(resolve(cwd, records), artifacts, signers)));
    }
    if (sbom !== undefined) statements.push(await sbomStatement(sbom, cwd, artifacts));
    const written = await writeAll(resolve(cwd, flags['output-dir']), numbered(statements), signer);
    return report(manifestPath, { folder: flags['output-dir'], signer, builder, written });
  },
});

/** A statement in the file of its envelope. */
interface Written extends NamedStatement {
  readonly sha256: string;
}

/** Gives statements of one name a number each. */
function numbered(statements: readonly NamedStatement[]): NamedStatement[] {
  return statements.map((each, index) => {
    const before = statements.slice(0, index).filter(({ name }) => name === each.name).length;
    const isOnly = statements.filter(({ name }) => name === each.name).length === 1;
    return isOnly ? each : { ...each, name: `${each.name}-${String(before + 1).padStart(2, '0')}` };
  });
}

const fileOf = ({ name }: NamedStatement) => `${name}.dsse.json`;

function writeAll(
  target: string,
  statements: readonly NamedStatement[],
  signer: AttestationSigner,
): Promise<Written[]> {
  return stageFolder(target, async (folder) => {
    const written: Written[] = [];
    for (const each of statements) {
      const envelope = await signStatement(each.statement, signer);
      const { sha256 } = await writeFileAtomic(join(folder, fileOf(each)), envelope);
      written.push({ ...each, sha256 });
    }
    return written;
  });
}

interface Reported {
  readonly folder: string;
  readonly signer: AttestationSigner;
  readonly builder: string;
  readonly written: readonly Written[];
}

function report(manifestPath: string, { folder, signer, builder, written }: Reported): EvidenceDocument {
  return {
    title: 'LATTICRA OS IMAGE ATTESTATION',
    fields: fields({
      attestation_status: 'ok',
      manifest_path: manifestPath,
      output_dir: folder,
      attestation_count: written.length,
      signing_key_fingerprint: signer.key.fingerprint,
      builder_id: builder,
      ...READINESS_CLAIMS,
      host_mutation_performed: 0,
    }),
    sections: written.map((each) => ({
      name: `attestation:${each.name}`,
      fields: fields({
        attestation_path: join(folder, fileOf(each)),
        attestation_sha256: formatDigest(each.sha256),
        predicate_type: each.statement.predicateType,
        subject_count: each.statement.subject.length,
        ...Object.fromEntries(
          each.statement.subject.map(({ digest }, index) => [
            `subject_${String(index + 1).padStart(2, '0')}_sha256`,
            formatDigest(digest.sha256),
          ]),
        ),
      }),
    })),
  };
}
