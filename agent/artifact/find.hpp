// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace ostler::artifact {

/// How `artifact upload` reads its path list.
struct FindOptions {
  std::string delimiter = ";";  ///< empty: the list is one path
  bool literal = false;         ///< paths are names; one that does not exist is an error
  bool follow_directory_links = false;
  bool skip_file_links = false;
};

/// A file that was asked for.
struct FoundFile {
  std::string path;  ///< as the server shows it: no leading "/", "/" between
  std::filesystem::path absolute_path;
  std::string glob;  ///< the piece of the list that found it
};

/// Receives sentences for people about what was found and what was left out.
using Tell = std::function<void(const std::string&)>;

/// The pieces of a path list, trimmed, without empty ones.
std::vector<std::string> split_paths(std::string_view list, std::string_view delimiter);

/// The files that a path list means, each once, in the order of the list and sorted within a piece.
/// Directories are left out, and said. Errors: UserFault for a glob that cannot be parsed, NotFound
/// for a missing file under `literal`; others from the file system.
/// Source: agent-api 6.2.
Result<std::vector<FoundFile>> find_files(std::string_view list, const FindOptions& options,
                                          const std::filesystem::path& working_directory,
                                          const Tell& tell);

}  // namespace ostler::artifact
