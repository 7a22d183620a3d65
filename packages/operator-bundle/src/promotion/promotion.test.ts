// SPDX-License-Identifier: Apache-2.0
import { createHash, sign } from 'node:crypto';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { PREDICATE_TYPE, signStatement } from '@latticra/attestation';
import { formatDocument } from '@latticra/evidence-format';
import { evaluatePromotion, evaluationDocument } from '@latticra/promotion';
import { generateEd25519Key, loadSigners } from '@latticra/signature';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { layBoot, layReview, optionsFor, removeEvidence } from '../../../promotion/test/evidence.js';
import { AT, KEYS } from '../../../promotion/test/keys.js';
import { evaluateInto, layPromotion, promotedRequest, textIn } from '../../test/promotion.js';
import { stageOperatorBundle } from '../stage.js';
import { verifyOperatorBundle } from '../verify/verify.js';
import { evidenceIn } from './carried.js';
import { promotionListing } from './listing.js';

/** Returns an attestation that says something of one file, signed by who built. @param sha256 of the file */
const attestationOf = (sha256: string): Promise<string> => {
  const { publicKey, signer } = KEYS['builder@example.org'].key;
  return signStatement(
    {
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name: 'other.iso', digest: { sha256 } }],
      predicateType: PREDICATE_TYPE.testResult,
      predicate: {},
    },
    { key: publicKey, sign: async (data) => sign(null, data, signer) },
  );
};

/** A bundle that was staged once, of which each test takes a copy, moved to where nothing of its release lies. */
let home: string;
let cwd: string;
let bundle: string;
const env = { PATH: '' };
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'bundle-promotion-'));
  await layPromotion(home);
  await stageOperatorBundle(promotedRequest(), { cwd: home, env });
}, 60_000);
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
  removeEvidence();
});
beforeEach(() => {
  cwd = join(home, 'elsewhere');
  rmSync(cwd, { recursive: true, force: true });
  mkdirSync(cwd);
  bundle = join(cwd, 'carried');
  cpSync(join(home, 'out'), bundle, { recursive: true });
});

const at = (...names: string[]) => join(bundle, ...names);
const verify = () => verifyOperatorBundle(bundle, { env });

/** Lists every file below a folder. */
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();

/** Writes SHA256SUMS anew, as an attacker does whom no signature hinders. */
function sumAgain(): void {
  const names = filesIn(bundle).filter((name) => !name.startsWith('SHA256SUMS'));
  const lines = names
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .map(
      (name) =>
        `${createHash('sha256')
          .update(readFileSync(at(name)))
          .digest('hex')}  ${name}\n`,
    );
  writeFileSync(at('SHA256SUMS'), lines.join(''));
}

/** Evaluates what a bundle carries, as `latticra-os-image-promotion-evaluate` does it elsewhere. */
async function evaluateCarried(): Promise<string> {
  const policy = await loadSigners({ allowedSigners: at('promotion/allowed-signers'), at: AT });
  const options = optionsFor(bundle, {
    ...(await evidenceIn(bundle)),
    reviewsDir: at('promotion/reviews'),
    policy,
    allowedSignersSha256: policy.allowedList.sha256,
    checkTag: async () => 'unknown',
  });
  return formatDocument(evaluationDocument(await evaluatePromotion(options), options));
}

describe('a bundle that carries what its release was promoted by', () => {
  it('the evaluation of what it carries is, byte for byte, the one that was made where it was built', async () => {
    rmSync(join(home, 'promotion/never'), { force: true });
    const made = textIn(home, 'promotion/evaluation.txt');
    expect(made).toContain('\npromotion_evidence_complete=1\npromotion_reviewed=1\n');
    expect(textIn(bundle, 'promotion/promotion-evaluation.txt')).toBe(made);
    expect(await evaluateCarried()).toBe(made);
  });

  it('every file of the promotion folder is in the bundle, under its checksums, and each image once', async () => {
    const { promotion } = await verify();
    expect(promotion).toMatchObject({ held: 20, total: 20, reviews: 'reviews' });
    const carried = filesIn(bundle);
    const sums = textIn(bundle, 'SHA256SUMS');
    for (const name of carried.filter((each) => each !== 'SHA256SUMS')) expect(sums).toContain(`  ${name}\n`);
    for (const name of filesIn(join(home, 'promotion'))) {
      if (!name.startsWith('evidence/') || /\.(iso|qcow2)$/.test(name)) continue;
      expect(carried).toContain(`promotion/${name}`);
    }
    expect(carried.filter((name) => name.endsWith('.iso'))).toEqual(['latticra-x86_64.iso']);
    expect(carried.filter((name) => name.endsWith('.qcow2'))).toEqual(['latticra-x86_64.qcow2']);
    const listing = textIn(bundle, 'promotion/promotion-evidence.txt');
    expect(listing).toMatch(/\n\[lent\]\nlent_01=sha256:\w{64} \d+ evidence\/one\/latticra-x86_64\.iso\n/);
    expect(listing).toContain(' evidence/two/latticra-x86_64.iso\n');
    expect(textIn(bundle, 'README.txt')).toContain(
      'latticra-os-image-promotion-evaluate --evidence-dir . --reviews promotion/reviews --allowed-signers promotion/allowed-signers --verify-time 2026-12-01T00:00:00Z',
    );
  });

  it('two bundles of the same promotion folder have the same bytes', async () => {
    await stageOperatorBundle(promotedRequest('again'), { cwd: home, env });
    const [first, again] = ['out', 'again'].map((name) =>
      textIn(home, name, 'SHA256SUMS').replace(/^.* {2}(operator-bundle-report\.txt)$/m, '$1'),
    );
    expect(again).toBe(first);
    rmSync(join(home, 'again'), { recursive: true });
  });

  it('a bundle that is signed by keys that prove nothing says so', async () => {
    const { privateFile } = generateEd25519Key('throw-away');
    writeFileSync(join(home, 'key'), privateFile, { mode: 0o600 });
    const request = { ...promotedRequest('signed'), signKey: 'key', keysProveNothing: true };
    await stageOperatorBundle(request, { cwd: home, env });
    const signed = join(home, 'signed');
    const found = await verifyOperatorBundle(signed, { env });
    expect(found.keysProveNothing).toBe(true);
    expect(found.checksumsSignature.status).toBe('present-unverified');
    expect(textIn(signed, 'README.txt')).toContain('prove nothing');
    expect(textIn(signed, 'operator-bundle-report.txt')).toContain('\nkeys_prove_nothing=1\n');
    await expect(verifyOperatorBundle(signed, { env, requireSignature: true })).rejects.toMatchObject({
      code: 'damaged',
      message: expect.stringContaining('nobody signed the bundle'),
    });
    rmSync(signed, { recursive: true });
  });

  it('a page that was made of the bundle lies in it, and is made again when it is verified', async () => {
    const make = async (folder: string, leaveOut: readonly string[]) =>
      filesIn(folder)
        .filter((name) => !leaveOut.includes(name))
        .join('\n');
    const page = { version: '1.0.0', make };
    await stageOperatorBundle(promotedRequest('shown'), { cwd: home, env, page });
    const shown = join(home, 'shown');
    writeFileSync(join(shown, 'serial.log'), 'mine');
    const onAdded = () => undefined;
    await verifyOperatorBundle(shown, { env, page, onAdded });
    await expect(
      verifyOperatorBundle(shown, { env, page: { ...page, make: async () => 'another' }, onAdded }),
    ).rejects.toMatchObject({ code: 'damaged', message: expect.stringMatching(/^report\.html: /) });
    rmSync(shown, { recursive: true });
  });
});

describe('an attacker who has the bundle, and writes its checksums again', () => {
  const replay = async (name: string) => {
    const laid = { home: at('promotion'), record: { iso: undefined, qcow2: undefined } };
    await layReview(laid as never, name, 'bob@example.org', {
      release: { version: '0.9', tag: 'v0.9', iso: 'a'.repeat(64), vmImage: undefined },
    });
  };
  const listing = 'promotion/promotion-evidence.txt';
  const record = 'promotion/evidence/boots/first/record.txt';

  it.each<[string, () => void | Promise<void>, RegExp]>([
    [
      'an evaluation that says something else',
      () => {
        const name = at('promotion/promotion-evaluation.txt');
        writeFileSync(name, textIn(name).replace('unsatisfied_count=0', 'unsatisfied_count=1'));
      },
      /promotion-evaluation\.txt: .*unsatisfied_count/,
    ],
    [
      'an evaluation that cites another file',
      () => {
        const name = at('promotion/promotion-evaluation.txt');
        writeFileSync(name, textIn(name).replace('boots/first', 'boots/other'));
      },
      /promotion-evaluation\.txt: is not what the evidence gives: \w+_evidence is /,
    ],
    ['the review of the last release', () => replay('bob'), /bob\.txt/],
    [
      'a transcript that was taken away',
      () => rmSync(at('promotion/evidence/transcripts/install.txt')),
      /promotion\/evidence\/transcripts\/install\.txt: a bundle has it/,
    ],
    [
      'a signature that was taken away',
      () => rmSync(at('promotion/evidence/one/os-image-build.txt.sig')),
      /os-image-build\.txt\.sig: a bundle has it/,
    ],
    [
      'other allowed signers',
      () => writeFileSync(at('promotion/allowed-signers'), '# nobody\n'),
      /allowed signers of the evaluation, sha256:\w{64}, are not there/,
    ],
    ['a review that was added', () => replay('late'), /late\.txt: has a checksum and is no file of a bundle/],
    [
      'a boot record that was copied',
      () =>
        cpSync(at('promotion/evidence/boots/first'), at('promotion/evidence/boots/third'), {
          recursive: true,
        }),
      /boots\/third\/\S+: has a checksum and is no file of a bundle/,
    ],
    [
      'a boot of another machine in the place of one',
      () => {
        rmSync(at('promotion/evidence/boots/first'), { recursive: true });
        layBoot(at('promotion/evidence/boots/first'), { sha256: 'a'.repeat(64), size: 3 }, 'machine-1');
      },
      /is not what the evidence gives/,
    ],
    [
      'a list that leads out of the bundle',
      () => writeFileSync(at(listing), textIn(at(listing)).replace('evidence/one/', '../')),
      /promotion-evidence\.txt: /,
    ],
    [
      'a list that calls an image its own',
      () => {
        const text = textIn(at(listing));
        const line = /\[lent\]\nlent_01=(.*)\n/.exec(text)?.[1] ?? '';
        writeFileSync(
          at(listing),
          text
            .replace(/\[lent\]\n[\s\S]*$/, '[lent]\n')
            .replace(/lent_count=\d+/, 'lent_count=0')
            .replace(/file_01=.*/, `file_01=${line}`),
        );
      },
      /promotion-evidence\.txt: /,
    ],
    [
      'an image in the place where a listed one is lent',
      () => cpSync(at('latticra-x86_64.iso'), at('promotion/evidence/two/latticra-x86_64.iso')),
      /latticra-x86_64\.iso: has a checksum and is no file of a bundle/,
    ],
    [
      'a link in the place of a review',
      () => {
        renameSync(at('promotion/reviews/bob.txt'), join(cwd, 'bob.txt'));
        symlinkSync('../../../bob.txt', at('promotion/reviews/bob.txt'));
      },
      /promotion\/reviews\/bob\.txt: is a link/,
    ],
    [
      'an empty folder',
      () => mkdirSync(at('promotion/evidence/empty')),
      /promotion\/evidence\/empty: is there/,
    ],
    [
      'a file with the name of another in capitals',
      () => {
        const text = readFileSync(at(listing));
        const { carried, lent } = promotionListing.parse(text);
        const [log] = carried.filter(({ path }) => path === 'evidence/transcripts/install.log');
        const other = { ...(log ?? expect.fail()), path: 'evidence/transcripts/INSTALL.log' };
        cpSync(at('promotion', log?.path ?? ''), at('promotion', other.path));
        const both = [...carried, other].sort((a, b) => (a.path < b.path ? -1 : 1));
        writeFileSync(at(listing), promotionListing.format({ carried: both, lent }));
      },
      /^promotion\/evidence\/transcripts\/install\.log: .* takes it for \S+\/INSTALL\.log$/,
    ],
    [
      'one byte of a log',
      () => writeFileSync(at('promotion/evidence/boots/first/serial.log'), 'OK\nID 2\n'),
      /is not what the evidence gives/,
    ],
    [
      'one byte of a record',
      () => writeFileSync(at(record), textIn(at(record)).replace('ID 1', 'ID 2')),
      /is not what the evidence gives/,
    ],
  ])('%s is noticed', async (_, change, message) => {
    await change();
    sumAgain();
    await expect(verify()).rejects.toMatchObject({
      code: 'damaged',
      message: expect.stringMatching(message),
    });
  });

  it('an evaluation of the forged evidence tells what does not hold any more', async () => {
    await replay('bob');
    expect(await evaluateCarried()).toContain('\npromotion_reviewed=0\n');
    rmSync(at('promotion/evidence/transcripts/install.txt'));
    expect(await evaluateCarried()).toContain('\nhardware_install_transcript_recorded=0\n');
  });
});

describe('a promotion folder that a bundle does not take', () => {
  const stage = (changes = {}) =>
    stageOperatorBundle({ ...promotedRequest('new'), ...changes }, { cwd, env });
  beforeEach(() => {
    cpSync(join(home, 'promotion'), join(cwd, 'promotion'), { recursive: true });
  });
  const put = (name: string, text = 'x\n') => writeFileSync(join(cwd, 'promotion', name), text);

  it.each<[string, () => void | Promise<void>, string, RegExp]>([
    [
      'a review with the name of another in capitals',
      async () => {
        for (const end of ['.txt', '.txt.sig'])
          cpSync(join(cwd, `promotion/reviews/bob${end}`), join(cwd, `promotion/reviews/BOB${end}`));
        await evaluateInto(join(cwd, 'promotion'));
      },
      'name-clash',
      /^promotion\/reviews\/bob\.txt: .* takes it for promotion\/reviews\/BOB\.txt$/,
    ],
    [
      'a folder with the name of another, composed otherwise',
      async () => {
        for (const name of ['boots/\u00e9', 'boots/e\u0301'])
          cpSync(join(cwd, 'promotion/evidence/boots/first'), join(cwd, 'promotion/evidence', name), {
            recursive: true,
          });
        await evaluateInto(join(cwd, 'promotion'));
      },
      'name-clash',
      /^promotion\/evidence\/boots\/\u00e9\/\S+: .* takes it for promotion\/evidence\/boots\/e\u0301$/,
    ],
    [
      'a file that is nothing of it',
      () => put('notes.md'),
      'bad-promotion',
      /^promotion\/notes\.md: is no evidence/,
    ],
    [
      'a text in the evidence that no document names',
      async () => {
        put('evidence/notes.md');
        await evaluateInto(join(cwd, 'promotion'));
      },
      'bad-promotion',
      /^promotion\/evidence\/notes\.md: is no evidence/,
    ],
    [
      'a link in the evidence',
      async () => {
        symlinkSync('/etc/passwd', join(cwd, 'promotion/evidence/passwd'));
        await evaluateInto(join(cwd, 'promotion'));
      },
      'bad-promotion',
      /passwd: is a symbolic link/,
    ],
    [
      'no evaluation',
      () => rmSync(join(cwd, 'promotion/evaluation.txt')),
      'bad-promotion',
      /has no evaluation/,
    ],
    [
      'two evaluations',
      () => put('second.txt', textIn(cwd, 'promotion/evaluation.txt')),
      'bad-promotion',
      /are two evaluations/,
    ],
    [
      'an evaluation that was edited',
      () =>
        put(
          'evaluation.txt',
          textIn(cwd, 'promotion/evaluation.txt').replace('refused_count=0', 'refused_count=1'),
        ),
      'evaluation-differs',
      /refused_count is "1", and the evidence gives "0"/,
    ],
    [
      'an evaluation of which somebody needs the repository',
      async () => {
        for (const folder of ['one', 'two'])
          rmSync(join(cwd, `promotion/evidence/${folder}/os-image-build.txt.sig`));
        await evaluateInto(join(cwd, 'promotion'), { checkTag: async () => 'verified' });
      },
      'evaluation-differs',
      /source_tag_recorded_evidence is .*, and the evidence gives "missing: a repository that has the tag/,
    ],
    [
      'an attestation that nobody signed',
      () => {
        mkdirSync(join(cwd, 'promotion/attestations'));
        put(
          'attestations/one.json',
          '{"payloadType":"application/vnd.in-toto+json","payload":"e30=","signatures":[]}',
        );
      },
      'bad-promotion',
      /^attestations\/one\.json: /,
    ],
    [
      'an attestation of a file that the bundle does not have, by a key that may sign',
      async () => {
        mkdirSync(join(cwd, 'promotion/attestations'));
        put('attestations/one.json', await attestationOf('a'.repeat(64)));
      },
      'bad-promotion',
      /^attestations\/one\.json: is of "other\.iso", sha256:a{64}, which is no file of the bundle$/,
    ],
  ])('%s is refused by name', async (_, change, code, message) => {
    await change();
    await expect(stage()).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    expect(() => readdirSync(join(cwd, 'new'))).toThrow();
  });
});
