// SPDX-License-Identifier: Apache-2.0
#include "cache/place_sweep.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <string>
#include <string_view>

#include "base/unique_fd.hpp"

namespace ostler::cache {
namespace {

namespace fs = std::filesystem;
using std::chrono::hours;
using std::chrono::seconds;

constexpr hours kLife{31 * 24};
constexpr hours kLifeOfHalf{24};
constexpr hours kPause{24};
constexpr const char* kMarker = ".swept";
constexpr std::size_t kDigestLength = 64;

/// Since the last use of a regular file; zero for all else.
seconds age_of(const fs::path& path) {
  struct stat about{};
  if (::lstat(path.c_str(), &about) != 0 || !S_ISREG(about.st_mode)) return seconds{0};
  return seconds(std::time(nullptr) - about.st_mtim.tv_sec);
}

/// Whether a day has passed since a sweep; this one begins then. A mark of the future is that of a
/// clock that was wrong.
bool is_due(const fs::path& directory) {
  const fs::path marker = directory / kMarker;
  std::error_code ec;
  const seconds age = age_of(marker);
  if (fs::exists(marker, ec) && age >= seconds{0} && age < kPause) return false;
  const UniqueFd fd(
      ::open(marker.c_str(), O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0600));
  return fd && ::futimens(fd.get(), nullptr) == 0;
}

bool is_digest(std::string_view name) {
  return name.size() == kDigestLength && std::ranges::all_of(name, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

/// ".partial-DIGEST-PID" of one that was written, ".swept-DIGEST-PID" of one that was removed.
bool is_half(std::string_view name) {
  for (const std::string_view begin : {".partial-", ".swept-"}) {
    if (name.starts_with(begin)) return is_digest(name.substr(begin.size(), kDigestLength));
  }
  return false;
}

}  // namespace

/// Looks again once it has another name: a file of the same name may have been put there, or it was
/// used, since its age was read. Who has it open goes on reading it.
void remove_unused(const fs::path& directory, const std::string& name) {
  const fs::path aside = directory / (".swept-" + name + "-" + std::to_string(::getpid()));
  if (::rename((directory / name).c_str(), aside.c_str()) != 0) return;
  if (age_of(aside) < kLife) (void)::link(aside.c_str(), (directory / name).c_str());
  ::unlink(aside.c_str());
}

void sweep_place(const fs::path& directory) {
  if (!is_due(directory)) return;
  std::error_code ec;
  fs::directory_iterator entry(directory, ec);
  for (; !ec && entry != fs::directory_iterator(); entry.increment(ec)) {
    const std::string name = entry->path().filename();
    if (is_digest(name) && age_of(entry->path()) >= kLife) remove_unused(directory, name);
    if (is_half(name) && age_of(entry->path()) >= kLifeOfHalf) ::unlink(entry->path().c_str());
  }
}

}  // namespace ostler::cache
