// SPDX-License-Identifier: Apache-2.0
/** The rows of `bench.mjs --large`: two artifacts of 4 GiB, hashed and bundled. Takes 17 GiB of disk. */
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compare, compareFully } from './compare.mjs';
import { writeRandomDisk, writeRandomIso } from './images.mjs';
import { peakMib } from './peak.mjs';

const MIB = 2 ** 20;

/** Makes an SBOM that lists the artifacts as packages whose files were not analysed. */
const sbomOf = (digests) =>
  JSON.stringify({
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name: 'bench',
    documentNamespace: 'https://spdx.org/spdxdocs/bench-2ed6657d-e927-568b-95e1-2665a8aea6a2',
    creationInfo: { created: '1970-01-01T00:00:00Z', creators: ['Tool: bench-1'] },
    packages: digests.map((checksumValue, index) => ({
      name: `image-${index}`,
      SPDXID: `SPDXRef-image-${index}`,
      downloadLocation: 'NONE',
      filesAnalyzed: false,
      checksums: [{ algorithm: 'SHA256', checksumValue }],
    })),
    relationships: digests.map((_, index) => ({
      spdxElementId: 'SPDXRef-DOCUMENT',
      relationshipType: 'DESCRIBES',
      relatedSpdxElement: `SPDXRef-image-${index}`,
    })),
  });

/** Returns the lane that records both. */
const recording = (app) =>
  app(
    'os-image-artifact-manifest-from-files',
    ...['--iso', 'os.iso', '--iso-signature', 'unsigned-local', '--iso-sbom', 'sbom.json'],
    ...['--vm-image', 'os.raw', '--vm-format', 'raw', '--vm-signature', 'unsigned-local'],
    ...['--vm-sbom', 'sbom.json', '--operator-recovery-path', 'recovery.md', '--relative-to', '.'],
  );

/** Writes the manifest of both, ready for review, by the lane that makes manifests. */
function writeManifest(folder, app) {
  writeFileSync(join(folder, 'recovery.md'), '# Recovery\n');
  writeFileSync(join(folder, 'sbom.json'), '{}');
  const { argv, cwd } = recording(app);
  const manifest = execFileSync(argv[0], argv.slice(1), { cwd, encoding: 'utf8' });
  writeFileSync(join(folder, 'manifest.txt'), manifest);
  const digests = [...manifest.matchAll(/_sha256=sha256:(\w+)$/gm)].map(([, digest]) => digest);
  writeFileSync(join(folder, 'sbom.json'), sbomOf(digests));
}

/** Adds the rows of two artifacts of 4 GiB. */
export async function largeRows({ row, has, folder, app, runs, scale }) {
  const built = (name) => import(new URL(`../../packages/disk-image/dist/${name}`, import.meta.url));
  const diskImage = { ...(await built('index.js')), ...(await built('iso9660/index.js')) };
  const size = Math.ceil(4096 * scale) * MIB;
  writeRandomIso(join(folder, 'os.iso'), size, diskImage);
  writeRandomDisk(join(folder, 'os.raw'), size);
  const measure = app('os-image-usb-write-command', '--iso', 'os.iso', '--device', '/dev/sdX');
  for (const yardstick of [['openssl', 'dgst', '-sha256'], ['sha256sum']]) {
    if (!has(yardstick[0])) {
      process.stderr.write(`left out: ${yardstick[0]} is missing\n`);
      continue;
    }
    const goal = yardstick.length > 1 ? 'at most 1.18' : 'below 1';
    const beside = { argv: [...yardstick, 'os.iso'], cwd: folder };
    row('measuring 4 GiB', `\`${yardstick.join(' ')}\``, compare(measure, beside, runs), goal);
  }
  writeManifest(folder, app);
  if (has('openssl')) {
    const script = 'openssl dgst -sha256 os.iso & openssl dgst -sha256 os.raw & wait';
    const two = { argv: ['sh', '-c', script], cwd: folder };
    row(
      '`os-image-artifact-manifest-from-files`, 2 × 4 GiB',
      'two `openssl dgst -sha256` at once',
      compare(recording(app), two, runs),
      'at most 1.1',
    );
    const validate = app('os-image-artifact-manifest-validate', '--artifact-manifest', 'manifest.txt');
    row(
      '`os-image-artifact-manifest-validate`, 2 × 4 GiB',
      'two `openssl dgst -sha256` at once',
      compare(validate, two, runs),
      'at most 1.1',
    );
  }
  const away = { before: () => rmSync(join(folder, 'out'), { recursive: true, force: true }) };
  const bundle = {
    ...app(
      'os-image-operator-bundle-from-artifacts',
      ...['--artifact-manifest', 'manifest.txt', '--output-dir', 'out', '--vm-firmware', 'seabios'],
    ),
    ...away,
  };
  const copy = 'mkdir out && cp os.iso os.raw out && cd out && sha256sum os.iso os.raw >SHA256SUMS';
  const beside = { argv: ['sh', '-c', copy], cwd: folder, ...away };
  row('bundling 2 × 4 GiB', '`cp`, then `sha256sum`', compare(bundle, beside, runs), 'below 1');
  if (has('openssl')) {
    const files = 'os.iso os.raw';
    const sync = `mkdir out && cp ${files} out && cd out && openssl dgst -sha256 ${files} >SHA256SUMS && sync ${files}`;
    const synced = { argv: ['sh', '-c', sync], cwd: folder, ...away };
    const work = '`cp`, `openssl dgst -sha256`, then `sync`';
    const release = {
      ...app(
        'latticra',
        ...['release', '--release', '1', '--iso', 'os.iso', '--vm-image', 'os.raw', '--vm-format', 'raw'],
        ...['--output-dir', 'out'],
      ),
      ...away,
    };
    for (const [what, command, goal] of [
      ['`os-image-operator-bundle-from-artifacts`, 2 × 4 GiB', bundle, 'at most 0.6'],
      ['`latticra release` of 2 × 4 GiB, all steps', release, 'at most 10 s'],
    ]) {
      if (!has('/usr/bin/time')) {
        row(what, work, compare(command, synced, runs), goal);
        continue;
      }
      // The least says most: memory that a virtual machine gave back costs its next user more than all else.
      const { usual, least, work: busy } = compareFully(command, synced, runs, 180);
      row(what, work, usual, goal);
      row('the same, the least of all runs', work, least, goal);
      row('the same, in seconds of processors', work, busy, 'none');
    }
  }
  away.before();
  const peak = has('/usr/bin/time') ? peakMib(bundle).toFixed(0) : '? (/usr/bin/time is missing)';
  process.stderr.write(`bundling: at most ${peak} MiB of memory\n`);
}
