// SPDX-License-Identifier: Apache-2.0
#include "artifact/find.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "artifact/glob.hpp"

namespace ostler::artifact {
namespace {

namespace fs = std::filesystem;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n\v\f";
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

/// Walks the directories that a glob can reach and collects what it matches.
class Walk {
 public:
  Walk(const Glob& glob, const FindOptions& options, const fs::path& base, const Tell& tell)
      : glob_(glob), options_(options), base_(base), tell_(tell) {}

  // `prefix` is what the glob has seen so far: empty, or with a "/" at its end.
  void enter(const std::string& prefix, const Glob::States& states) {
    if (!open_directory(prefix)) return;
    for (const std::string& name : names_in(prefix)) visit(prefix + name, name, states);
    ancestors_.pop_back();
  }

  std::vector<std::string> matches;

 private:
  using Identity = std::pair<dev_t, ino_t>;

  // A link may lead back to a directory that is being walked.
  bool open_directory(const std::string& prefix) {
    struct stat found{};
    if (::stat((base_ / prefix).c_str(), &found) != 0 || !S_ISDIR(found.st_mode)) return false;
    const Identity identity{found.st_dev, found.st_ino};
    if (std::find(ancestors_.begin(), ancestors_.end(), identity) != ancestors_.end()) return false;
    ancestors_.push_back(identity);
    return true;
  }

  std::vector<std::string> names_in(const std::string& prefix) const {
    std::error_code ec;
    std::vector<std::string> names;
    for (fs::directory_iterator at(base_ / prefix, ec), end; !ec && at != end; at.increment(ec)) {
      names.push_back(at->path().filename().string());
    }
    if (ec) tell_("Cannot list " + (base_ / prefix).string() + ": " + ec.message());
    std::sort(names.begin(), names.end());
    return names;
  }

  void visit(const std::string& path, const std::string& name, const Glob::States& states) {
    const Glob::States here = glob_.advance(states, name);
    if (here.empty()) return;
    if (glob_.accepts(here)) matches.push_back(path);
    std::error_code ec;
    const fs::file_status status = fs::symlink_status(base_ / path, ec);
    const bool enters =
        fs::is_directory(status) || (fs::is_symlink(status) && options_.follow_directory_links);
    if (!enters) return;
    const Glob::States below = glob_.advance(here, "/");
    if (!below.empty()) enter(path + "/", below);
  }

  const Glob& glob_;
  const FindOptions& options_;
  const fs::path& base_;
  const Tell& tell_;
  std::vector<Identity> ancestors_;
};

std::vector<std::string> matches_of(const Glob& glob, const FindOptions& options,
                                    const fs::path& base, const Tell& tell) {
  if (glob.is_literal()) return {glob.literal()};
  Walk walk(glob, options, base, tell);
  walk.enter(glob.root(), glob.begin());
  return std::move(walk.matches);
}

class Finder {
 public:
  Finder(const FindOptions& options, fs::path working_directory, const Tell& tell)
      : options_(options), working_directory_(std::move(working_directory)), tell_(tell) {}

  Result<void> find(const std::string& piece) {
    const std::size_t before = files_.size();
    if (options_.literal) {
      OSTLER_TRY(add(piece, piece, true));
    } else {
      const char* home = std::getenv("HOME");
      OSTLER_TRY(const auto glob, Glob::parse(piece, home == nullptr ? "" : home));
      for (const std::string& match : matches_of(glob, options_, working_directory_, tell_)) {
        OSTLER_TRY(add(match, piece, false));
      }
    }
    const std::size_t found = files_.size() - before;
    if (found > 0) tell_("Found " + std::to_string(found) + " files that match \"" + piece + "\"");
    return success();
  }

  std::vector<FoundFile> take() && { return std::move(files_); }

 private:
  Result<void> add(const std::string& match, const std::string& piece, bool must_exist) {
    const fs::path absolute = (working_directory_ / match).lexically_normal();
    std::error_code ec;
    const fs::file_status status = fs::status(absolute, ec);
    if (!fs::exists(status)) {
      if (!must_exist) return success();
      return Error(Errc::NotFound, "artifact " + absolute.string() + " does not exist");
    }
    if (fs::is_directory(status)) {
      tell_("Skipping directory " + match);
      return success();
    }
    if (options_.skip_file_links && fs::is_symlink(absolute, ec)) {
      tell_("Skipping symlink " + match);
      return success();
    }
    if (!fs::is_regular_file(status)) {
      tell_("Skipping " + match + ", which is neither a file nor a directory");
      return success();
    }
    if (seen_.insert(absolute).second) {
      files_.push_back({shown_path(absolute, piece), absolute, piece});
    }
    return success();
  }

  std::string shown_path(const fs::path& absolute, const std::string& piece) const {
    const fs::path base = piece.starts_with('/') ? fs::path("/") : working_directory_;
    return absolute.lexically_relative(base).generic_string();
  }

  const FindOptions& options_;
  const fs::path working_directory_;
  const Tell& tell_;
  std::set<fs::path> seen_;
  std::vector<FoundFile> files_;
};

}  // namespace

std::vector<std::string> split_paths(std::string_view list, std::string_view delimiter) {
  std::vector<std::string> pieces;
  const auto add = [&pieces](std::string_view piece) {
    piece = trimmed(piece);
    if (!piece.empty()) pieces.emplace_back(piece);
  };
  while (!delimiter.empty()) {
    const std::size_t end = list.find(delimiter);
    if (end == std::string_view::npos) break;
    add(list.substr(0, end));
    list.remove_prefix(end + delimiter.size());
  }
  add(list);
  return pieces;
}

Result<std::vector<FoundFile>> find_files(std::string_view list, const FindOptions& options,
                                          const fs::path& working_directory, const Tell& tell) {
  Finder finder(options, working_directory.lexically_normal(), tell);
  for (const std::string& piece : split_paths(list, options.delimiter)) {
    OSTLER_TRY(finder.find(piece));
  }
  return std::move(finder).take();
}

}  // namespace ostler::artifact
