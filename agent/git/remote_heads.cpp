// SPDX-License-Identifier: Apache-2.0
#include "git/remote_heads.hpp"

#include <git2.h>
#include <git2/sys/repository.h>

#include "git/remote_connection.hpp"
#include "git/remote_url.hpp"
#include "git/repository.hpp"

namespace ostler::git {
namespace {

constexpr std::string_view kBranches = "refs/heads/";

Result<std::vector<model::BranchHead>> heads_of(git_remote* remote, std::size_t limit) {
  const git_remote_head** offered = nullptr;
  std::size_t count = 0;
  const int code = git_remote_ls(&offered, &count, remote);
  if (code != 0) return native_error(code, "list the references of the remote");
  std::vector<model::BranchHead> heads;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string_view name = offered[i]->name;
    if (!name.starts_with(kBranches)) continue;
    if (heads.size() == limit) {
      return Error(Errc::UserFault, "the repository has more than " + std::to_string(limit) +
                                        " branches, too many to look at");
    }
    std::string id(GIT_OID_HEXSZ, '0');
    git_oid_fmt(id.data(), &offered[i]->oid);
    heads.push_back({std::string(name.substr(kBranches.size())), std::move(id)});
  }
  return heads;
}

}  // namespace

Result<std::vector<model::BranchHead>> list_remote_heads(const std::string& url, std::size_t limit,
                                                         Watcher& watcher) {
  // In memory, for the user's configuration alone.
  RepositoryHandle repository;
  const int code = git_repository_new(Out(repository));
  if (code != 0) return native_error(code, "read the configuration of git");
  OSTLER_TRY(const auto address, effective_address(repository.get(), url));
  if (remote_kind(address) == RemoteKind::Local) {
    OSTLER_TRY(Repository::open(local_path(address)));
  }
  return with_connection(repository.get(), address, watcher, [&](RemoteConnection& connection) {
    return heads_of(connection.native(), limit);
  });
}

}  // namespace ostler::git
