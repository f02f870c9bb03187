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

HubProcess::HubProcess(const std::filesystem::path& directory)
    : RunningHub(directory / "hub"), directory_(directory) {
  start("127.0.0.1:0");
}

void HubProcess::start(const std::string& listen) {
  program_.emplace(
      std::vector<std::string>{ostler_program(), "hub", "--listen", listen, "--data-path", data()},
      directory_);
  const bool listens = wait_until(std::chrono::seconds(20), [&] {
    url_ = listening_url(program_->out());
    return !url_.empty();
  });
  if (!listens) std::fprintf(stderr, "the hub does not listen: %s\n", program_->err().c_str());
  OSTLER_ASSERT(listens);
}

void HubProcess::start_again() { start(url_.substr(std::string_view("http://").size())); }

}  // namespace ostler::support
