// SPDX-License-Identifier: Apache-2.0
#include "worker/cache_programs.hpp"

#include <algorithm>
#include <charconv>

#include "base/split_lines.hpp"
#include "files/beneath.hpp"
#include "wire/agent_api_cache_calls.hpp"

namespace ostler::worker {
namespace {

using plugin_host::HostCommand;
using Arguments = std::vector<std::string>;

constexpr std::size_t kMostCachePaths = 64;
constexpr std::size_t kMostKeyParts = 32;
constexpr std::size_t kLongestKeyPart = 512;        // bytes
constexpr std::size_t kLongestAddress = 96u << 10;  // of an argument of a program

Result<std::vector<std::string>> read_paths(const std::string& text) {
  auto paths = split_lines(text);
  if (paths.empty() || paths.size() > kMostCachePaths) {
    return Error(Errc::UserFault, "a cache has 1 to 64 paths, one a line");
  }
  for (const std::string& path : paths) {
    if (files::stays_beneath(path)) continue;
    return Error(Errc::UserFault, "no path within the workspace: " + path);
  }
  return paths;
}

Result<model::CacheKey> read_key(const std::string& text, std::size_t mandatory) {
  model::CacheKey key;
  for (std::string& part : split_lines(text)) {
    if (part.empty() || part.size() > kLongestKeyPart) {
      return Error(Errc::UserFault, "a part of a cache's key has 1 to 512 bytes");
    }
    key.push_back({std::move(part), key.size() < mandatory});
  }
  if (!key.empty() && key.size() <= kMostKeyParts) return key;
  return Error(Errc::UserFault, "the key of a cache has 1 to 32 parts, one a line");
}

/// None: every part counts.
Result<std::size_t> read_common(const std::string& text) {
  std::size_t count = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, count);
  if (read.ec == std::errc() && read.ptr == end) return count == 0 ? kMostKeyParts : count;
  return Error(Errc::UserFault, "how many parts a fallback has in common is a number: " + text);
}

Result<HostCommand> cache_command(const JobContext& job, const std::string& what,
                                  const std::string& key, std::size_t common,
                                  const std::string& paths) {
  wire::CacheAddress address;
  OSTLER_TRY(address.key, read_key(key, common));
  OSTLER_TRY(address.target_paths, read_paths(paths));
  const std::string text = wire::encode(address);
  if (text.size() > kLongestAddress || text.find('\0') != text.npos) {
    return Error(Errc::UserFault, "key and paths of the cache are longer than 96 KiB");
  }
  if (job.log.redacted(text) != text) {
    return Error(Errc::UserFault, "a secret of the job stands in key or paths of the cache");
  }
  HostCommand command;
  command.arguments = {job.host_program, "job-cache", what, text};
  command.is_captured = true;
  return command;
}

/// The workspace comes first, where the step sees it.
Result<std::string> workspace_of(const plugin_host::StepRoots& roots) {
  if (roots.size() > 1) return roots.front().path;
  return Error(Errc::Denied,
               "a cache is of the workspace; ask for it in plugin.json: \"permissions\": "
               "{\"workspace\": \"write\"}");
}

}  // namespace

Result<HostCommand> restore_cache(const JobContext& job, const plugin_host::StepRoots& roots,
                                  const Arguments& given) {
  OSTLER_TRY(const std::size_t common, read_common(given[1]));
  OSTLER_TRY(HostCommand command, cache_command(job, "restore", given[0], common, given[2]));
  OSTLER_TRY(const std::string workspace, workspace_of(roots));
  OSTLER_TRY(command.input_file, open_writable_directory(roots, workspace));
  return command;
}

Result<HostCommand> save_cache(const JobContext& job, const plugin_host::StepRoots& roots,
                               const Arguments& given) {
  OSTLER_TRY(HostCommand command, cache_command(job, "save", given[0], kMostKeyParts, given[1]));
  OSTLER_TRY(const std::string workspace, workspace_of(roots));
  OSTLER_TRY(command.input_file, open_readable_directory(roots, workspace));
  return command;
}

}  // namespace ostler::worker
