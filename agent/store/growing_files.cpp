// SPDX-License-Identifier: Apache-2.0
#include "store/growing_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <functional>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "store/folder.hpp"

namespace ostler::store {
namespace {

constexpr std::size_t kMostOpen = 256;
constexpr std::size_t kMostAtOnce = 8;

/// Calls `work` for 0 to `count` - 1, from several threads when there are several.
void run_at_once(std::size_t count, const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  const auto take_turns = [&] {
    for (std::size_t turn = next++; turn < count; turn = next++) work(turn);
  };
  std::vector<std::jthread> helpers;
  try {
    for (std::size_t i = 1; i < std::min(count, kMostAtOnce); ++i) helpers.emplace_back(take_turns);
  } catch (const std::system_error&) {
    // No more threads to be had: those that there are do all of it.
  }
  take_turns();
}

}  // namespace

Result<int> GrowingFiles::open(const std::filesystem::path& path) {
  const auto known = written_.find(path);
  if (known != written_.end() && known->second.fd) return known->second.fd.get();
  const bool was_new = known != written_.end() && known->second.is_new;
  if (written_.size() >= kMostOpen) {
    // Whoever wrote before this caller must hear of it too, with the sync before the commit.
    if (auto outcome = sync_written(); !outcome) early_outcome_ = outcome;
    OSTLER_TRY(early_outcome_);
  }
  OSTLER_TRY(make_folder(path.parent_path()));
  UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  if (!fd) return path_error("open", path);
  struct stat about{};
  if (::fstat(fd.get(), &about) != 0) return path_error("stat", path);
  const int opened = fd.get();
  written_[path] = File{.fd = std::move(fd), .is_new = was_new || about.st_size == 0};
  return opened;
}

Result<void> GrowingFiles::write_at(const std::filesystem::path& path, std::int64_t position,
                                    std::string_view bytes) {
  OSTLER_TRY(const int fd, open(path));
  while (!bytes.empty()) {
    const auto count = ::pwrite(fd, bytes.data(), bytes.size(), position);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return path_error("write", path);
    position += count;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return success();
}

Result<void> GrowingFiles::sync() {
  const auto outcome = sync_written();
  const auto early = std::exchange(early_outcome_, success());
  OSTLER_TRY(early);
  return outcome;
}

Result<void> GrowingFiles::make_safe(const Files::value_type& written) {
  const auto& [path, file] = written;
  if (::fdatasync(file.fd.get()) != 0) return path_error("sync", path);
  return file.is_new ? sync_folder(path.parent_path()) : success();
}

/// At once: with eight logs that took a third of the time of one after another
/// (tests/bench/store_bench.cpp, ChunkIngest).
Result<void> GrowingFiles::sync_written() {
  std::vector<Files::iterator> open;
  for (auto file = written_.begin(); file != written_.end(); ++file) {
    if (file->second.fd) open.push_back(file);
  }
  std::vector<Result<void>> outcomes(open.size(), success());
  run_at_once(open.size(), [&](std::size_t i) { outcomes[i] = make_safe(*open[i]); });
  Result<void> first = success();
  for (std::size_t i = 0; i < open.size(); ++i) {
    const auto outcome = let_go(open[i], outcomes[i]);
    if (first && !outcome) first = outcome;
  }
  return first;
}

Result<void> GrowingFiles::let_go(Files::iterator written, Result<void> outcome) {
  // A new file that failed is not empty any more: only this entry still knows that it is new.
  if (!outcome && written->second.is_new) {
    written->second.fd.reset();
  } else {
    written_.erase(written);
  }
  return outcome;
}

}  // namespace ostler::store
