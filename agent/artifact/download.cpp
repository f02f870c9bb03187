// SPDX-License-Identifier: Apache-2.0
#include "artifact/download.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "artifact/describe.hpp"
#include "artifact/target_path.hpp"
#include "files/new_file_beneath.hpp"
#include "net/http_client.hpp"
#include "wire/agent_api_artifacts.hpp"

namespace ostler::artifact {
namespace {

namespace fs = std::filesystem;

using object_store::ObjectStore;

struct Item {
  wire::Artifact artifact;
  fs::path target;
  const ObjectStore* store = nullptr;  ///< none: its URL says all
};

/// The stores of one's own that artifacts are in, each opened once.
class OpenStores {
 public:
  explicit OpenStores(const DownloadOptions& options)
      : options_(options), client_({.user_agent = options.user_agent}) {}

  Result<const ObjectStore*> of(const wire::Artifact& artifact) {
    const std::string& destination = artifact.upload_destination;
    if (destination.empty()) return nullptr;
    if (const auto known = stores_.find(destination); known != stores_.end()) {
      return known->second.get();
    }
    auto opened = open(destination);
    if (!opened) return std::move(opened).error().with_context("artifact " + artifact.path);
    return (stores_[destination] = std::move(opened).value()).get();
  }

 private:
  Result<std::unique_ptr<ObjectStore>> open(const std::string& destination) {
    OSTLER_TRY(auto store, object_store::open_store(destination, options_.store));
    OSTLER_TRY(store->prepare(client_));
    return store;
  }

  const DownloadOptions& options_;
  net::BlockingHttpClient client_;
  std::map<std::string, std::unique_ptr<ObjectStore>> stores_;
};

Result<std::vector<Item>> plan(std::vector<wire::Artifact> artifacts,
                               const std::string& destination, OpenStores& stores) {
  std::vector<Item> items;
  for (wire::Artifact& artifact : artifacts) {
    OSTLER_TRY(auto target, target_path(destination, artifact.path));
    OSTLER_TRY(const ObjectStore* store, stores.of(artifact));
    items.push_back({std::move(artifact), std::move(target), store});
  }
  return items;
}

Result<void> compare(std::string_view what, const std::string& found, const std::string& told) {
  if (found == told) return success();
  return Error(Errc::Corrupt, "its " + std::string(what) + " is " + found + ", not " + told +
                                  " as the server says; not keeping it");
}

/// By the best that the server tells: agents of old send no SHA-256.
Result<void> check_content(const wire::Artifact& artifact, const fs::path& file) {
  OSTLER_TRY(const auto digest, digest_file(file));
  if (!artifact.sha256sum.empty()) return compare("SHA-256", digest.sha256, artifact.sha256sum);
  if (!artifact.sha1sum.empty()) return compare("SHA-1", digest.sha1, artifact.sha1sum);
  if (artifact.file_size <= 0) return success();  // the server may not have told it
  return compare("size", std::to_string(digest.size), std::to_string(artifact.file_size));
}

mode_t mode_of_new_files() {
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return 0666 & ~mask;
}

/// Downloads items over several connections at once.
class Downloader {
 public:
  Downloader(std::vector<Item> items, const DownloadOptions& options, const Tell& tell)
      : items_(std::move(items)), options_(options), tell_(tell), mode_(mode_of_new_files()) {}

  std::vector<std::string> run() {
    {
      std::vector<std::jthread> threads;
      for (std::size_t i = 0; i < std::min(options_.threads, items_.size()); ++i) {
        threads.emplace_back([this] { work(); });
      }
    }
    return std::move(failures_);
  }

 private:
  void work() {
    net::BlockingHttpClient client({.user_agent = options_.user_agent});
    for (std::size_t i = next_++; i < items_.size(); i = next_++) {
      const auto done = fetch(client, items_[i]);
      const std::lock_guard lock(mutex_);
      if (done) {
        tell_("Successfully downloaded \"" + items_[i].artifact.path + "\" to " +
              items_[i].target.string());
      } else {
        failures_.push_back(items_[i].artifact.path + ": " + done.error().message());
      }
    }
  }

  Result<void> fetch(net::BlockingHttpClient& client, const Item& item) {
    if (options_.beneath >= 0) return fetch_beneath(client, item);
    std::error_code ec;
    fs::create_directories(item.target.parent_path(), ec);
    if (ec) {
      return Error::from_errno(ec.value(), "make directory " + item.target.parent_path().string());
    }
    const fs::path partial =
        item.target.parent_path() / (".ostler-download-" + std::to_string(::getpid()) + "-" +
                                     std::to_string(&item - items_.data()));
    auto done = fetch_to(client, item, partial);
    if (!done) fs::remove(partial, ec);
    return done;
  }

  Result<void> fetch_beneath(net::BlockingHttpClient& client, const Item& item) {
    OSTLER_TRY(auto file, files::NewFileBeneath::make(options_.beneath, item.target.string()));
    OSTLER_TRY(fetch_content(client, item, file.path()));
    return file.keep(mode_);
  }

  Result<void> fetch_to(net::BlockingHttpClient& client, const Item& item,
                        const fs::path& partial) {
    OSTLER_TRY(fetch_content(client, item, partial));
    ::chmod(partial.c_str(), mode_);
    if (::rename(partial.c_str(), item.target.c_str()) != 0) {
      return Error::from_errno(errno, "rename to " + item.target.string());
    }
    return success();
  }

  Result<void> fetch_content(net::BlockingHttpClient& client, const Item& item,
                             const fs::path& partial) const {
    if (item.store != nullptr) {
      OSTLER_TRY(item.store->get(client, item.artifact.path, partial));
    } else {
      OSTLER_TRY(get(client, item.artifact.url, partial));
    }
    return check_content(item.artifact, partial);
  }

  Result<void> get(net::BlockingHttpClient& client, const std::string& url,
                   const fs::path& partial) const {
    net::HttpRequest request;
    request.url = url;
    request.download_to = partial;
    request.total_timeout = {};  // as long as bytes flow
    agent_client::Attempts attempts(options_.retry, agent_client::jitter);
    for (;;) {
      const auto answer = client.send(request);
      if (answer && answer.value().ok()) return success();
      const auto wait =
          attempts.next(answer ? agent_client::failure_of_status(answer.value().status)
                               : agent_client::failure_of(answer.error()),
                        {});
      if (!wait && !answer) return answer.error();
      if (!wait) {
        return Error(Errc::Unavailable,
                     "the server answered " + std::to_string(answer.value().status));
      }
      std::this_thread::sleep_for(*wait);
    }
  }

  const std::vector<Item> items_;
  const DownloadOptions& options_;
  const Tell& tell_;
  const mode_t mode_;
  std::atomic<std::size_t> next_ = 0;
  std::mutex mutex_;
  std::vector<std::string> failures_;  // guarded by mutex_
};

}  // namespace

Result<std::size_t> download(const std::string& query, const std::string& destination,
                             const DownloadOptions& options, agent_client::Transport& transport,
                             const Tell& tell) {
  const bool is_given_open = options.beneath >= 0;
  if (!is_given_open && !fs::is_directory(destination)) {
    return Error(Errc::UserFault,
                 "destination " + destination + " is not a directory; make it first");
  }
  tell("Searching for artifacts: \"" + query + "\"");
  OSTLER_TRY(auto artifacts, search(query, options.search, transport, tell));
  if (artifacts.empty()) {
    return Error(Errc::NotFound, "no artifacts found for downloading: \"" + query +
                                     "\" matches none of build " + options.search.build);
  }
  tell("Found " + std::to_string(artifacts.size()) +
       " artifacts. Starting to download to: " + destination);
  OpenStores stores(options);
  OSTLER_TRY(auto items, plan(std::move(artifacts), is_given_open ? "" : destination, stores));
  const std::size_t count = items.size();
  const std::vector<std::string> failures = Downloader(std::move(items), options, tell).run();
  if (failures.empty()) return count;
  std::string text = std::to_string(failures.size()) + " artifacts were not downloaded";
  for (const std::string& failure : failures) text += "; " + failure;
  return Error(Errc::Unavailable, text);
}

}  // namespace ostler::artifact
