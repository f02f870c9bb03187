// SPDX-License-Identifier: Apache-2.0
#include "keeper/service_log.hpp"

#include <fcntl.h>

#include <cerrno>
#include <cstdio>

#include "files/file.hpp"

namespace ostler::keeper {

Result<ServiceLog> ServiceLog::open(const std::filesystem::path& directory) {
  ServiceLog log(directory / "log");
  OSTLER_TRY(log.begin_file());
  return log;
}

Result<void> ServiceLog::begin_file() {
  file_.reset(::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  size_ = 0;
  if (!file_) return Error::from_errno(errno, "open " + path_.string());
  return success();
}

void ServiceLog::add(std::string_view bytes) {
  if (bytes.empty()) return;
  if (size_ + bytes.size() > kLongestFile) {
    ::rename(path_.c_str(), (path_.string() + ".1").c_str());
    file_.reset();
  }
  if (!file_ && !begin_file()) return;
  if (!files::write_all(file_.get(), bytes)) return;
  size_ += bytes.size();
  ends_line_ = bytes.back() == '\n';
}

void ServiceLog::say(Timestamp now, std::string_view line) {
  std::string text = ends_line_ ? "" : "\n";
  text.append(format_rfc3339(now)).append(" ostler: ").append(line).append("\n");
  add(text);
}

}  // namespace ostler::keeper
