// SPDX-License-Identifier: Apache-2.0
#include "support/hub_process.hpp"

#include "base/assert.hpp"
#include "support/wait_until.hpp"

namespace ostler::support {
namespace {

constexpr std::string_view kListening = "listening on ";

std::string listening_url(const std::string& out) {
  const auto at = out.find(kListening);
  if (at == std::string::npos) return "";
  const auto start = at + kListening.size();
  const auto end = out.find('\n', start);
  return end == std::string::npos ? "" : out.substr(start, end - start);
}

}  // namespace

HubProcess::HubProcess(const std::filesystem::path& directory, std::vector<std::string> more_flags)
    : RunningHub(directory / "hub"), directory_(directory), more_flags_(std::move(more_flags)) {
  start("127.0.0.1:0");
}

void HubProcess::start(const std::string& listen) {
  std::vector<std::string> words{ostler_program(), "hub",         "--listen",
                                 listen,           "--data-path", data().string()};
  words.insert(words.end(), more_flags_.begin(), more_flags_.end());
  program_.emplace(words, directory_);
  const bool listens = wait_until(std::chrono::seconds(20), [&] {
    url_ = listening_url(program_->out());
    return !url_.empty();
  });
  if (!listens) std::fprintf(stderr, "the hub does not listen: %s\n", program_->err().c_str());
  OSTLER_ASSERT(listens);
}

void HubProcess::start_again(const std::vector<std::string>& more_flags) {
  more_flags_.insert(more_flags_.end(), more_flags.begin(), more_flags.end());
  const std::string url = url_;  // where it listens, whatever it says is its public address
  start(url.substr(url.find("://") + 3));
  url_ = url;
}

}  // namespace ostler::support
