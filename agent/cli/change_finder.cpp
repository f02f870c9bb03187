// SPDX-License-Identifier: Apache-2.0
#include "cli/change_finder.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <string_view>
#include <utility>

#include "artifact/glob.hpp"
#include "checkout/interrupter.hpp"
#include "cli/exit.hpp"
#include "cli/surrounding_repository.hpp"
#include "files/file.hpp"
#include "git/changed_files.hpp"
#include "git/fetch.hpp"
#include "git/library.hpp"

namespace ostler::cli {
namespace {

constexpr std::size_t kLargestList = 64u << 20;  // bytes
constexpr std::chrono::seconds kFetchTime{300};
constexpr std::string_view kOrigin = "origin/";

void say_of_changes(const std::string& sentence) { remark("ostler: pipeline upload: " + sentence); }

/// Lets a download go on until its time is over or a signal ends it.
class TimedWatcher final : public git::Watcher {
 public:
  TimedWatcher() { interrupter_.begin_attempt(kFetchTime); }
  bool keep_going() override { return interrupter_.stop() == checkout::Stop::No; }
  void on_transfer(const git::Transfer&) override {}
  void on_remote_text(std::string_view) override {}
  void on_connection_text(std::string_view) override {}
  void on_files(std::size_t, std::size_t) override {}
  int signal() const { return interrupter_.signal(); }

 private:
  checkout::Interrupter interrupter_;
};

std::string base_of(const ChangeSearch& search) {
  if (!search.base.empty()) return search.base;
  for (const char* name :
       {"BUILDKITE_PULL_REQUEST_BASE_BRANCH", "BUILDKITE_PIPELINE_DEFAULT_BRANCH"}) {
    const std::string& branch = environment::value_of(search.job, name);
    if (!branch.empty()) return std::string(kOrigin) + branch;
  }
  return "origin/main";
}

Result<void> fetch_base(git::Repository& repository, std::string_view base) {
  if (base.starts_with(kOrigin)) base.remove_prefix(kOrigin.size());
  OSTLER_TRY(const auto origin, repository.origin());
  if (!origin) return Error(Errc::NotFound, "the repository has no remote named origin");
  const std::string branch(base);
  const std::string refspec = "+refs/heads/" + branch + ":refs/remotes/origin/" + branch;
  Result<void> done = success();
  int signal = 0;
  {
    TimedWatcher watcher;
    const auto fetched = git::fetch(repository, {*origin, {refspec}, false}, watcher);
    if (!fetched) done = fetched.error();
    signal = watcher.signal();
  }
  if (signal != 0) std::raise(signal);  // it was for the whole command
  return done;
}

Result<std::vector<std::string>> paths_in_list(const std::string& file) {
  OSTLER_TRY(const std::string text, files::read_file(file, kLargestList));
  std::vector<std::string> paths;
  std::string_view rest = text;
  while (!rest.empty()) {
    std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.find_first_not_of(" \t") != line.npos) paths.emplace_back(line);
  }
  return paths;
}

Result<std::vector<std::string>> paths_by_git(const ChangeSearch& search) {
  const git::Library library;
  OSTLER_TRY(auto repository, surrounding_repository());
  const std::string base = base_of(search);
  if (search.fetches_base) {
    const auto fetched = fetch_base(repository, base);
    if (!fetched) say_of_changes(base + " could not be fetched: " + fetched.error().message());
  }
  OSTLER_TRY(auto changed, git::changed_files(repository, base));
  const std::size_t count = changed.paths.size();
  say_of_changes("if_changed: " + std::to_string(count) + (count == 1 ? " file" : " files") +
                 " changed since " + changed.since + " (" + base + ")");
  if (changed.of_last_commit) {
    say_of_changes("HEAD is in the history of " + base +
                   ": what its own commit changes counts, not those before it");
  }
  return std::move(changed.paths);
}

Result<std::vector<artifact::Glob>> parsed(const std::vector<std::string>& patterns,
                                           const std::string& home) {
  std::vector<artifact::Glob> globs;
  for (const std::string& pattern : patterns) {
    OSTLER_TRY(auto glob, artifact::Glob::parse(pattern, home));
    globs.push_back(std::move(glob));
  }
  return globs;
}

}  // namespace

void ChangeFinder::find() {
  is_found_ = true;
  auto paths = search_.list.empty() ? paths_by_git(search_) : paths_in_list(search_.list);
  if (paths) {
    paths_ = std::move(paths).value();
    return;
  }
  say_of_changes("what this build changes is not known, so no step is skipped for if_changed: " +
                 paths.error().message() +
                 "; name the commit to compare with in --git-diff-base, or the files in "
                 "--changed-files-path");
}

Result<bool> ChangeFinder::has_changed(const pipeline::ChangedFileGlobs& patterns) {
  if (!is_found_) find();
  if (!paths_) return true;
  if (const auto known = answers_.find(patterns); known != answers_.end()) return known->second;
  OSTLER_TRY(const bool matched, is_matched(patterns));
  answers_.emplace(patterns, matched);
  return matched;
}

Result<bool> ChangeFinder::is_matched(const pipeline::ChangedFileGlobs& patterns) {
  const std::string& home = environment::value_of(search_.job, "HOME");
  OSTLER_TRY(const auto include, parsed(patterns.include, home));
  OSTLER_TRY(const auto exclude, parsed(patterns.exclude, home));
  const auto matched_by = [](const std::string& path) {
    return [&path](const artifact::Glob& glob) { return glob.matches(path); };
  };
  return std::ranges::any_of(*paths_, [&](const std::string& path) {
    return std::ranges::any_of(include, matched_by(path)) &&
           std::ranges::none_of(exclude, matched_by(path));
  });
}

}  // namespace ostler::cli
