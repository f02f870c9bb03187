// SPDX-License-Identifier: Apache-2.0
#include "greeting.hpp"

#include <iostream>

namespace {

int failures = 0;

void expect(std::string_view name, std::string_view expected) {
  const std::string actual = hello::greeting(name);
  const bool passed = actual == expected;
  std::cout << (passed ? "ok   " : "FAIL ") << "greeting(\"" << name << "\") is \"" << actual
            << "\"\n";
  if (!passed) ++failures;
}

}  // namespace

int main() {
  expect("Ostler", "Hello, Ostler!");
  expect("", "Hello, world!");
  return failures == 0 ? 0 : 1;
}
