// SPDX-License-Identifier: Apache-2.0
#include "checkout/settings.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "environment/git_credentials.hpp"
#include "environment/shell_words.hpp"
#include "git/remote_url.hpp"
#include "git/ssh_address.hpp"

namespace ostler::checkout {
namespace {

namespace fs = std::filesystem;
using environment::value_of;
using environment::Variables;

Error fault(std::string message) { return Error(Errc::UserFault, std::move(message)); }

Result<bool> read_flag(const Variables& variables, std::string_view name, bool otherwise) {
  const std::string& value = value_of(variables, name);
  if (value.empty()) return otherwise;
  if (value == "true" || value == "1") return true;
  if (value == "false" || value == "0") return false;
  return fault(std::string(name) + " is \"" + value + "\"; set it to true or false");
}

Result<int> read_number(const Variables& variables, std::string_view name, int otherwise) {
  const std::string& value = value_of(variables, name);
  if (value.empty()) return otherwise;
  int number = 0;
  const auto [end, ec] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (ec != std::errc() || end != value.data() + value.size()) {
    return fault(std::string(name) + " is \"" + value + "\"; set it to a whole number");
  }
  return number;
}

std::string as_file_name(std::string name) {
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '-';
  }
  return name;
}

Result<fs::path> default_directory(const Variables& variables) {
  fs::path directory = value_of(variables, "BUILDKITE_BUILD_PATH");
  if (directory.empty()) {
    return fault(
        "no checkout directory: set BUILDKITE_BUILD_CHECKOUT_PATH or the agent's"
        " build-path");
  }
  directory /= as_file_name(value_of(variables, "BUILDKITE_AGENT_NAME"));
  for (const char* name : {"BUILDKITE_ORGANIZATION_SLUG", "BUILDKITE_PIPELINE_SLUG"}) {
    const std::string& slug = value_of(variables, name);
    if (slug.empty() || slug == "." || slug == ".." || slug.find('/') != std::string::npos) {
      return fault(std::string(name) + " is \"" + slug + "\", which names no directory");
    }
    directory /= slug;
  }
  return directory;
}

// Everything in the directory that the repository does not know is going to be removed.
Result<void> refuse_dangerous(const fs::path& directory, const Settings& settings,
                              const Variables& variables) {
  const auto holds = [&](const fs::path& inner) {
    const auto [left, right] =
        std::mismatch(directory.begin(), directory.end(), inner.begin(), inner.end());
    return left == directory.end();
  };
  const fs::path home = value_of(variables, "HOME");
  if (holds(settings.mirrors) || (!home.empty() && holds(home.lexically_normal()))) {
    return fault("the checkout directory " + directory.string() +
                 " holds the home directory or the git mirrors, which a checkout would remove;"
                 " set BUILDKITE_BUILD_CHECKOUT_PATH to a directory of its own");
  }
  return success();
}

fs::path without_trailing_slash(const fs::path& path) {
  const fs::path normal = path.lexically_normal();
  return normal.has_filename() || normal == normal.root_path() ? normal : normal.parent_path();
}

Result<void> read_directories(const Variables& variables, Settings& settings) {
  fs::path directory = value_of(variables, "BUILDKITE_BUILD_CHECKOUT_PATH");
  if (directory.empty()) {
    OSTLER_TRY(directory, default_directory(variables));
  }
  fs::path mirrors = value_of(variables, "BUILDKITE_GIT_MIRRORS_PATH");
  if (mirrors.empty()) {
    const fs::path build = value_of(variables, "BUILDKITE_BUILD_PATH");
    mirrors =
        (build.empty() ? without_trailing_slash(directory).parent_path() : build) / ".git-mirrors";
  }
  settings.directory = without_trailing_slash(fs::absolute(directory));
  settings.mirrors = without_trailing_slash(fs::absolute(mirrors));
  return refuse_dangerous(settings.directory, settings, variables);
}

Result<void> check_ssh_address(const std::string& repository) {
  OSTLER_TRY(git::parse_ssh_address(repository));
  return success();
}

Result<void> read_repository(const Variables& variables, Settings& settings) {
  settings.repository = value_of(variables, "BUILDKITE_REPO");
  if (settings.repository.empty()) {
    return fault("BUILDKITE_REPO is empty; set the pipeline's repository");
  }
  if (environment::reaches_github_by_token(variables) &&
      settings.repository.starts_with(environment::kGithubOverSsh)) {
    settings.repository.replace(0, environment::kGithubOverSsh.size(),
                                environment::kGithubOverHttps);
  }
  const std::string shown = git::without_credentials(settings.repository);
  switch (git::remote_kind(settings.repository)) {
    case git::RemoteKind::Local:
    case git::RemoteKind::Http: return success();
    case git::RemoteKind::Ssh: return check_ssh_address(settings.repository);
    case git::RemoteKind::Other: break;
  }
  return fault("repository " + shown +
               ": use a path, file://, http://, https://, ssh:// or host:path");
}

Result<void> read_revision(const Variables& variables, Settings& settings) {
  settings.commit = value_of(variables, "BUILDKITE_COMMIT");
  if (settings.commit.empty()) settings.commit = "HEAD";
  settings.branch = value_of(variables, "BUILDKITE_BRANCH");
  settings.tag = value_of(variables, "BUILDKITE_TAG");
  if (!is_valid_revision(settings.commit)) {
    return fault("BUILDKITE_COMMIT: \"" + settings.commit + "\" is not a valid git ref format");
  }
  OSTLER_TRY(settings.refspecs,
             environment::split_shell_words(value_of(variables, "BUILDKITE_REFSPEC")));
  OSTLER_TRY(const bool merge,
             read_flag(variables, "BUILDKITE_PULL_REQUEST_USING_MERGE_REFSPEC", false));
  const std::string& number = value_of(variables, "BUILDKITE_PULL_REQUEST");
  const std::string& provider = value_of(variables, "BUILDKITE_PIPELINE_PROVIDER");
  if (!number.empty() && number != "false" && provider.find("github") != std::string::npos) {
    settings.pull_request = PullRequest{number, merge};
  }
  return success();
}

Result<void> read_verification(const Variables& variables, Settings& settings) {
  const std::string& mode = value_of(variables, "BUILDKITE_GIT_COMMIT_VERIFICATION");
  if (!mode.empty() && mode != "strict" && mode != "off") {
    return fault("BUILDKITE_GIT_COMMIT_VERIFICATION is \"" + mode + "\"; set it to strict or off");
  }
  settings.verify_commit = mode != "off";
  return success();
}

Result<void> read_limits(const Variables& variables, Settings& settings) {
  OSTLER_TRY(const int attempts, read_number(variables, "BUILDKITE_CHECKOUT_ATTEMPTS", 6));
  settings.attempts = attempts > 0 ? attempts : 6;
  OSTLER_TRY(const int limit, read_number(variables, "BUILDKITE_GIT_CHECKOUT_TIMEOUT", 0));
  settings.attempt_timeout = std::chrono::seconds(std::max(limit, 0));
  OSTLER_TRY(const int wait, read_number(variables, "BUILDKITE_GIT_MIRRORS_LOCK_TIMEOUT", 300));
  settings.lock_timeout = std::chrono::seconds(std::max(wait, 0));
  return success();
}

Result<void> read_flags(const Variables& variables, Settings& settings) {
  OSTLER_TRY(settings.clean_checkout, read_flag(variables, "BUILDKITE_CLEAN_CHECKOUT", false));
  OSTLER_TRY(settings.submodules, read_flag(variables, "BUILDKITE_GIT_SUBMODULES", true));
  OSTLER_TRY(const bool keep, read_flag(variables, "BUILDKITE_GIT_MIRRORS_SKIP_UPDATE", false));
  settings.update_mirror = !keep;
  settings.job = value_of(variables, "BUILDKITE_JOB_ID");
  settings.pipeline = as_file_name(value_of(variables, "BUILDKITE_PIPELINE_SLUG"));
  settings.ssh_key = Secret(value_of(variables, "BUILDKITE_GIT_SSH_KEY"));
  settings.commit_resolved = value_of(variables, "BUILDKITE_COMMIT_RESOLVED") == "true";
  OSTLER_TRY(const bool lfs, read_flag(variables, "BUILDKITE_GIT_LFS_ENABLED", false));
  if (lfs) {
    return fault(
        "BUILDKITE_GIT_LFS_ENABLED: large file storage is not supported yet; unset it to"
        " check out the pointer files");
  }
  return success();
}

// The letters of -ffxdq; none when there is anything else.
std::optional<git::CleanOptions> clean_options(const std::vector<std::string>& flags) {
  git::CleanOptions options{false, false, false};
  int force = 0;
  for (const std::string& flag : flags) {
    if (flag.size() < 2 || flag[0] != '-') return std::nullopt;
    for (const char letter : flag.substr(1)) {
      if (letter != 'f' && letter != 'x' && letter != 'd' && letter != 'q') return std::nullopt;
      force += letter == 'f' ? 1 : 0;
      options.ignored |= letter == 'x';
      options.directories |= letter == 'd';
    }
  }
  options.nested_repositories = force > 1;
  return force > 0 ? std::optional(options) : std::nullopt;
}

std::string no_effect(std::string_view name, const std::string& value) {
  return std::string(name) + "=\"" + value + "\" is not supported yet and has no effect";
}

Result<void> read_clean_flags(const Variables& variables, Settings& settings) {
  const auto found = variables.find("BUILDKITE_GIT_CLEAN_FLAGS");
  if (found == variables.end()) return success();
  OSTLER_TRY(const auto flags, environment::split_shell_words(found->second));
  if (const auto options = clean_options(flags)) {
    settings.clean = *options;
  } else {
    settings.warnings.push_back(no_effect("BUILDKITE_GIT_CLEAN_FLAGS", found->second) +
                                "; cleaning as -ffxdq does");
  }
  return success();
}

// Settings whose only supported values are those that change nothing.
constexpr std::string_view kWithoutEffect[][3] = {
    {"BUILDKITE_GIT_CLONE_FLAGS", "-v", ""},
    {"BUILDKITE_GIT_CLONE_MIRROR_FLAGS", "-v", ""},
    {"BUILDKITE_GIT_FETCH_FLAGS", "-v --prune", "-v"},
    {"BUILDKITE_GIT_CHECKOUT_FLAGS", "-f", ""},
    {"BUILDKITE_GIT_MIRROR_CHECKOUT_MODE", "reference", ""},
    {"BUILDKITE_GIT_SPARSE_CHECKOUT_PATHS", "", ""},
    {"BUILDKITE_GIT_REMOTE_MIRROR_URL", "", ""},
};

void warn_of_settings_without_effect(const Variables& variables, Settings& settings) {
  for (const auto& [name, usual, harmless] : kWithoutEffect) {
    const std::string& value = value_of(variables, name);
    if (value.empty() || value == usual || value == harmless) continue;
    settings.warnings.push_back(no_effect(name, git::without_credentials(value)));
  }
}

}  // namespace

Result<Settings> read_settings(const Variables& variables) {
  Settings settings;
  OSTLER_TRY(read_repository(variables, settings));
  OSTLER_TRY(read_revision(variables, settings));
  OSTLER_TRY(read_directories(variables, settings));
  OSTLER_TRY(read_verification(variables, settings));
  OSTLER_TRY(read_limits(variables, settings));
  OSTLER_TRY(read_flags(variables, settings));
  OSTLER_TRY(read_clean_flags(variables, settings));
  warn_of_settings_without_effect(variables, settings);
  return settings;
}

bool is_valid_revision(std::string_view revision) {
  const auto is_bad = [](unsigned char c) {
    return c <= ' ' || c == 0x7f ||
           std::string_view("~^:\\").find(static_cast<char>(c)) != std::string_view::npos;
  };
  return !revision.empty() && revision != "@" && revision.front() != '-' &&
         revision.back() != '.' && revision.find("..") == std::string_view::npos &&
         std::none_of(revision.begin(), revision.end(), is_bad);
}

}  // namespace ostler::checkout
