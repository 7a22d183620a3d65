// SPDX-License-Identifier: Apache-2.0
import { serveHelper } from '@latticra/seal-integrity';

serveHelper();
