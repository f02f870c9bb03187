// SPDX-License-Identifier: Apache-2.0
#include "git/ref_copy.hpp"

#include <git2.h>

#include <map>
#include <optional>

#include "files/file.hpp"
#include "git/native_error.hpp"

namespace ostler::git {
namespace {

constexpr std::string_view kHeads = "refs/heads/";
constexpr std::string_view kTags = "refs/tags/";
constexpr std::string_view kTracking = "refs/remotes/origin/";
constexpr std::string_view kTrackingHead = "refs/remotes/origin/HEAD";

using References = std::map<std::string, git_oid, std::less<>>;

// The direct references whose names `rename` gives a name, under that name.
template <class Rename>
Result<References> references_of(const Repository& repository, const Rename& rename) {
  ReferenceIteratorHandle iterator;
  int code = git_reference_iterator_new(Out(iterator), repository.native());
  if (code != 0) return native_error(code, "list references");
  References found;
  for (;;) {
    ReferenceHandle reference;
    code = git_reference_next(Out(reference), iterator.get());
    if (code == GIT_ITEROVER) return found;
    if (code != 0) return native_error(code, "list references");
    const git_oid* target = git_reference_target(reference.get());
    const auto name = rename(std::string_view(git_reference_name(reference.get())));
    if (target != nullptr && name) found.emplace(*name, *target);
  }
}

std::optional<std::string> name_in_checkout(std::string_view name) {
  if (name.starts_with(kTags)) return std::string(name);
  if (!name.starts_with(kHeads)) return std::nullopt;
  return std::string(kTracking).append(name.substr(kHeads.size()));
}

std::optional<std::string> name_if_copied(std::string_view name) {
  if (name == kTrackingHead) return std::nullopt;
  if (!name.starts_with(kTags) && !name.starts_with(kTracking)) return std::nullopt;
  return std::string(name);
}

// A fresh repository gets all references in one file instead of one file each.
Result<void> write_packed(const Repository& checkout, const References& references) {
  std::string content = "# pack-refs with: sorted \n";
  for (const auto& [name, oid] : references) {
    std::string id(GIT_OID_HEXSZ, '0');
    git_oid_fmt(id.data(), &oid);
    content.append(id).append(" ").append(name).append("\n");
  }
  return files::write_file_atomically(checkout.git_directory() / "packed-refs", content, 0644);
}

Result<void> remove(const Repository& checkout, const std::string& name) {
  const int code = git_reference_remove(checkout.native(), name.c_str());
  if (code != 0) return native_error(code, "delete " + name);
  return success();
}

Result<void> write(const Repository& checkout, const std::string& name, const git_oid& target) {
  ReferenceHandle made;
  const int code =
      git_reference_create(Out(made), checkout.native(), name.c_str(), &target, 1, "fetch");
  if (code != 0) return native_error(code, "write " + name);
  return success();
}

// Removals come first: "a" must go before "a/b" can be.
Result<void> apply_differences(const Repository& checkout, const References& wanted,
                               const References& present) {
  for (const auto& [name, target] : present) {
    if (!wanted.contains(name)) {
      OSTLER_TRY(remove(checkout, name));
    }
  }
  for (const auto& [name, target] : wanted) {
    const auto same = present.find(name);
    if (same != present.end() && git_oid_equal(&same->second, &target) != 0) continue;
    OSTLER_TRY(write(checkout, name, target));
  }
  return success();
}

Result<void> copy_default_branch(const Repository& mirror, const Repository& checkout) {
  ReferenceHandle head;
  if (git_reference_lookup(Out(head), mirror.native(), "HEAD") != 0) return success();
  const char* branch = git_reference_symbolic_target(head.get());
  const auto wanted = branch == nullptr ? std::nullopt : name_in_checkout(branch);
  if (!wanted || !mirror.commit_at(branch)) return success();
  const std::string name(kTrackingHead);
  ReferenceHandle present;
  if (git_reference_lookup(Out(present), checkout.native(), name.c_str()) == 0) {
    const char* target = git_reference_symbolic_target(present.get());
    if (target != nullptr && *wanted == target) return success();
  }
  ReferenceHandle made;
  const int code = git_reference_symbolic_create(Out(made), checkout.native(), name.c_str(),
                                                 wanted->c_str(), 1, "fetch");
  if (code != 0) return native_error(code, "write " + name);
  return success();
}

}  // namespace

Result<void> copy_references(const Repository& mirror, Repository& checkout) {
  OSTLER_TRY(const auto wanted, references_of(mirror, name_in_checkout));
  OSTLER_TRY(const auto present, references_of(checkout, name_if_copied));
  if (present.empty()) {
    OSTLER_TRY(write_packed(checkout, wanted));
  } else {
    OSTLER_TRY(apply_differences(checkout, wanted, present));
  }
  return copy_default_branch(mirror, checkout);
}

}  // namespace ostler::git
