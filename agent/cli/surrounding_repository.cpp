// SPDX-License-Identifier: Apache-2.0
#include "cli/surrounding_repository.hpp"

namespace ostler::cli {

Result<git::Repository> surrounding_repository() {
  std::error_code ec;
  return repository_around(std::filesystem::current_path(ec));
}

Result<git::Repository> repository_around(std::filesystem::path directory) {
  while (true) {
    auto repository = git::Repository::open(directory);
    const bool is_top = directory == directory.parent_path();
    if (repository || repository.error().code() != Errc::NotFound || is_top) return repository;
    directory = directory.parent_path();
  }
}

}  // namespace ostler::cli
