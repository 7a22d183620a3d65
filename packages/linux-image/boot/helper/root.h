// SPDX-License-Identifier: Apache-2.0
#ifndef ROOT_H
#define ROOT_H

// Finds the medium and makes /dev/dm-1 of the root on it, as the configuration says. Says what it did, or what it could
// not.
void make_root(void);

#endif
