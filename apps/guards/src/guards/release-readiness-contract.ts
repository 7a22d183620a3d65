// SPDX-License-Identifier: Apache-2.0
import fixture from '../../../../installer/manifests/latticra-os-image-release.toml';
import { expectFields, expectOrder } from '../drive.js';
import { refusesRaised } from '../fixture.js';
import type { Guard } from '../guard.js';

const LANE = 'latticra-os-image-release-preflight';

/** Each of these, raised in the fixture, has to stop every lane. */
const CLAIMS = [
  'iso_artifact_present',
  'vm_image_artifact_present',
  'os_image_build_execution_allowed',
  'usb_write_execution_allowed',
  'qemu_execution_allowed_by_guard',
  'hardware_install_ready',
  'full_os_install_ready',
  'bootable_os_ready',
  'production_os_claim',
];

export const releaseReadinessContract: Guard = {
  name: 'latticra_os_image_release_readiness_contract',
  summary: 'the release preflight reports the fixture, and a fixture that claims too much is refused',
  async check(drive) {
    const answer = await drive.accepts(LANE);
    expectFields(answer, {
      preflight_status: 'ok',
      preflight_mode: 'no-effect-report',
      preflight_decision: 'blocked-fixture-only-no-os-image-artifact',
      os_image_release_readiness_contract_present: 1,
      iso_artifact_present: 0,
      usb_write_executed: 0,
      qemu_run_performed: 0,
      bootable_os_ready: 0,
      production_os_claim: 0,
      host_mutation_performed: 0,
    });
    expectOrder(answer, [
      'preflight_status',
      'manifest_path',
      'iso_artifact_present',
      'production_os_claim',
      'next_required_evidence',
    ]);
    drive.file('release.toml', fixture);
    await drive.accepts(LANE, '--manifest', 'release.toml');
    for (const key of CLAIMS) await refusesRaised(drive, LANE, fixture, { table: 'readiness', key });
    await drive.refuses(LANE, ['--manifest', 'missing.toml'], 66, /missing\.toml/);
  },
};
