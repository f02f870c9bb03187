// SPDX-License-Identifier: Apache-2.0
#include <iostream>

#include "greeting.hpp"

int main(int argc, char** argv) {
  std::cout << hello::greeting(argc > 1 ? argv[1] : "") << '\n';
}
