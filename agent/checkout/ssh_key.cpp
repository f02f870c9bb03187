// SPDX-License-Identifier: Apache-2.0
#include "checkout/ssh_key.hpp"

#include <cerrno>
#include <cstdlib>
#include <vector>

#include "files/file.hpp"
#include "files/remove_tree.hpp"
#include "log/lines.hpp"

namespace ostler::checkout {
namespace {

namespace fs = std::filesystem;

constexpr const char* kCommand = "GIT_SSH_COMMAND";
constexpr std::string_view kPrefix = ".buildkite-ssh-key-";
// A directory without a lock may be one that is just being made.
constexpr std::chrono::minutes kSurelyLeft{1};

std::optional<std::string> variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

bool is_left(const fs::directory_entry& entry) {
  std::error_code ec;
  if (!entry.path().filename().string().starts_with(kPrefix)) return false;
  const auto changed = entry.last_write_time(ec);
  if (ec || fs::file_time_type::clock::now() - changed < kSurelyLeft) return false;
  const auto held = files::FileLock::is_held(entry.path() / "lock");
  return held && !held.value();
}

// Of other users, or on a disk that refuses: theirs to remove.
void remove_left_keys(const fs::path& parent) {
  std::error_code ec;
  for (const auto& entry : fs::directory_iterator(parent, ec)) {
    if (is_left(entry)) static_cast<void>(files::remove_tree(entry.path()).has_value());
  }
}

std::string with_one_newline(std::string text) {
  text.erase(text.find_last_not_of("\r\n \t") + 1);
  return text + "\n";
}

Result<fs::path> make_directory(const Settings& settings) {
  const fs::path parent = settings.directory.parent_path();
  remove_left_keys(parent);
  std::string path = parent / (std::string(kPrefix) + settings.pipeline + "-XXXXXX");
  if (::mkdtemp(path.data()) == nullptr) {
    return Error::from_errno(errno, "make a directory for the job's ssh key " + path);
  }
  return fs::path(path);
}

}  // namespace

SshKey::SshKey(fs::path directory, files::FileLock lock)
    : directory_(std::move(directory)),
      lock_(std::move(lock)),
      command_before_(variable(kCommand)) {
  const std::vector<std::string> key{(directory_ / "id").string()};
  const bool named = command_before_ && !command_before_->empty();
  const std::string command = (named ? *command_before_ : std::string("ssh")) + " -i " +
                              log::quoted(key) +
                              " -o IdentitiesOnly=yes -o ControlMaster=no -o ControlPath=none";
  ::setenv(kCommand, command.c_str(), 1);
}

SshKey::SshKey(SshKey&& other) noexcept
    : directory_(std::exchange(other.directory_, {})),
      lock_(std::move(other.lock_)),
      command_before_(std::move(other.command_before_)) {}

SshKey::~SshKey() {
  if (directory_.empty()) return;
  if (command_before_) {
    ::setenv(kCommand, command_before_->c_str(), 1);
  } else {
    ::unsetenv(kCommand);
  }
  static_cast<void>(files::remove_tree(directory_).has_value());
}

Result<std::optional<SshKey>> SshKey::place(const Settings& settings) {
  if (settings.ssh_key.empty()) return std::optional<SshKey>();
  OSTLER_TRY(auto directory, make_directory(settings));
  OSTLER_TRY(auto lock, files::FileLock::try_acquire(directory / "lock"));
  OSTLER_TRY(
      files::write_file_atomically(directory / "id", with_one_newline(settings.ssh_key.reveal())));
  return std::optional(SshKey(std::move(directory), std::move(lock)));
}

}  // namespace ostler::checkout
