// SPDX-License-Identifier: Apache-2.0
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { READINESS_CLAIMS } from '../../../packages/evidence-format/src/index.js';
import { promotionEvaluation } from '../../../packages/promotion/src/index.js';
import { completeEvidence, removeEvidence } from '../../../packages/promotion/test/evidence.js';
import { ALLOWED } from '../../../packages/promotion/test/keys.js';
import { documentValues, tryLane } from '../../../tools/testing/lane.js';
import { lane } from './lane.js';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'promotion-evaluate-'));
  await cp(join((await completeEvidence()).home, 'evidence'), join(cwd, 'evidence'), { recursive: true });
  await writeFile(join(cwd, 'allowed_signers'), ALLOWED);
});
afterEach(() => rm(cwd, { recursive: true, force: true }));
afterAll(removeEvidence);

const TIME = ['--verify-time', '2026-12-01T00:00:00Z'];
const evaluate = (...argv: string[]) => tryLane(lane, ['--evidence-dir', 'evidence', ...argv], { cwd });

describe(lane.bin, () => {
  it('the evaluation says of each field what shows it or what is missing, claims nothing, and writes nothing', async () => {
    const before = await readdir(cwd, { recursive: true });
    const { status, stdout, stderr } = await evaluate('--allowed-signers', 'allowed_signers', ...TIME);
    expect([status, stderr]).toEqual([0, '']);
    const values = documentValues(stdout);
    expect(values).toMatchObject({
      system: 'linux',
      source_tag_recorded: '1',
      sbom_recorded: '1',
      sbom_recorded_evidence: expect.stringMatching(/^one\/sbom\.spdx\.json sha256:[0-9a-f]{64}$/),
      artifact_reproducibility_reviewed: '0',
      artifact_reproducibility_reviewed_evidence: expect.stringMatching(/^missing: an approving review/),
      verify_time: '2026-12-01T00:00:00Z',
      promotion_evidence_complete: '0',
      promotion_reviewed: '0',
      unsatisfied_count: '1',
      ...Object.fromEntries(Object.keys(READINESS_CLAIMS).map((claim) => [claim, '0'])),
    });
    expect(stdout).toContain(
      '\n[unsatisfied]\nnext_01=artifact_reproducibility_reviewed: latticra-os-image-review-record ',
    );
    expect(promotionEvaluation.format(promotionEvaluation.parse(stdout))).toBe(stdout);
    expect(await readdir(cwd, { recursive: true })).toEqual(before);
  });

  it('the evaluation is the same wherever the evidence lies', async () => {
    const first = await evaluate('--allowed-signers', 'allowed_signers', ...TIME);
    await cp(join(cwd, 'evidence'), join(cwd, 'elsewhere/deep'), { recursive: true });
    const argv = ['--evidence-dir', 'elsewhere/deep', '--allowed-signers', 'allowed_signers', ...TIME];
    expect(await tryLane(lane, argv, { cwd })).toEqual(first);
  });

  it('a folder that is not there, a list that cannot be read and a flag that makes no sense are told apart', async () => {
    expect(await tryLane(lane, ['--evidence-dir', 'no'], { cwd })).toMatchObject({ status: 66, stdout: '' });
    expect(await evaluate('--reviews', 'no')).toMatchObject({ status: 66, stdout: '' });
    expect(await evaluate(...TIME)).toMatchObject({ status: 64, stdout: '' });
    expect(await evaluate('--pins', 'no')).toMatchObject({ status: 66, stdout: '' });
    await writeFile(join(cwd, 'pins'), '# builders\nnot-an-address ssh-ed25519 AAAA\n');
    const pinned = await evaluate('--pins', 'pins');
    expect(pinned).toMatchObject({
      status: 65,
      stdout: '',
      stderr: expect.stringMatching(/pins: line 2 [^\n]+\n$/),
    });
    await writeFile(join(cwd, 'allowed_signers'), `${ALLOWED}a no-such-option x y\n`);
    const { status, stdout, stderr } = await evaluate('--allowed-signers', 'allowed_signers');
    expect([status, stdout, stderr.split('\n').length]).toEqual([65, '', 2]);
    expect(stderr).toMatch(/line 7/);
  });

  it('an empty folder lacks everything, beginning with a manifest', async () => {
    await rm(join(cwd, 'evidence'), { recursive: true });
    await cp(join(cwd, 'allowed_signers'), join(cwd, 'evidence/notes.txt'));
    const { status, stdout } = await evaluate();
    expect(status).toBe(0);
    expect(documentValues(stdout)).toMatchObject({
      unsatisfied_count: '20',
      artifact_manifest_path: 'none',
      system: 'unknown',
    });
  });
});
