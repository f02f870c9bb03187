// SPDX-License-Identifier: Apache-2.0
#include "git/local_checkout.hpp"

#include <git2.h>

#include <string_view>

#include "git/handles.hpp"
#include "git/native_error.hpp"

namespace ostler::git {
namespace {

/// Names that libgit2 gives in an array.
class NameArray {
 public:
  NameArray() = default;
  ~NameArray() { git_strarray_dispose(&names_); }
  NameArray(const NameArray&) = delete;
  NameArray& operator=(const NameArray&) = delete;
  git_strarray* out() { return &names_; }
  std::vector<std::string> texts() const { return {names_.strings, names_.strings + names_.count}; }

 private:
  git_strarray names_{};
};

std::string checked_out_branch(git_repository* repository) {
  constexpr std::string_view kBranches = "refs/heads/";
  ReferenceHandle head;
  if (git_reference_lookup(Out(head), repository, "HEAD") != 0) return "";
  const char* target = git_reference_symbolic_target(head.get());
  const std::string_view name = target == nullptr ? "" : target;
  return name.starts_with(kBranches) ? std::string(name.substr(kBranches.size())) : "";
}

Result<std::vector<std::string>> remote_addresses(git_repository* repository) {
  NameArray names;
  const int code = git_remote_list(names.out(), repository);
  if (code != 0) return native_error(code, "list the remotes");
  std::vector<std::string> addresses;
  for (const std::string& name : names.texts()) {
    RemoteHandle remote;
    if (git_remote_lookup(Out(remote), repository, name.c_str()) != 0) continue;
    const char* url = git_remote_url(remote.get());
    if (url == nullptr) continue;
    addresses.insert(name == "origin" ? addresses.begin() : addresses.end(), url);
  }
  return addresses;
}

}  // namespace

Result<std::optional<LocalCheckout>> find_local_checkout(const std::filesystem::path& directory) {
  RepositoryHandle repository;
  const int code = git_repository_open_ext(Out(repository), directory.c_str(), 0, nullptr);
  if (code == GIT_ENOTFOUND) return std::optional<LocalCheckout>();
  if (code != 0) return native_error(code, "open the repository around " + directory.string());
  const char* work_tree = git_repository_workdir(repository.get());
  if (work_tree == nullptr) return std::optional<LocalCheckout>();
  LocalCheckout checkout;
  checkout.work_tree = work_tree;
  checkout.branch = checked_out_branch(repository.get());
  OSTLER_TRY(checkout.remotes, remote_addresses(repository.get()));
  return std::optional(std::move(checkout));
}

}  // namespace ostler::git
