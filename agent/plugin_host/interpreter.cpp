// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/interpreter.hpp"

#include <filesystem>

#include "process/spawn.hpp"

namespace ostler::plugin_host {

namespace fs = std::filesystem;

namespace {

/// That of the box: the job's may lead into the checkout.
constexpr const char* kSystemPath = "/usr/local/bin:/usr/bin:/bin";

/// The kernel executes it for every program that is linked dynamically.
#if defined(__x86_64__)
constexpr const char* kLoader = "/lib64/ld-linux-x86-64.so.2";
#else
constexpr const char* kLoader = "/lib/ld-linux-aarch64.so.1";
#endif

}  // namespace

Result<Interpreter> find_interpreter(const std::vector<std::string>& words) {
  if (words.empty()) return Interpreter{.command = {}, .paths = {{kLoader, "run"}}};
  auto found = process::find_executable(words.front(), kSystemPath);
  if (!found) return std::move(found).error().with_context("the interpreter of the plugin");
  std::error_code error;
  const fs::path program = fs::canonical(found.value(), error);
  if (error) return Error::from_errno(error.value(), "the interpreter " + found.value());
  if (!fs::is_regular_file(program, error)) {
    return Error(Errc::UserFault, "the interpreter " + program.string() + " is no file");
  }
  Interpreter interpreter;
  interpreter.command = words;
  interpreter.command.front() = program.string();
  interpreter.paths = {{program.string(), "run"}, {kLoader, "run"}};
  // One that was built to be installed has its libraries beside its bin; what lies beside another
  // directory is somebody's own.
  if (program.parent_path().filename() != "bin") return interpreter;
  const fs::path prefix = program.parent_path().parent_path();
  for (const char* libraries : {"lib", "lib64"}) {
    interpreter.paths.emplace_back((prefix / libraries).string(), "read");
  }
  return interpreter;
}

}  // namespace ostler::plugin_host
