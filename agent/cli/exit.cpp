// SPDX-License-Identifier: Apache-2.0
#include "cli/exit.hpp"

#include <cstdio>
#include <string>

#include "cli/command.hpp"

namespace ostler::cli {
namespace {

void complain(std::string_view message) {
  const std::string line = "ostler: " + std::string(message) + "\n";
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace

int fail(std::string_view message) {
  complain(message);
  return kExitFailed;
}

int refuse(std::string_view message) {
  complain(message);
  return kExitRefused;
}

int fail(const Error& error) {
  complain(error.message());
  return error.code() == Errc::UserFault ? kExitRefused : kExitFailed;
}

}  // namespace ostler::cli
