// SPDX-License-Identifier: Apache-2.0
import { Failure } from '@latticra/failure';
import { EXIT_CODE, type ExitStatuses, LaneError } from '@latticra/lane';
import { SealError } from '@latticra/seal-integrity';

/** The exit statuses of Seal, as scripts around integrity checks expect them. */
export const EXIT = { pass: 0, fail: 1, unsafe: 2 } as const;

/**
 * The status for an error that ends a command: fail where it is about what was asked for, unsafe where it is about the
 * place.
 */
export const exits: ExitStatuses = {
  of(error) {
    if (error instanceof SealError) return error.code === 'unsafe' ? EXIT.unsafe : EXIT.fail;
    if (!(error instanceof Failure)) return EXIT.unsafe;
    // A flag's value that no document could repeat is no input: nothing was looked at yet.
    if (error instanceof LaneError)
      return error.code === 'usage' || error.code === 'unsafe-value' ? EXIT_CODE.usage : EXIT.unsafe;
    return error.kind === 'data' || error.kind === 'input-missing' ? EXIT.fail : EXIT.unsafe;
  },
  help: `\
Exit: 0 PASS, 1 FAIL, 2 cannot run safely (a root or report folder that cannot be trusted, an answer that
      cannot be written), 64 usage.
`,
};
