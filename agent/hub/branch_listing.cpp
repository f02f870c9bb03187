// SPDX-License-Identifier: Apache-2.0
#include "hub/branch_listing.hpp"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "base/unique_fd.hpp"
#include "files/file.hpp"
#include "process/async_wait.hpp"
#include "process/spawn.hpp"
#include "wire/branch_heads.hpp"

namespace ostler::hub {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::milliseconds kListingTick{100};
constexpr off_t kMostOutput = 8 << 20;  // bytes

/// A file in memory that a child reads or writes, however much, without anybody waiting for it.
Result<UniqueFd> memory_file(const std::string& content) {
  UniqueFd file(::memfd_create("ostler-branches", MFD_CLOEXEC));
  if (!file) return Error::from_errno(errno, "make a file in memory");
  OSTLER_TRY(files::write_all(file.get(), content));
  ::lseek(file.get(), 0, SEEK_SET);
  return file;
}

Result<process::Child> start(const UniqueFd& in, const UniqueFd& out) {
  process::SpawnOptions options{.executable = "/proc/self/exe",
                                .arguments = {"ostler-host", "list-branches"}};
  options.fds = {{in.get(), STDIN_FILENO}, {out.get(), STDOUT_FILENO}};
  options.group = process::Group::NewSession;
  options.parent_death_signal = SIGKILL;
  return process::spawn(options);
}

Result<std::string> read_whole(const UniqueFd& file) {
  struct stat status{};
  if (::fstat(file.get(), &status) != 0) return Error::from_errno(errno, "read a listing");
  std::string text(static_cast<std::size_t>(std::min(status.st_size, kMostOutput)), '\0');
  const ssize_t size = ::pread(file.get(), text.data(), text.size(), 0);
  if (size < 0) return Error::from_errno(errno, "read a listing");
  text.resize(static_cast<std::size_t>(size));
  return text;
}

}  // namespace

asio::awaitable<Result<std::vector<model::BranchHead>>> list_branches(
    std::string repository, std::chrono::milliseconds limit, const std::atomic<bool>& stopping) {
  OSTLER_CO_TRY(const auto in, memory_file(repository));
  OSTLER_CO_TRY(const auto out, memory_file(""));
  OSTLER_CO_TRY(auto child, start(in, out));
  const auto deadline = std::chrono::steady_clock::now() + limit;
  for (;;) {
    const auto ended = co_await process::async_wait(child, kListingTick);
    if (ended) break;
    const bool is_late = std::chrono::steady_clock::now() >= deadline;
    if (ended.error().code() == Errc::Timeout && !stopping && !is_late) continue;
    child.signal_group(SIGKILL);
    if (!is_late) co_return Error(Errc::Cancelled, "stopped");
    co_return Error(Errc::Timeout, "the server gave no list of branches within " +
                                       std::to_string(limit.count() / 1000) + " s");
  }
  OSTLER_CO_TRY(const auto text, read_whole(out));
  co_return wire::decode_branch_heads(text);
}

}  // namespace ostler::hub
