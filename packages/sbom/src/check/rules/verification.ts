// SPDX-License-Identifier: Apache-2.0
import { verificationCode } from '../../spdx/verification-code.js';
import type { Elements } from '../model/elements.js';
import { quote, type Report } from '../model/finding.js';
import type { JsonNode } from '../model/node.js';
import { checksumOf } from './checksums.js';

/**
 * Checks the package verification code (7.9): that it is there exactly when `filesAnalyzed` says so, and is the one
 * that its files give.
 */
export function checkVerificationCodes({ packages, contained }: Elements, report: Report): void {
  for (const item of packages) {
    const code = item.member('packageVerificationCode');
    const present = item.has('packageVerificationCode');
    if (item.member('filesAnalyzed').value === false) {
      if (present) report('7.9', code, 'stands beside filesAnalyzed false, expected none');
    } else if (!present) {
      report('7.9', item, 'has no packageVerificationCode, which a package whose files were analyzed needs');
    } else {
      compareCode(code, contained.get(item.member('SPDXID').text ?? '') ?? new Set(), report);
    }
  }
}

function compareCode(code: JsonNode, files: ReadonlySet<JsonNode>, report: Report): void {
  const excluded = new Set(
    code.member('packageVerificationCodeExcludedFiles').items.map((item) => item.text),
  );
  const counted = [...files].filter((file) => !excluded.has(file.member('fileName').text));
  const sha1s = counted.map((file) => checksumOf(file, 'SHA1')?.toLowerCase());
  const value = code.member('packageVerificationCodeValue');
  // A file without SHA1 is a finding under 8.4; what the code ought to be cannot be said then.
  if (!value.text || !sha1s.every((sha1) => sha1 !== undefined)) return;
  const expected = verificationCode(sha1s);
  if (value.text !== expected) {
    report(
      '7.9',
      value,
      `is ${quote(value.text)}, expected ${expected} from the SHA1s of ${counted.length} file(s)`,
    );
  }
}
