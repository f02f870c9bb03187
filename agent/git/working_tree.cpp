// SPDX-License-Identifier: Apache-2.0
#include "git/working_tree.hpp"

#include <git2.h>

#include "files/file.hpp"
#include "git/native_error.hpp"
#include "git/remote_url.hpp"

namespace ostler::git {
namespace {

int on_planned_file(git_checkout_notify_t, const char*, const git_diff_file*, const git_diff_file*,
                    const git_diff_file*, void* payload) {
  return static_cast<Watcher*>(payload)->keep_going() ? 0 : GIT_EUSER;
}

void on_written_file(const char*, std::size_t done, std::size_t total, void* payload) {
  static_cast<Watcher*>(payload)->on_files(done, total);
}

// What is on disk now is what the index says: with HEAD as the baseline, a repository whose mirror
// was made anew could not be reused.
git_checkout_options options_for(git_index* present, Watcher& watcher) {
  git_checkout_options options;
  git_checkout_options_init(&options, GIT_CHECKOUT_OPTIONS_VERSION);
  options.checkout_strategy = GIT_CHECKOUT_FORCE;
  options.baseline_index = present;
  options.notify_flags = GIT_CHECKOUT_NOTIFY_ALL;
  options.notify_cb = on_planned_file;
  options.notify_payload = &watcher;
  options.progress_cb = on_written_file;
  options.progress_payload = &watcher;
  return options;
}

struct KindOfReference {
  std::string_view prefix;
  std::string_view kind;
};
constexpr KindOfReference kKinds[] = {{"refs/heads/", "branch"}, {"refs/tags/", "tag"}};

std::string note_of(const std::string& name) {
  if (name == "HEAD") return "";
  for (const auto& [prefix, kind] : kKinds) {
    if (name.starts_with(prefix)) {
      return std::string(kind) + " '" + name.substr(prefix.size()) + "' of ";
    }
  }
  return "'" + name + "' of ";
}

std::string url_in_fetch_head(const std::string& url) {
  std::string shown = without_credentials(url);
  while (shown.size() > 1 && shown.ends_with('/')) shown.pop_back();
  constexpr std::string_view kSuffix = ".git";
  if (shown.size() > kSuffix.size() + 1 && shown.ends_with(kSuffix)) {
    shown.resize(shown.size() - kSuffix.size());
  }
  return shown;
}

}  // namespace

Result<void> drop_unusable_index(const Repository& repository) {
  const std::filesystem::path path = repository.git_directory() / "index";
  IndexHandle index;
  const int code = git_index_open(Out(index), path.c_str());
  if (code == 0 && git_index_has_conflicts(index.get()) == 0) return success();
  std::error_code ec;
  std::filesystem::remove(path, ec);
  if (ec) return Error::from_errno(ec.value(), "remove " + path.string());
  return success();
}

Result<void> check_out(Repository& repository, const std::string& commit, Watcher& watcher) {
  git_oid oid;
  git_oid_fromstr(&oid, commit.c_str());
  ObjectHandle target;
  int code = git_object_lookup(Out(target), repository.native(), &oid, GIT_OBJECT_COMMIT);
  if (code != 0) return native_error(code, "read commit " + commit);
  IndexHandle index;
  code = git_repository_index(Out(index), repository.native());
  if (code != 0) return native_error(code, "read the index");
  const git_checkout_options options = options_for(index.get(), watcher);
  code = git_checkout_tree(repository.native(), target.get(), &options);
  if (code != 0) return native_error(code, "check out " + commit);
  return repository.detach_head(commit);
}

Result<void> write_fetch_head(const Repository& repository, const FetchedReference& fetched,
                              const std::string& url) {
  return files::write_file_atomically(
      repository.git_directory() / "FETCH_HEAD",
      fetched.id + "\t\t" + note_of(fetched.name) + url_in_fetch_head(url) + "\n", 0644);
}

}  // namespace ostler::git
