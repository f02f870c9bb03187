// SPDX-License-Identifier: Apache-2.0
#include "cli/redacted_input.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cerrno>
#include <cstdio>

#include "environment/redacted_vars.hpp"
#include "redact/redactor.hpp"

namespace ostler::cli {
namespace {

constexpr std::size_t kLongestValue = 8 << 20;  // bytes

}  // namespace

Result<std::string> read_standard_input(std::string_view what) {
  std::string text;
  std::array<char, 16 << 10> piece{};
  while (true) {
    const ssize_t size = ::read(STDIN_FILENO, piece.data(), piece.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) {
      return Error::from_errno(errno, "read " + std::string(what) + " from standard input");
    }
    if (size == 0) return text;
    text.append(piece.data(), static_cast<std::size_t>(size));
    if (text.size() > kLongestValue) {
      return Error(Errc::UserFault, std::string(what) + " on standard input is longer than 8 MiB");
    }
  }
}

Result<std::string> value_or_standard_input(std::optional<std::string> given,
                                            std::string_view what) {
  if (given) return *std::move(given);
  return read_standard_input(what);
}

void take_redacted_vars(CLI::App& app, std::string& globs) {
  app.add_option("--redacted-vars", globs,
                 "Globs of variables whose values are redacted (comma list)")
      ->envname("BUILDKITE_REDACTED_VARS");
}

std::string redacted(const std::string& value, const std::string& globs, std::string_view command,
                     std::string_view what) {
  environment::Variables variables = environment::variables_of_process();
  if (!globs.empty()) variables["BUILDKITE_REDACTED_VARS"] = globs;
  redact::NeedleSet needles;
  for (const std::string& secret : environment::redacted_values(variables).values) {
    needles.add(secret);
  }
  redact::Redactor redactor(needles);
  std::string out;
  redactor.write(value, out);
  redactor.flush(out);
  if (out != value) {
    std::fprintf(stderr, "ostler: %s: %s held secrets, which were redacted\n",
                 std::string(command).c_str(), std::string(what).c_str());
  }
  return out;
}

}  // namespace ostler::cli
