// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>
#include <unistd.h>

#include "process/spawn.hpp"

namespace ostler::process {
namespace {

enum class Candidate { Missing, NotExecutable, Executable };

Candidate look_at(const std::string& path) {
  struct stat found{};
  if (::stat(path.c_str(), &found) != 0 || S_ISDIR(found.st_mode)) return Candidate::Missing;
  return ::access(path.c_str(), X_OK) == 0 ? Candidate::Executable : Candidate::NotExecutable;
}

}  // namespace

Result<std::string> find_executable(std::string_view name, std::string_view search_path) {
  if (name.find('/') != std::string_view::npos) return std::string(name);
  std::string refused;
  for (std::size_t begin = 0; begin <= search_path.size() && !name.empty();) {
    const std::size_t end = std::min(search_path.find(':', begin), search_path.size());
    const std::string_view directory = search_path.substr(begin, end - begin);
    begin = end + 1;
    std::string path = directory.empty() ? "." : std::string(directory);
    path.append("/").append(name);
    const Candidate candidate = look_at(path);
    if (candidate == Candidate::Executable) return path;
    if (candidate == Candidate::NotExecutable && refused.empty()) refused = path;
  }
  if (!refused.empty()) return Error(Errc::Denied, refused + " may not be executed; run: chmod +x");
  return Error(Errc::NotFound,
               "no program " + std::string(name) + " in PATH=" + std::string(search_path));
}

}  // namespace ostler::process
