/* SPDX-License-Identifier: Apache-2.0 */
/* What a library of a plugin needs itself. */
int numbers_sum(int one, int other);
int numbers_sum(int one, int other) { return one + other; }
