// SPDX-License-Identifier: Apache-2.0
#include "cli/plugin_download.hpp"

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <thread>

#include "agent_client/api_request.hpp"
#include "agent_client/http_transport.hpp"
#include "base/size_text.hpp"
#include "cli/arriving_archive.hpp"
#include "cli/run_directory.hpp"
#include "console/plain_text.hpp"
#include "net/http_client.hpp"
#include "wire/agent_api.hpp"

namespace ostler::cli {

namespace fs = std::filesystem;
using plugin_host::LockedPlugin;

namespace {

constexpr std::chrono::minutes kDownloadTime{4};  // for each attempt
constexpr std::chrono::seconds kDownloadIdle{30};
constexpr int kDownloadAttempts = 3;
constexpr std::chrono::seconds kBetweenAttempts{2};

/// `ostler run` has asked the hub of its person before: nobody can publish on the run's own.
Error not_on_hub(const LockedPlugin& plugin) {
  if (std::getenv(kRunDirectoryVariable) == nullptr) {
    return Error(Errc::NotFound,
                 "the hub has no such plugin; `ostler plugin publish` puts it there");
  }
  const std::string name = plugin.id + "#" + plugin.version;
  return Error(Errc::NotFound, name + " is not here as it should be; `ostler plugin install " +
                                   name +
                                   "` has it from the hub that you are logged in to (`ostler login "
                                   "URL`), or from a directory or an archive");
}

Error refusal(const LockedPlugin& plugin, const net::HttpResponse& answer) {
  constexpr int kNotThere = 404;
  constexpr int kTakenOff = 410;
  if (answer.status == kTakenOff) {
    return Error(Errc::NotFound,
                 "it was taken off the hub (`ostler plugin unpublish`); lock another version, or "
                 "publish it again");
  }
  if (answer.status == kNotThere) return not_on_hub(plugin);
  const bool may_heal = answer.status >= 500 || answer.status == 429;
  return Error(Errc::Unavailable, "the hub answered " + std::to_string(answer.status))
      .with_retryable(may_heal);
}

Result<std::uint64_t> download_once(const LockedPlugin& plugin, const agent_client::Peer& peer,
                                    const fs::path& to) {
  OSTLER_TRY(auto arriving, ArrivingArchive::at(to));
  net::HttpRequest request = agent_client::api_request(
      peer, "GET", "plugins/" + plugin.sha256 + "?platform=" + plugin.platform);
  request.body_sink = [&](const net::HttpResponse& head, std::string_view piece) {
    return arriving.add(head, piece);
  };
  request.total_timeout = kDownloadTime;
  request.idle_timeout = kDownloadIdle;
  OSTLER_TRY(const auto answer, net::BlockingHttpClient().send(request));
  if (!answer.ok()) return refusal(plugin, answer);
  if (arriving.finish_hex() == answer.header(wire::kPluginDigestHeader)) return arriving.size();
  return Error(Errc::Protocol, "what came is not the archive that the hub announced")
      .with_retryable(true);
}

Error not_downloaded(const LockedPlugin& plugin, Error error) {
  const bool is_of_run = std::getenv(kRunDirectoryVariable) != nullptr;
  if (is_of_run && error.code() == Errc::NotFound) return error;  // nobody asked a hub of theirs
  return std::move(error).with_context("fetch " + plugin.id + "#" + plugin.version +
                                       " sha256:" + plugin.sha256);
}

}  // namespace

Result<void> download_plugin(const LockedPlugin& plugin, const fs::path& to) {
  OSTLER_TRY(const auto peer, agent_client::peer_from_environment());
  for (int attempt = 1;; ++attempt) {
    auto size = download_once(plugin, peer, to);
    if (size) {
      std::cout << console::plain_line("fetched " + plugin.id + "#" + plugin.version +
                                       " from the hub, " + size_text(size.value()) +
                                       ", to be checked")
                << std::endl;
      return success();
    }
    if (attempt == kDownloadAttempts || !size.error().retryable()) {
      return not_downloaded(plugin, std::move(size).error());
    }
    std::this_thread::sleep_for(kBetweenAttempts);
  }
}

}  // namespace ostler::cli
