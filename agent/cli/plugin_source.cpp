// SPDX-License-Identifier: Apache-2.0
#include "cli/plugin_source.hpp"

#include "cli/arriving_archive.hpp"
#include "net/http_client.hpp"
#include "plugin_host/plugin_install.hpp"

namespace ostler::cli {

namespace fs = std::filesystem;

namespace {

bool is_url(const std::string& source) {
  return source.starts_with("https://") || source.starts_with("http://");
}

/// Writes what is at `url` into a file while it comes. Returns its SHA-256.
Result<std::string> write_and_digest(const std::string& url, const fs::path& path) {
  OSTLER_TRY(auto arriving, ArrivingArchive::at(path));
  const auto take = [&](const net::HttpResponse& head, std::string_view piece) {
    return arriving.add(head, piece);
  };
  OSTLER_TRY(const auto answer,
             net::BlockingHttpClient().send(
                 {.url = url, .body_sink = take, .total_timeout = std::chrono::milliseconds(0)}));
  if (answer.ok()) return arriving.finish_hex();
  return Error(Errc::Unavailable, url + " was answered " + std::to_string(answer.status));
}

/// Whoever sends it: the bytes are those of the digest that the person has from elsewhere.
Result<fs::path> download_archive(const std::string& source, const fs::path& into) {
  const std::size_t mark = source.find('#');
  std::string digest = mark == source.npos ? "" : source.substr(mark + 1);
  if (digest.starts_with("sha256:")) digest.erase(0, 7);
  if (digest.size() != 64) {
    return Error(Errc::UserFault, "write URL#SHA256, with the digest of the archive in hex");
  }
  const fs::path path = into / "archive";
  const std::string url = source.substr(0, mark);
  OSTLER_TRY(const std::string sha256, write_and_digest(url, path));
  if (sha256 == digest) return path;
  return Error(Errc::Denied,
               url + " has the SHA-256 " + sha256 + ", not " + digest + "; it was not installed");
}

}  // namespace

Result<plugin_host::Bundle> open_plugin_source(const std::string& source, const fs::path& scratch) {
  std::error_code error;
  if (!is_url(source) && (fs::is_directory(source, error) || source.ends_with(".json"))) {
    return plugin_host::open_bundle(source);
  }
  fs::path archive = source;
  if (is_url(source)) {
    OSTLER_TRY(archive, download_archive(source, scratch));
  }
  fs::create_directory(scratch / "bundle", error);
  OSTLER_TRY(const fs::path directory, plugin_host::unpack_bundle(archive, scratch / "bundle"));
  return plugin_host::open_bundle(directory);
}

}  // namespace ostler::cli
