/* SPDX-License-Identifier: Apache-2.0 */
/* What a plugin should not need. */
int needed(void);
int needed(void) { return 1; }
