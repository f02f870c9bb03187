// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>

#include "cli/exit.hpp"
#include "cli/run_functions.hpp"
#include "files/file.hpp"
#include "git/library.hpp"
#include "git/remote_heads.hpp"
#include "wire/branch_heads.hpp"

namespace ostler::cli {
namespace {

constexpr std::size_t kMostBranches = 10'000;
constexpr std::size_t kLongestAddress = 64u << 10;  // bytes

/// The hub ends this process when it takes too long.
class NoWatcher final : public git::Watcher {
 public:
  bool keep_going() override { return true; }
  void on_transfer(const git::Transfer&) override {}
  void on_remote_text(std::string_view) override {}
  void on_connection_text(std::string_view) override {}
  void on_files(std::size_t, std::size_t) override {}
};

std::string read_address() {
  std::string address;
  std::array<char, 4096> buffer;
  while (address.size() < kLongestAddress) {
    const ssize_t size = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (size <= 0) break;
    address.append(buffer.data(), static_cast<std::size_t>(size));
  }
  return address;
}

// As in jobs: nobody is asked, and a host is trusted the first time it is seen.
void prepare_environment() {
  ::signal(SIGPIPE, SIG_IGN);
  ::setenv("GIT_TERMINAL_PROMPT", "0", 1);
  if (std::getenv("GIT_SSH") == nullptr) {
    ::setenv("GIT_SSH_COMMAND", "ssh -o StrictHostKeyChecking=accept-new", 0);
  }
}

}  // namespace

// Started by the hub: a repository's address on standard input, which may hold credentials, and
// JSON on standard output.
int run_list_branches(const Arguments&) {
  prepare_environment();
  const git::Library library;
  NoWatcher watcher;
  const auto heads = git::list_remote_heads(read_address(), kMostBranches, watcher);
  const auto written = files::write_all(STDOUT_FILENO, wire::encode_branch_heads(heads));
  return heads && written ? kExitOk : kExitFailed;
}

}  // namespace ostler::cli
