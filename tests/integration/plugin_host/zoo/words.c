/* SPDX-License-Identifier: Apache-2.0 */
/* What a plugin needs of its bundle. */
int numbers_sum(int one, int other);

static volatile int *nowhere;

/* Crashes where there are none. */
int words_count(const char *text);
int words_count(const char *text) {
  if (*text == '\0') *nowhere = 1;
  int count = 1;
  for (; *text != '\0'; ++text)
    if (*text == ' ') count = numbers_sum(count, 1);
  return count;
}
