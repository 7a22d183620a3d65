// SPDX-License-Identifier: Apache-2.0
/** Tricks of somebody who may write into a bundle, its checksums too, and has nobody's key: one line each that says what is wrong. */
import { execFileSync } from 'node:child_process';
import { hash } from 'node:crypto';
import {
  appendFileSync,
  cpSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Failure } from '@latticra/failure';
import {
  generateEd25519Key,
  loadSigners,
  NAMESPACES,
  type Namespace,
  signWithKey,
} from '@latticra/signature';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { itWith } from '../../../../tools/testing/tools.js';
import { removeEvidence } from '../../../promotion/test/evidence.js';
import { layPromotion, promotedRequest } from '../../test/promotion.js';
import { stageOperatorBundle } from '../stage.js';
import { verifyOperatorBundle } from '../verify/verify.js';

const maker = generateEd25519Key('');
const env = { PATH: '' };
let home: string;
let bundle: string;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'bundle-forger-'));
  await layPromotion(home);
  writeFileSync(join(home, 'key'), maker.privateFile, { mode: 0o600 });
  writeFileSync(join(home, 'mine'), `maker@example.org namespaces="latticra-os-image" ${maker.publicLine}`);
  await stageOperatorBundle({ ...promotedRequest(), signKey: 'key' }, { cwd: home, env });
}, 60_000);
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
  removeEvidence();
});
beforeEach(() => {
  bundle = join(home, 'forged');
  rmSync(bundle, { recursive: true, force: true });
  cpSync(join(home, 'out'), bundle, { recursive: true });
});

const at = (name: string) => join(bundle, name);
const SUMS = 'SHA256SUMS';
const LISTING = 'promotion/promotion-evidence.txt';
const edit = (name: string, change: (text: string) => string) =>
  writeFileSync(at(name), change(readFileSync(at(name), 'utf8')));
const signSums = (namespace: Namespace, algorithm: 'sha256' | 'sha512' = 'sha256') => {
  const digest = Buffer.from(hash(algorithm, readFileSync(at(SUMS)), 'hex'), 'hex');
  writeFileSync(at(`${SUMS}.sig`), signWithKey(maker.key, namespace, digest, algorithm));
};

/** Writes the checksums of what lies there, and takes their signature away, as far as the bundle does not say that it is signed. */
function sumAgain(): void {
  const names = readdirSync(bundle, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(bundle, join(entry.parentPath, entry.name)))
    .filter((name) => !name.startsWith(SUMS))
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  writeFileSync(
    at(SUMS),
    names.map((name) => `${hash('sha256', readFileSync(at(name)))}  ${name}\n`).join(''),
  );
  rmSync(at(`${SUMS}.sig`));
}

interface Trick {
  readonly title: string;
  readonly play: () => unknown;
  readonly told: RegExp;
  /** Whether the checksums are written again. */
  readonly isSummed?: boolean;
  /** A program that it needs. */
  readonly needs?: string;
}

const TRICKS: readonly Trick[] = [
  {
    title: 'checksums with a mark of binary files',
    play: () => edit(SUMS, (text) => text.replace(/^(\w{64}) {2}(README)/m, '$1 *$2')),
    told: /line \d+: expected <sha256>, two spaces and a name/,
  },
  {
    title: 'checksums with a name that is escaped',
    play: () => edit(SUMS, (text) => text.replace(/^(\w{64}) {2}README\.txt/m, '\\$1  README\\\\.txt')),
    told: /line \d+: expected <sha256>, two spaces and a name/,
  },
  {
    title: 'checksums in capitals',
    play: () => edit(SUMS, (text) => text.toUpperCase()),
    told: /line 1: expected/,
  },
  {
    title: 'checksums in lines of another system',
    play: () => edit(SUMS, (text) => text.replaceAll('\n', '\r\n')),
    told: /line 1: expected/,
  },
  {
    title: 'checksums behind a byte order mark',
    play: () => edit(SUMS, (text) => `\ufeff${text}`),
    told: /line 1: expected/,
  },
  {
    title: 'checksums with an empty line behind them',
    play: () => appendFileSync(at(SUMS), '\n'),
    told: /line \d+: expected/,
  },
  {
    title: 'checksums that have one file twice',
    play: () => edit(SUMS, (text) => text.replace(/^.*README\.txt\n/m, '$&$&')),
    told: /README\.txt: stands twice/,
  },
  {
    title: 'checksums of a file outside',
    play: () => edit(SUMS, (text) => `${'0'.repeat(64)}  ../key\n${text}`),
    told: /^\.\.\/key: has a checksum but is not there$/,
  },
  {
    title: 'checksums of no bytes',
    play: () => writeFileSync(at(SUMS), ''),
    told: /expected lines, each ending in LF/,
  },
  {
    title: 'a signature of the checksums for another purpose',
    play: () => signSums(NAMESPACES.review),
    told: /is a signature for latticra-review, expected one for latticra-os-image/,
  },
  {
    title: 'a signature of other checksums',
    play: () => {
      edit(SUMS, (text) => text.replace(/^(.*README\.txt)$/m, '$1'));
      appendFileSync(at('README.txt'), 'x');
      edit(SUMS, (text) =>
        text.replace(/^\w{64}( {2}README\.txt)$/m, `${hash('sha256', readFileSync(at('README.txt')))}$1`),
      );
    },
    told: /SHA256SUMS\.sig: not a signature of this file/,
  },
  {
    title: 'a signature of the checksums with text behind it',
    play: () => appendFileSync(at(`${SUMS}.sig`), 'approved\n'),
    told: /SHA256SUMS\.sig: /,
  },
  {
    title: 'a signature that was taken away',
    play: () => rmSync(at(`${SUMS}.sig`)),
    told: /SHA256SUMS\.sig: was made with the bundle/,
  },
  {
    title: 'a folder in the place of the signature',
    play: () => {
      rmSync(at(`${SUMS}.sig`));
      mkdirSync(at(`${SUMS}.sig`));
    },
    told: /SHA256SUMS\.sig/,
  },
  {
    title: 'a second name of evidence, which whoever has it can write to',
    play: () => linkSync(at('promotion/reviews/bob.txt'), join(home, `second-${Date.now()}`)),
    told: /bob\.txt: has 2 names/,
  },
  {
    title: 'a link to a folder in the place of one',
    play: () => {
      renameSync(at('promotion/reviews'), join(bundle, '..', 'moved'));
      symlinkSync('../../moved', at('promotion/reviews'));
    },
    told: /promotion\/reviews: is a link/,
  },
  {
    title: 'a link in the place of all of it',
    play: () => {
      renameSync(at('promotion'), join(home, 'moved-promotion'));
      symlinkSync('../moved-promotion', at('promotion'));
    },
    told: /^promotion: is a link/,
  },
  {
    title: 'a pipe among the evidence',
    needs: 'mkfifo',
    play: () => execFileSync('mkfifo', [at('promotion/evidence/pipe')]),
    told: /promotion\/evidence\/pipe: is there but has no checksum/,
  },
  {
    title: 'a file that is all hole in the place of an image',
    play: () => truncateSync(at('latticra-x86_64.iso'), 2 ** 26),
    told: /latticra-x86_64\.iso: expected sha256:/,
  },
  {
    title: 'a file that is all hole among the evidence',
    play: () => truncateSync(at('promotion/evidence/one/manifest.txt'), 2 ** 31),
    told: /promotion\/evidence\/one\/manifest\.txt: expected sha256:/,
  },
  {
    title: 'a list of the evidence in other lines',
    isSummed: true,
    play: () => edit(LISTING, (text) => text.replaceAll('\n', '\r\n')),
    told: /promotion-evidence\.txt: /,
  },
  {
    title: 'a list of the evidence with a path from the root',
    isSummed: true,
    play: () => edit(LISTING, (text) => text.replace(' evidence/one/', ' /evidence/one/')),
    told: /promotion-evidence\.txt: line \d+: file_\d+: expected a digest, a size, and a path below the folder/,
  },
  {
    title: 'a list of the evidence with an invisible letter in a path',
    isSummed: true,
    play: () => edit(LISTING, (text) => text.replace(' evidence/one/', ' evidence/o\u200bne/')),
    told: /promotion-evidence\.txt: /,
  },
  {
    title: 'a list of the evidence with a size that is none',
    isSummed: true,
    play: () => edit(LISTING, (text) => text.replace(/^(file_01=sha256:\w{64}) \d+/m, '$1 007')),
    told: /promotion-evidence\.txt: line \d+: file_01: expected/,
  },
  {
    title: 'a list of the evidence with one line twice',
    isSummed: true,
    play: () =>
      edit(LISTING, (text) =>
        text.replace(/^file_02=.*$/m, (/^file_01=(.*)$/m.exec(text) ?? [])[0]?.replace('01', '02') ?? ''),
      ),
    told: /promotion-evidence\.txt: does not list the files as a bundle has them/,
  },
  {
    title: 'an evaluation with a line that nobody knows',
    isSummed: true,
    play: () =>
      edit('promotion/promotion-evaluation.txt', (text) =>
        text.replace('\npromotion_reviewed=', '\napproved=1\npromotion_reviewed='),
      ),
    told: /promotion-evaluation\.txt: /,
  },
  {
    title: 'an evaluation with a claim',
    isSummed: true,
    play: () =>
      edit('promotion/promotion-evaluation.txt', (text) =>
        text.replace('production_os_claim=0', 'production_os_claim=1'),
      ),
    told: /promotion-evaluation\.txt: .*production_os_claim/,
  },
  {
    title: 'an evaluation at a time that there is not',
    isSummed: true,
    play: () =>
      edit('promotion/promotion-evaluation.txt', (text) =>
        text.replace(/^verify_time=.*$/m, 'verify_time=2026-02-31T00:00:00Z'),
      ),
    told: /promotion-evaluation\.txt: .*verify_time/,
  },
  {
    title: 'an evaluation at a time at which other keys were valid',
    isSummed: true,
    play: () =>
      edit('promotion/promotion-evaluation.txt', (text) =>
        text.replace(/^verify_time=.*$/m, 'verify_time=2026-12-02T00:00:00Z'),
      ),
    told: /^promotion\/promotion-evidence\.txt: is not of what lies there: promotion-evaluation\.txt$/,
  },
  {
    title: 'a second evaluation under another name',
    isSummed: true,
    play: () => cpSync(at('promotion/promotion-evaluation.txt'), at('promotion/evaluation.txt')),
    told: /promotion\/evaluation\.txt: has a checksum and is no file of a bundle/,
  },
  {
    title: 'allowed signers with a line more',
    isSummed: true,
    play: () => appendFileSync(at('promotion/allowed-signers'), `me@example.org ${maker.publicLine}`),
    told: /allowed signers of the evaluation, sha256:\w{64}, are not there/,
  },
  {
    title: 'a manifest that names an image among the evidence',
    isSummed: true,
    play: () =>
      edit('manifest.txt', (text) =>
        text.replace('iso_artifact_path=', 'iso_artifact_path=promotion/evidence/one/'),
      ),
    told: /promotion\/evidence\/one\/latticra-x86_64\.iso: no such file or folder$/,
  },
];

for (const { title, play, told, isSummed = false, needs } of TRICKS) {
  itWith(needs === undefined ? [] : [needs], `${title} is refused in one line`, async () => {
    play();
    if (isSummed) sumAgain();
    const refusal = await verifyOperatorBundle(bundle, { env }).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (!(refusal instanceof Failure)) throw refusal ?? new Error('it was not refused');
    expect(`${refusal.message}`).toMatch(told);
    expect(refusal.message).not.toContain('\n');
    expect(refusal.kind).toMatch(/^(data|input-missing)$/);
    rmSync(join(home, 'moved'), { recursive: true, force: true });
    rmSync(join(home, 'moved-promotion'), { recursive: true, force: true });
  });
}

it('whoever writes all of it again without the key of its maker is told by the signature that is missing', async () => {
  edit('operator-bundle-report.txt', (text) => text.replace('checksums_signed=1\n', ''));
  sumAgain();
  const signers = await loadSigners({ allowedSigners: join(home, 'mine'), at: new Date() });
  await expect(verifyOperatorBundle(bundle, { env, signers, requireSignature: true })).rejects.toMatchObject({
    message: expect.stringMatching(/nobody signed the bundle/),
  });
});
