// SPDX-License-Identifier: Apache-2.0
/**
 * Tricks of somebody who may write into the folder of evidence and has nobody's key: each is named in a line that says what to do, shows
 * nothing, and leaves the answers about everything else as they were.
 */
import {
  appendFileSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { generateEd25519Key, NAMESPACES } from '@latticra/signature';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { copyEvidence, evaluate, type Laid, layReview, removeEvidence } from '../../test/evidence.js';
import { ALLOWED, allowedLine, KEYS, policyOf, signFile } from '../../test/keys.js';
import { layTranscript, logOf, SAID, sum } from '../../test/transcripts.js';
import { FIELD_NAMES, type FieldName } from '../index.js';
import type { TranscriptKind } from '../transcript/kinds.js';
import type { EvaluateOptions } from './options.js';

let laid: Laid;
beforeEach(async () => {
  laid = await copyEvidence();
});
afterEach(() => rmSync(laid.home, { recursive: true, force: true }));
afterAll(removeEvidence);

const at = (path = '') => join(laid.home, 'evidence', path);
const text = (path: string) => readFileSync(at(path), 'utf8');
const put = (path: string, content: string | Uint8Array) => writeFileSync(at(path), content);
const edit = (path: string, change: (text: string) => string) => put(path, change(text(path)));
const reviews = () => ({ reviewsDir: join(laid.home, 'reviews') });
const pinned = () => ({ pins: [], pinsSha256: 'f'.repeat(64) });
const ISO = 'latticra-x86_64.iso';
const imageOf = () => laid.record.iso ?? expect.fail();

/** Lays a transcript of an installation that its operator signed, whatever its log shows. */
function layInstall(change: (log: string) => string, shown: Partial<typeof SAID> = {}): void {
  const { size, sha256 } = imageOf();
  const kind: TranscriptKind = 'install';
  const said = { kind, image: { size, sha256 }, recoverySha256: sum('Write the last image again.\n') };
  const told = { ...said, observed: 'went well', command: `${SAID.command} # install` };
  const log = change(logOf({ ...SAID, ...told, ...shown }));
  const path = layTranscript(at('transcripts'), 'install', told, log);
  signFile(path, NAMESPACES.transcript, KEYS['alice@example.org']);
}

/** Lays a list of checksums that the builder signed, and takes away what else signs the ISO. */
function laySums(name: string, list: (sha256: string) => string): void {
  put(name, list(imageOf().sha256));
  signFile(at(name), NAMESPACES.artifact, KEYS['builder@example.org']);
}

/** Does something once, as soon as the walk reads a file whose path has `part` in it. */
function meanwhile(part: string, work: () => void): Partial<EvaluateOptions> {
  let isDone = false;
  return {
    tracker: {
      track(label, read) {
        if (!isDone && label.includes(part)) {
          isDone = true;
          work();
        }
        return read(() => undefined);
      },
    },
  };
}

const deep = (open: string, close: string) => open.repeat(200_000) + close.repeat(200_000);
const serial = SAID.device.serial;
const elsewhere = { device: { ...SAID.device, serial: 'OTHER-77' } };
const INSTALL: FieldName = 'hardware_install_transcript_recorded';
const RECOVERY: FieldName = 'uninstall_or_reimage_recovery_recorded';
const MULTI: FieldName = 'multi_machine_validation_recorded';
const NFC = 'b\u00f3b@example.org';
const NFD = 'bo\u0301b@example.org';

interface Trick {
  readonly title: string;
  readonly play: () => unknown;
  readonly asked?: () => Partial<EvaluateOptions>;
  /** The fields that are lost. */
  readonly lost?: readonly FieldName[];
  /** What stands under `[refused]` or `[unrecognized]`. */
  readonly told: RegExp;
}

/** Files that somebody added: they lie there all at once. */
const ADDED: readonly Omit<Trick, 'asked' | 'lost'>[] = [
  {
    title: 'an SBOM nested deeper than any reader goes',
    play: () => put('deep-sbom.json', `{"spdxVersion":"SPDX-2.3","a":${deep('[', ']')}}`),
    told: /^deep-sbom\.json: .*nested more than 64 deep; /m,
  },
  {
    title: 'an envelope nested deeper than any reader goes',
    play: () => put('deep.json', `{"payload":${deep('{"a":', '}').replace('{"a":}', '{}')}}`),
    told: /^deep\.json: not-json: .*nested more than 64 deep; /m,
  },
  {
    title: 'envelopes in a file of lines, the first of them empty',
    play: () =>
      put(
        'x.intoto.jsonl',
        '\n{"payload":"e30=","payloadType":"application/vnd.in-toto+json","signatures":[]}\r\n',
      ),
    told: /^x\.intoto\.jsonl: no-signature: /m,
  },
  {
    title: 'a bundle of Sigstore, whose key is in a certificate',
    play: () =>
      put(
        'x.sigstore.json',
        '{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","dsseEnvelope":{"payload":"e30=","payloadType":"application/vnd.in-toto+json","signatures":[{"sig":"AAAA"}]}}',
      ),
    told: /^x\.sigstore\.json: sigstore-bundle: .*; have it signed with a key that you can pin/m,
  },
  {
    title: 'a line of three megabytes',
    play: () => put('long.txt', `LATTICRA OS IMAGE REVIEW\nreason=${'x'.repeat(3_000_000)}\n`),
    told: /^long\.txt: line 2: .* bytes, expected at most \d+; /m,
  },
  {
    title: 'files of no bytes in every place that a name promises something',
    play: () => {
      for (const name of ['a.sig', 'manifest.txt', 'sbom.json', 'SHA256SUMS']) put(name, '');
    },
    told: /^SHA256SUMS: an empty file$[\s\S]*^a\.sig: an empty file$[\s\S]*^manifest\.txt: an empty file$[\s\S]*^sbom\.json: an empty file$/m,
  },
  {
    title: 'a signed list of checksums of binary files',
    play: () => laySums('SUMS-1', (hex) => `${hex} *${ISO}\n`),
    told: /^SUMS-1: a list of checksums in another form than sha256sum writes: line 1: /m,
  },
  {
    title: 'a signed list of checksums with a name that is escaped',
    play: () => laySums('SUMS-2', (hex) => `\\${hex}  a\\\\b.iso\n`),
    told: /^SUMS-2: a list of checksums in another form than sha256sum writes: line 1: /m,
  },
  {
    title: 'a signed list of checksums with one name twice',
    play: () => laySums('SUMS-3', (hex) => `${hex}  a.iso\n${'0'.repeat(64)}  a.iso\n`),
    told: /^SUMS-3: a list of checksums .*: line 2: a\.iso: stands twice$/m,
  },
  {
    title: 'a signed list of checksums in lines of another system',
    play: () => laySums('SUMS-4', (hex) => `${hex}  a.iso\r\n`),
    told: /^SUMS-4: a list of checksums in another form than sha256sum writes: line 1: /m,
  },
  {
    title: 'a signed list of checksums with tags',
    play: () => laySums('SUMS-5', (hex) => `SHA256 (${ISO}) = ${hex}\n`),
    told: /^SUMS-5: a list of checksums in another form than sha256sum writes: line 1: /m,
  },
  {
    title: 'a link to the folder itself',
    play: () => symlinkSync('.', at('loop')),
    told: /^loop: is a symbolic link/m,
  },
  {
    title: 'a file that is all hole, and larger than an image is',
    play: () => {
      put('hole.raw', '');
      truncateSync(at('hole.raw'), 2 ** 40);
    },
    told: /^hole\.raw: has 1099511627776 bytes, expected at most 274877906944; take it out of the folder/m,
  },
];

describe('files that somebody added', () => {
  let lines: readonly string[];
  let open: readonly FieldName[];
  beforeEach(async () => {
    if (lines !== undefined) return;
    for (const { play } of ADDED) play();
    const { said } = await evaluate(laid.home, pinned());
    lines = [...said.refused, ...said.unrecognized].sort();
    open = FIELD_NAMES.filter((name) => !said.fields[name].isSatisfied);
  });

  it.each(ADDED)('$title is named', ({ told }) => {
    expect(lines.join('\n')).toMatch(told);
  });

  it('each of them is told in one line, and they take no answer away', () => {
    for (const line of lines) expect(line).toMatch(/^[^\n]{1,2000}$/);
    expect(open).toEqual(['artifact_reproducibility_reviewed']);
  });
});

const TRICKS: readonly Trick[] = [
  {
    title: 'an SBOM with a name twice below its top',
    play: () => edit('one/sbom.spdx.json', (t) => t.replace(/"packages": \[\s*\{/, '$& "name": "x",')),
    told: /^one\/sbom\.spdx\.json: .*"name" stands twice in one object; /m,
  },
  {
    title: 'an SBOM behind a byte order mark',
    play: () => edit('one/sbom.spdx.json', (t) => `\ufeff${t}`),
    told: /^one\/sbom\.spdx\.json: .*no JSON/m,
  },
  {
    title: 'an SBOM with a member that is no member of it',
    play: () => edit('one/sbom.spdx.json', (t) => t.replace('{', '{"__proto__": {},')),
    told: /^one\/sbom\.spdx\.json: .*"__proto__"/m,
  },
  {
    title: 'an SBOM with a NUL behind its end',
    play: () => appendFileSync(at('one/sbom.spdx.json'), '\0'),
    told: /^one\/os-image-build\.txt: sbom\.spdx\.json: /m,
  },
  {
    title: 'a log of no bytes',
    play: () => put('transcripts/install.log', ''),
    lost: [INSTALL],
    told: /^transcripts\/install\.txt: its log install\.log has 0 bytes/m,
  },
  {
    title: 'a log with a NUL in it, and a transcript that was made for it',
    play: () => layInstall((log) => `${log.slice(0, 40)}\0${log.slice(40)}`),
    lost: [INSTALL],
    told: /^transcripts\/install\.txt: its log install\.log .*NUL byte; /m,
  },
  {
    title: 'a serial log with a NUL in it',
    play: () => put('boots/first/serial.log', 'OK\n\0ID 1\n'),
    lost: [MULTI],
    told: /^boots\/first\/record\.txt: serial\.log has the digest/m,
  },
  {
    title: 'a serial number in a string of device control, which no terminal shows',
    play: () => layInstall((log) => log.replace('1+0', `\x1bP ${serial} \x1b\\1+0`), elsewhere),
    lost: [INSTALL],
    told: /^transcripts\/install\.txt: .*does not show the device with the serial number/m,
  },
  {
    title: 'a serial number in a string that nothing ends',
    play: () => layInstall((log) => `${log.replace(/\nScript done[\s\S]*/, '')}\x1b_ ${serial}\n`, elsewhere),
    lost: [INSTALL],
    told: /^transcripts\/install\.txt: its log install\.log /m,
  },
  {
    title: 'a serial number that was concealed on the terminal',
    play: () => layInstall((log) => log.replace('1+0', `\x1b[1;8m ${serial} \x1b[0m1+0`), elsewhere),
    lost: [INSTALL],
    told: /^transcripts\/install\.txt: its log install\.log holds text that was concealed on the terminal; record it again/m,
  },
  {
    title: 'a time in another zone',
    play: () => {
      edit('transcripts/install.txt', (t) =>
        t.replace(/^started_at=.*$/m, 'started_at=2026-11-01T12:00:00+02:00'),
      );
      signFile(at('transcripts/install.txt'), NAMESPACES.transcript, KEYS['alice@example.org']);
    },
    lost: [INSTALL],
    told: /^transcripts\/install\.txt: line \d+: started_at: expected a time of UTC such as /m,
  },
  {
    title: 'a signature of twenty megabytes',
    play: () =>
      put(
        'one/os-image-build.txt.sig',
        `-----BEGIN SSH SIGNATURE-----\n${`${'A'.repeat(70)}\n`.repeat(300_000)}-----END SSH SIGNATURE-----\n`,
      ),
    told: /^one\/os-image-build\.txt\.sig: the signature has \d+ bytes, expected at most 65536; /m,
  },
  {
    title: 'a signature of another kind',
    play: () =>
      put(
        'one/os-image-build.txt.sig',
        '-----BEGIN PGP SIGNATURE-----\n\niQ==\n-----END PGP SIGNATURE-----\n',
      ),
    told: /^one\/os-image-build\.txt\.sig: a signature \(pgp\)$/m,
  },
  {
    title: 'a signature whose lines end otherwise',
    play: () => edit('one/os-image-build.txt.sig', (t) => t.replaceAll('\n', '\r')),
    told: /^one\/os-image-build\.txt\.sig: the signature does not begin with the line /m,
  },
  {
    title: 'a second name of a record, which whoever has it can write to',
    play: () => linkSync(at('one/os-image-build.txt'), at('copy.txt')),
    told: /^one\/os-image-build\.txt: has 2 names \(hard links\), expected one; /m,
  },
  {
    title: 'an image that was made all hole, behind its end',
    play: () => truncateSync(at(`two/${ISO}`), 2 ** 40),
    told: /^two\/manifest\.txt: two\/latticra-x86_64\.iso: has 1099511627776 bytes/m,
  },
  {
    title: 'a disk that was made all hole, behind its end',
    play: () => truncateSync(at('two/latticra-x86_64.qcow2'), 2 ** 40),
    told: /^two\/os-image-build\.txt: latticra-x86_64\.qcow2: its size is 1099511627776, but the record says \d+; /m,
  },
  {
    title: 'a link in the place of a record, after it was listed',
    play: () => undefined,
    asked: () =>
      meanwhile('transcripts/install', () => {
        renameSync(at('transcripts/recovery.txt'), join(laid.home, 'moved'));
        symlinkSync('../../moved', at('transcripts/recovery.txt'));
      }),
    lost: [RECOVERY],
    told: /^transcripts\/recovery\.txt: was replaced after it had been looked at/m,
  },
  {
    title: 'another record in the place of one, after it was listed',
    play: () => undefined,
    asked: () =>
      meanwhile('transcripts/install', () => {
        renameSync(at('transcripts/recovery.txt'), join(laid.home, 'moved'));
        put('transcripts/recovery.txt', text('transcripts/usb-write.txt'));
      }),
    lost: [RECOVERY],
    told: /^transcripts\/recovery\.txt: was replaced after it had been looked at/m,
  },
];

it.each(TRICKS)(
  '$title is named, and nothing else is answered otherwise',
  async ({ play, asked, lost = [], told }) => {
    play();
    const { said } = await evaluate(laid.home, asked?.() ?? {});
    const open = FIELD_NAMES.filter((name) => !said.fields[name].isSatisfied);
    // Nobody reviewed anything here.
    expect(open).toEqual(expect.arrayContaining(['artifact_reproducibility_reviewed', ...lost]));
    expect(open).toHaveLength(1 + lost.length);
    const lines = [...said.refused, ...said.unrecognized];
    expect([...lines].sort().join('\n')).toMatch(told);
    for (const line of lines) expect(line).toMatch(/^[^\n]{1,2000}$/);
  },
);

/** Those who review, as lists say it that somebody has tricked. */
const REVIEWERS: readonly (Pick<Trick, 'title' | 'told'> & {
  readonly play: () => unknown;
  readonly allowed?: string;
})[] = [
  {
    title: 'a review whose reviewer is written in other characters than the list has',
    play: () => layReview(laid, 'r', 'bob@example.org', { reviewer: NFC }, KEYS['bob@example.org']),
    allowed: ALLOWED.replace('bob@example.org ', `${NFD} `),
    told: /^r\.txt: is signed by \S+, but its reviewer is \S+, which looks the same and is written otherwise$/m,
  },
  {
    title: 'a review by a key that is listed for reviews until yesterday, and for something else still',
    play: () => layReview(laid, 'r', 'bob@example.org'),
    allowed: [
      ALLOWED.replace(/^bob.*\n/m, ''),
      allowedLine(
        'bob@example.org',
        KEYS['bob@example.org'],
        [NAMESPACES.review],
        ',valid-before="20261130Z"',
      ),
      allowedLine('bob@example.org', KEYS['bob@example.org'], [NAMESPACES.boot]),
      `bob@example.org ${KEYS['bob@example.org'].publicLine}`,
    ].join(''),
    told: /^r\.txt: r\.txt\.sig: the key \S+ is not valid any more at /m,
  },
  {
    title: 'a review by a key that is listed under two names',
    play: () => layReview(laid, 'r', 'bob@example.org'),
    allowed: ALLOWED + allowedLine('robert@example.org', KEYS['bob@example.org'], [NAMESPACES.review]),
    told: /^r\.txt: r\.txt\.sig: the key \S+ has no one name/m,
  },
  {
    title: 'a review by a key whose namespaces are a pattern',
    play: () => layReview(laid, 'r', 'bob@example.org'),
    allowed:
      ALLOWED.replace(/^bob.*\n/m, '') +
      allowedLine('bob@example.org', KEYS['bob@example.org'], ['latticra-*']),
    told: /^r\.txt: r\.txt\.sig: the key \S+ is not allowed for latticra-review; /m,
  },
  {
    title: 'a rejection that was edited into an approval',
    play: async () => {
      const path = await layReview(laid, 'r', 'bob@example.org', { decision: 'reject' });
      writeFileSync(path, readFileSync(path, 'utf8').replace('decision=reject', 'decision=approve'));
    },
    told: /^r\.txt: r\.txt\.sig: not a signature of this file by the key /m,
  },
  {
    title: 'a review that claims something',
    play: async () => {
      const path = await layReview(laid, 'r', 'bob@example.org');
      writeFileSync(
        path,
        readFileSync(path, 'utf8').replace('production_os_claim=0', 'production_os_claim=1'),
      );
      signFile(path, NAMESPACES.review, KEYS['bob@example.org']);
    },
    told: /^r\.txt: line \d+: production_os_claim: expected 0/m,
  },
  {
    title: 'a review of the manifest before this one',
    play: () => layReview(laid, 'r', 'bob@example.org', { manifestSha256: 'a'.repeat(64) }),
    told: /^r\.txt: is a review of another artifact manifest$/m,
  },
];

it.each(REVIEWERS)('$title approves nothing, and is named', async ({ play, allowed = ALLOWED, told }) => {
  await play();
  const { said } = await evaluate(laid.home, { ...reviews(), policy: policyOf(allowed) });
  expect(said.isReviewed).toBe(false);
  for (const name of FIELD_NAMES) expect(said.fields[name].evidence, name).toMatch(/^missing: /);
  expect(said.refused.join('\n')).toMatch(told);
});

it('a producer who reviews under the same name in other characters, with another key, approves nothing', async () => {
  const key = generateEd25519Key('');
  for (const folder of ['one', 'two']) signFile(at(`${folder}/os-image-build.txt`), NAMESPACES.build, key);
  await layReview(laid, 'r', 'bob@example.org', { reviewer: NFD });
  const allowed = ALLOWED.replace('bob@example.org ', `${NFD} `) + allowedLine(NFC, key, [NAMESPACES.build]);
  const { said } = await evaluate(laid.home, { ...reviews(), policy: policyOf(allowed) });
  expect(said.isReviewed).toBe(false);
  expect(said.fields.artifact_sha256_recorded.evidence).toContain('of somebody else than');
});

it('one log under two transcripts shows neither, whatever string that no terminal shows was added to the copy', async () => {
  mkdirSync(at('transcripts/copy'));
  const log = text('transcripts/install.log');
  layInstall(() => log.replace('1+0', '\x1bPq another session \x1b\\1+0'), {});
  // The same session as that of writing the stick, which both of them are about.
  const told = {
    image: { size: imageOf().size, sha256: imageOf().sha256 },
    recoverySha256: sum('Write the last image again.\n'),
  };
  const path = layTranscript(
    at('transcripts/copy'),
    'p',
    { ...told, kind: 'post-install', command: `${SAID.command} # install` },
    log,
  );
  signFile(path, NAMESPACES.transcript, KEYS['alice@example.org']);
  rmSync(at('transcripts/post-install.txt'));
  const { said } = await evaluate(laid.home);
  expect(said.fields[INSTALL].evidence).toContain('are of one log, which shows one thing');
  expect(said.fields.post_install_verification_recorded.evidence).toContain('are of one log');
});
